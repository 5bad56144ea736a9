/**
 * Requests a second for a file of 1 KiB, with kept connections and without: `serve http` under every model
 * beside nginx with one worker, `Deno.serve`, Node and Perl's `Net::Server::PreFork`. The load is wrk's.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { MODEL_CHOICES } from "../support/model_conversations.ts";
import { compare, type Contender } from "./_measure.ts";
import { HERE, node, ours, start, type Started, startNginx } from "./http/_servers.ts";

const SECONDS = "2s";
const CONNECTIONS = "50";

async function load(port: string, close: boolean): Promise<number> {
  const { success, stdout, stderr } = await new Deno.Command("wrk", {
    args: [
      "-t1",
      `-c${CONNECTIONS}`,
      `-d${SECONDS}`,
      ...(close ? ["-H", "Connection: close"] : []),
      `http://127.0.0.1:${port}/1k`,
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  const perSecond = /^Requests\/sec:\s+([\d.]+)/m.exec(text)?.[1];
  if (!success || perSecond === undefined) throw new Error(new TextDecoder().decode(stderr));
  if (text.includes("Non-2xx")) throw new Error(text);
  return Number(perSecond);
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const folder = await Deno.makeTempDir();
  const temp = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  await Deno.writeFile(`${folder}/1k`, new Uint8Array(1024).fill(120));
  const perl = String(getAvailablePort());
  const servers: [name: string, start: () => Promise<Started>][] = [
    ...MODEL_CHOICES.map((model): [string, () => Promise<Started>] => [
      `--model ${model}`,
      () => start(ours(folder, "--model", ...model.split(" "))),
    ]),
    ["nginx, one worker", () => startNginx(folder, temp)],
    ["Deno.serve", () => start([Deno.execPath(), "run", "-A", `${HERE}/deno.ts`, folder])],
    ["Node http", () => start(node(folder))],
    ["Perl Net::Server::PreFork", () => start(["perl", `${HERE}/prefork.pl`, folder, perl], perl)],
  ];
  try {
    for (const close of [false, true]) {
      // A server that is not measured takes no time, but all would take memory.
      const contenders = servers.map(([name, start]): Contender => ({
        name,
        async run() {
          await using server = await start();
          return await load(server.port, close);
        },
      }));
      const how = close ? "a connection each" : "kept connections";
      await compare(`Requests a second, 1 KiB, ${CONNECTIONS} clients, ${how}`, contenders);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(temp, { recursive: true });
  }
}

if (import.meta.main) await bench();
