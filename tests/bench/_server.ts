/**
 * Servers that are measured.
 *
 * @module
 */

import { ROOT } from "../support/netwright.ts";

/** A server that listens. */
export interface Started {
  readonly child: Deno.ChildProcess;
  /** Its port on loopback, or the path of its socket. */
  readonly at: string;
}

/** Starts a server that has the first core, and waits until it says where it listens. */
export async function startServer(argv: readonly string[]): Promise<Started> {
  const child = new Deno.Command("taskset", {
    args: ["-c", "0", ...argv],
    cwd: ROOT,
    stdout: "piped",
  }).spawn();
  const { value } = await child.stdout.getReader().read();
  const text = new TextDecoder().decode(value);
  const at = /^listening on (?:127\.0\.0\.1:|unix:)(\S+)/.exec(text)?.[1];
  if (at === undefined) throw new Error(`${argv.join(" ")} does not listen`);
  return { child, at };
}

/** Runs a load that has the second core; it prints a number. */
export async function runLoad(argv: readonly string[]): Promise<number> {
  const { success, stdout, stderr } = await new Deno.Command("taskset", {
    args: ["-c", "1", ...argv],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}
