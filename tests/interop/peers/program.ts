/**
 * Programs of Debian: run to their end, or waited for.
 *
 * @module
 */

import { PATH } from "./needs.ts";

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** No peer here takes longer, in milliseconds. */
const LONGEST_MS = 120_000;

/** Runs a program to its end, which must be good; gives its output. */
export async function run(program: string, args: readonly string[], input = ""): Promise<string> {
  const child = new Deno.Command(program, {
    args: [...args],
    env: { PATH },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // A peer that waits for ever is a failure.
    signal: AbortSignal.timeout(LONGEST_MS),
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(`${program}: ${decode(stderr)}${decode(stdout)}`);
  return decode(stdout);
}

/** Waits until someone greets there. */
export async function greeted(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port });
      if (await connection.read(new Uint8Array(3)) !== null) return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
    }
    // It says nothing when it is ready.
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("the server does not start");
}

/** Starts a server in the background and waits until it greets; `onStart` has the process even if it never does. */
export async function startGreeting(
  command: readonly string[],
  port: number,
  onStart: (child: Deno.ChildProcess) => void,
): Promise<void> {
  const [program, ...args] = command;
  onStart(
    new Deno.Command(program!, {
      args,
      env: { PATH },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn(),
  );
  await greeted(port);
}
