/**
 * Echo round trips a second on loopback: `serve echo` beside the plainest servers of Deno, Node and Perl.
 * The server has one core, the load another.
 *
 * @module
 */

import { ROOT } from "../support/netwright.ts";
import { compare, type Contender } from "./_measure.ts";
import { runLoad, type Started, startServer } from "./_server.ts";

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

/** Measures and prints. */
export async function bench(): Promise<void> {
  const started: Started[] = [];
  try {
    for (const [, argv] of SERVERS) started.push(await startServer(argv));
    for (const connections of [50, 1000]) {
      for (const bytes of [64, 16_384]) {
        const contenders = SERVERS.map(([name], index): Contender => ({
          name,
          run: () =>
            runLoad([
              ...["perl", `${HERE}/load.pl`, started[index]!.at, `${connections}`, `${bytes}`],
              SECONDS,
            ]),
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
