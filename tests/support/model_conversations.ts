/**
 * One conversation with each service, to be held under every server model.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { SERVER_MODELS } from "../../src/cli/serving/server_models.ts";
import { toBytes } from "../../src/net/internal.ts";
import { ByteReader, dial, parseEndpoint, systemNetwork } from "../../src/net/mod.ts";
import { FtpClient } from "../../src/protocols/ftp/mod.ts";
import { flagsOf, type RunOptions, serve } from "./netwright.ts";
import { TestFolder } from "./trees.ts";

const network = systemNetwork();

/** Each model, the default one also with the system's own sockets, and pools with the way of accepting that is not theirs. */
export const MODEL_CHOICES: readonly string[] = [
  "multiplex --fast",
  ...Object.keys(SERVER_MODELS),
  "prefork --accept own",
  "prethread --accept shared",
];

/** A client's input to a service, and the expected output. */
export const CONVERSATIONS: Readonly<Record<string, readonly [says: string, receives: RegExp]>> = {
  echo: ["one\ntwo\n", /^one\r\ntwo\r\n$/],
  daytime: ["", /^\w+, \w+ \d+, \d{4} \d\d:\d\d:\d\d-UTC\r\n$/],
  http: ["GET /README.md HTTP/1.0\n\n", /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n# Netwright\n/],
  eliza: ["Men are all alike.\nbye\n", /^How do you do.*\r\nIn what way\?\r\nGoodbye.*\r\n$/],
  // Negotiations come first; a client that takes no part in them edits its lines itself.
  "eliza --telnet": [
    "Men are all alike.\nbye\n",
    /^\ufffd[^\n]+How do you do.*\r\nIn what way\?\r\nGoodbye.*\r\n$/,
  ],
};

/** The command line that serves under a model. */
export function serveWords(service: string, model: string, ...more: string[]): string[] {
  const listen = ["--listen", "127.0.0.1:0"];
  return ["serve", ...service.split(" "), ...listen, "--model", ...model.split(" "), ...more];
}

/**
 * Two clients at once talk to a server, which is then stopped.
 *
 * @param service Which.
 * @param words Its command line.
 * @param options How it runs.
 */
export async function converse(
  service: string,
  words: readonly string[],
  options: RunOptions,
): Promise<void> {
  await using server = await serve(words.slice(1), options);
  const [says, receives] = CONVERSATIONS[service]!;
  const received = await Promise.all([1, 2].map(() => talk(server.endpoint, says)));
  for (const text of received) assertMatch(text, receives);
  assertEquals((await server.stop("SIGTERM")).code, 0);
}

/** Says all of a text, and no more, and receives all of the answer. */
async function talk(endpoint: string, says: string): Promise<string> {
  using client = await dial(parseEndpoint(endpoint), { network });
  await client.write(new TextEncoder().encode(says.replaceAll("\n", "\r\n")));
  await client.closeWrite();
  const bytes = await toBytes(new ByteReader(client).body());
  return new TextDecoder().decode(bytes);
}

/**
 * Files go to an FTP server and come back, by connections that it waits for and by connections that it makes.
 *
 * @param model Which model.
 * @param options How it runs.
 */
export async function transferFiles(
  model: string,
  options: RunOptions,
): Promise<void> {
  await using folder = await TestFolder.make();
  const root = `${folder.path}/root`;
  await Deno.mkdir(root);
  const log = `${folder.path}/log`;
  const place = ["--root", root, "--anonymous", "write", "--transfer-log", log];
  const words = serveWords("ftp", model, ...place);
  await using server = await serve(words.slice(1), {
    ...options,
    ...(options.flags !== undefined && { flags: await flagsOf(words) }),
  });
  const endpoint = parseEndpoint(server.endpoint);
  if (!("hostname" in endpoint)) throw new TypeError("no address");
  const modes = { a: "passive", b: "active" } as const;
  const there = (["a", "b"] as const).map(async (name) => {
    const bytes = new TextEncoder().encode(name.repeat(100_000));
    await using client = await FtpClient.connect(endpoint, { network, mode: modes[name] });
    await client.store(name, [bytes]);
    assertEquals(await Deno.readTextFile(`${root}/${name}`), name.repeat(100_000));
    const back = await toBytes(client.fetch(name));
    assertEquals(new TextDecoder().decode(back), name.repeat(100_000));
  });
  await Promise.all(there);
  assertEquals((await server.stop("SIGTERM")).code, 0);
  const lines = (await Deno.readTextFile(log)).trimEnd().split("\n");
  const verbs = lines.map((line) => JSON.parse(line).verb).filter((verb) => verb !== "MLSD").sort();
  assertEquals(verbs, ["RETR", "RETR", "STOR", "STOR"]);
}
