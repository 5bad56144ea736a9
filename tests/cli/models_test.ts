/** Each service under each model, as processes: one conversation each, two clients at once. */

import { assertEquals, assertMatch } from "@std/assert";
import { command as serveCommand } from "../../src/cli/commands/serve.ts";
import { flagsOf, netwright, type RunOptions, serve } from "../support/netwright.ts";

const MODELS = serveCommand.options!.model!.choices!;

/** What a client says to a service by `gab --crlf`, and what it hears. */
const CONVERSATIONS: Readonly<Record<string, readonly [says: string, hears: RegExp]>> = {
  echo: ["one\ntwo\n", /^one\r\ntwo\r\n$/],
  daytime: ["", /^\w+, \w+ \d+, \d{4} \d\d:\d\d:\d\d-UTC\r\n$/],
  http: ["GET /README.md HTTP/1.0\n\n", /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n# Netwright\n/],
  eliza: ["Men are all alike.\nbye\n", /^How do you do.*\r\nIn what way\?\r\nGoodbye.*\r\n$/],
};

async function converse(service: string, words: readonly string[], options: RunOptions) {
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

/** Each model, and the pools also with the way of accepting that is not their default. */
const CHOICES = [...MODELS, "prefork --accept own", "prethread --accept shared"];

for (const model of CHOICES) {
  Deno.test(`--model ${model} serves every service, sandboxed and in place`, async (t) => {
    for (const service of Object.keys(CONVERSATIONS)) {
      const words = ["serve", service, "--listen", "127.0.0.1:0", "--model", ...model.split(" ")];
      await t.step(`${service}, sandboxed`, () => converse(service, words, {}));
      await t.step(`${service}, in place`, async () => {
        await converse(service, words, { flags: await flagsOf(words) });
      });
    }
  });
}

Deno.test("--model belongs to connections", async () => {
  const ended = await netwright([
    "serve",
    "echo",
    "--udp",
    "--model",
    "serial",
    "-l",
    "127.0.0.1:0",
  ]);
  assertEquals([ended.code, ended.stdout], [2, ""]);
  assertMatch(ended.stderr, /^netwright: serve: --model is for connections, not for --udp\n$/);
});
