/**
 * Echo round trips a second on loopback: `serve echo` beside the plainest servers of Deno, Node and Perl.
 * The server has one core, the load another.
 *
 * @module
 */

import { ROOT } from "../support/netwright.ts";
import { compare, type Contender } from "./_measure.ts";

const SECONDS = "1";
const HERE = `${ROOT}tests/bench/echo`;

const SERVERS: readonly [name: string, argv: readonly string[]][] = [
  ["serve echo", [
    Deno.execPath(),
    "run",
    "-A",
    "main.ts",
    "serve",
    "echo",
    "--listen",
    "127.0.0.1:0",
    "--quiet",
    "--max-connections",
    "2000",
  ]],
  ["bare Deno loop", [Deno.execPath(), "run", "--allow-net", `${HERE}/bare_deno.ts`]],
  ["Node net", ["node", `${HERE}/node.mjs`]],
  ["Perl IO::Select loop", ["perl", `${HERE}/select.pl`]],
];

interface Started {
  readonly child: Deno.ChildProcess;
  readonly port: string;
}

async function start(argv: readonly string[]): Promise<Started> {
  const child = new Deno.Command("taskset", {
    args: ["-c", "0", ...argv],
    cwd: ROOT,
    stdout: "piped",
  }).spawn();
  const { value } = await child.stdout.getReader().read();
  const port = /^listening on 127\.0\.0\.1:(\d+)/.exec(new TextDecoder().decode(value))?.[1];
  if (port === undefined) throw new Error(`${argv.join(" ")} does not listen`);
  return { child, port };
}

async function load(port: string, connections: number, bytes: number): Promise<number> {
  const { success, stdout, stderr } = await new Deno.Command("taskset", {
    args: ["-c", "1", "perl", `${HERE}/load.pl`, port, `${connections}`, `${bytes}`, SECONDS],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const started: Started[] = [];
  try {
    for (const [, argv] of SERVERS) started.push(await start(argv));
    for (const connections of [50, 1000]) {
      for (const bytes of [64, 16_384]) {
        const contenders = SERVERS.map(([name], index): Contender => ({
          name,
          run: () => load(started[index]!.port, connections, bytes),
        }));
        await compare(`Echoes a second, ${connections} connections, ${bytes} bytes`, contenders);
      }
    }
  } finally {
    for (const { child } of started) {
      child.kill("SIGKILL");
      await child.status;
    }
  }
}

if (import.meta.main) await bench();
