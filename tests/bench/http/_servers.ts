/**
 * Servers of one folder, ours and others, for the benchmarks.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { OFFLINE_FLAGS, ROOT } from "../../support/netwright.ts";

/** Where the others' programs are. */
export const HERE = `${ROOT}tests/bench/http`;

/** A server that runs, and how it is ended. */
export interface Started extends AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  readonly port: string;
  /** Its process. */
  readonly pid: number;
}

/** Starts a program that prints where it listens, or listens on the given port. */
export async function start(argv: readonly string[], port?: string): Promise<Started> {
  const [program = "", ...args] = argv;
  const child = new Deno.Command(program, { args, cwd: ROOT, stdout: "piped", stderr: "null" })
    .spawn();
  if (port === undefined) {
    const { value } = await child.stdout.getReader().read();
    port = /^listening on 127\.0\.0\.1:(\d+)/.exec(new TextDecoder().decode(value))?.[1];
    if (port === undefined) throw new Error(`${argv.join(" ")} does not listen`);
  } else await answers(port);
  return {
    port,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

/** Waits for a server that says nothing. */
async function answers(port: string): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port: Number(port) })).close();
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Starts nginx with one worker, its files in a temporary folder. */
export async function startNginx(folder: string, temp: string): Promise<Started> {
  const port = String(getAvailablePort());
  const conf = (await Deno.readTextFile(`${HERE}/nginx.conf`))
    .replaceAll("PORT", port).replaceAll("FOLDER", folder).replaceAll("TEMP", temp);
  await Deno.writeTextFile(`${temp}/nginx.conf`, conf);
  return await start(["nginx", "-p", temp, "-c", `${temp}/nginx.conf`], port);
}

/** Our command line, from source. */
export function ours(folder: string, ...more: string[]): string[] {
  return [Deno.execPath(), "run", "-A", ...OFFLINE_FLAGS, "main.ts", ...serving(folder, more)];
}

/** Our command line, compiled. */
export function compiled(folder: string, ...more: string[]): string[] {
  return [`${ROOT}dist/netwright`, ...serving(folder, more)];
}

function serving(folder: string, more: readonly string[]): string[] {
  return ["serve", "http", "--root", folder, "--listen", "127.0.0.1:0", "--quiet", ...more];
}

/** The command line of Node's. */
export function node(folder: string): string[] {
  return ["node", `${HERE}/node.mjs`, folder];
}
