/**
 * Datagrams a second on loopback: echoes, and the relay of a chat to 50 members; and texts filled over UNIX sockets. Ours
 * beside the plainest servers of Deno, Node and Perl. The server has one core, the load another.
 *
 * @module
 */

import { OFFLINE_FLAGS, ROOT } from "../support/netwright.ts";
import { compare, type Contender } from "./_measure.ts";
import { runLoad, type Started, startServer } from "./_server.ts";

const SECONDS = "1";
const HERE = `${ROOT}tests/bench/datagrams`;
const FAST = ["--fast"];

type Argv = readonly string[];

const ours = (service: string, ...more: Argv): Argv => [
  ...[Deno.execPath(), "run", "-A", ...OFFLINE_FLAGS, "main.ts", "serve", service, "--quiet"],
  ...more,
];
const UDP = ["--listen", "127.0.0.1:0"];
const CHAT = [...UDP, "--rate", "1000000", "--idle-timeout", "600"];

const ECHO: readonly [string, Argv][] = [
  ["serve echo --udp", ours("echo", "--udp", ...UDP)],
  ["serve echo --udp --fast", ours("echo", "--udp", ...FAST, ...UDP)],
  ["bare Deno loop", [Deno.execPath(), "run", "--unstable-net", "-A", `${HERE}/bare_deno.ts`]],
  ["node:dgram", ["node", `${HERE}/node.mjs`]],
  ["Perl loop", ["perl", `${HERE}/echo.pl`]],
];
const RELAY: readonly [string, Argv][] = [
  ["serve chat", ours("chat", ...CHAT)],
  ["serve chat --fast", ours("chat", ...FAST, ...CHAT)],
  ["node:dgram", ["node", `${HERE}/relay.mjs`]],
  ["Perl loop", ["perl", `${HERE}/relay.pl`]],
];
const wrapping = (folder: string): readonly [string, Argv][] => [
  ["serve wrap", ours("wrap", "--listen", `unix:${folder}/ours`)],
  ["Node net", ["node", `${HERE}/wrap.mjs`, `${folder}/node`]],
  ["Perl, serial", ["perl", `${HERE}/wrap.pl`, `${folder}/perl`]],
];

/** Starts the contenders, and compares what each does under a load. */
async function contest(
  title: string,
  servers: readonly (readonly [string, Argv])[],
  loadOf: (at: string) => Argv,
): Promise<void> {
  const started: Started[] = [];
  try {
    for (const [, argv] of servers) started.push(await startServer(argv));
    const contenders = servers.map(([name], index): Contender => ({
      name,
      run: () => runLoad(loadOf(started[index]!.at)),
    }));
    await compare(title, contenders);
  } finally {
    for (const { child } of started) {
      child.kill("SIGKILL");
      await child.status;
    }
  }
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const deno = [Deno.execPath(), "run", "-A"];
  await contest(
    "UDP echoes a second, 256 of 64 bytes under way",
    ECHO,
    (at) => [...deno, `${HERE}/echo_load.ts`, at, "64", SECONDS],
  );
  await contest(
    "Datagrams a second that a chat relays to 50 members",
    RELAY,
    (at) => [...deno, `${HERE}/relay_load.ts`, at, SECONDS],
  );
  const folder = await Deno.makeTempDir();
  try {
    await contest(
      "Texts of 2 KiB filled a second, over UNIX sockets",
      wrapping(folder),
      (at) => ["perl", `${HERE}/wrap_load.pl`, at, SECONDS],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await bench();
