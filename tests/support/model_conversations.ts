/**
 * One conversation with each service, to be held under every server model.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { SERVER_MODELS } from "../../src/cli/server_models.ts";
import { flagsOf, netwright, type RunOptions, serve } from "./netwright.ts";
import { TestFolder } from "./trees.ts";

/** Each model, and the pools also with the way of accepting that is not their default. */
export const MODEL_CHOICES: readonly string[] = [
  ...Object.keys(SERVER_MODELS),
  "prefork --accept own",
  "prethread --accept shared",
];

/** What a client says to a service by `gab --crlf`, and what it hears. */
export const CONVERSATIONS: Readonly<Record<string, readonly [says: string, hears: RegExp]>> = {
  echo: ["one\ntwo\n", /^one\r\ntwo\r\n$/],
  daytime: ["", /^\w+, \w+ \d+, \d{4} \d\d:\d\d:\d\d-UTC\r\n$/],
  http: ["GET /README.md HTTP/1.0\n\n", /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n# Netwright\n/],
  eliza: ["Men are all alike.\nbye\n", /^How do you do.*\r\nIn what way\?\r\nGoodbye.*\r\n$/],
};

/** The command line that serves under a model. */
export function serveWords(service: string, model: string, ...more: string[]): string[] {
  return ["serve", service, "--listen", "127.0.0.1:0", "--model", ...model.split(" "), ...more];
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
  const [says, hears] = CONVERSATIONS[service]!;
  const clients = [1, 2].map(() =>
    netwright(["gab", "--crlf", server.endpoint], { stdin: says, ...options, flags: ["-A"] })
  );
  for (const { code, stdout, stderr } of await Promise.all(clients)) {
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, hears);
  }
  assertEquals((await server.stop("SIGTERM")).code, 0);
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
  const url = `ftp://${server.endpoint}/`;
  const ftp = (words: readonly string[], stdin = ""): ReturnType<typeof netwright> =>
    netwright(["ftp", ...words], { ...options, flags: ["-A"], stdin });
  const there = ["a", "b"].map(async (name) => {
    const content = name.repeat(100_000);
    const mode = name === "a" ? [] : ["--active"];
    assertEquals((await ftp(["put", ...mode, "-", `${url}${name}`], content)).code, 0);
    assertEquals(await Deno.readTextFile(`${root}/${name}`), content);
    assertEquals((await ftp(["cat", ...mode, `${url}${name}`])).stdout, content);
  });
  await Promise.all(there);
  assertEquals((await ftp(["ls", url])).stdout, "a\nb\n");
  assertEquals((await server.stop("SIGTERM")).code, 0);
  const lines = (await Deno.readTextFile(log)).trimEnd().split("\n");
  const verbs = lines.map((line) => JSON.parse(line).verb).filter((verb) => verb !== "MLSD").sort();
  assertEquals(verbs, ["RETR", "RETR", "STOR", "STOR"]);
}
