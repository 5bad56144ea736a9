/** Each service under each model, as processes: one conversation each, two clients at once. */

import { assertEquals, assertMatch } from "@std/assert";
import { flagsOf, netwright } from "../../support/netwright.ts";
import {
  CONVERSATIONS,
  converse,
  MODEL_CHOICES,
  serveWords,
  transferFiles,
} from "../../support/model_conversations.ts";

for (const model of MODEL_CHOICES) {
  Deno.test(`--model ${model} serves every service, sandboxed and in place`, async (t) => {
    for (const service of Object.keys(CONVERSATIONS)) {
      const words = serveWords(service, model);
      await t.step(`${service}, sandboxed`, () => converse(service, words, {}));
      await t.step(`${service}, in place`, async () => {
        await converse(service, words, { flags: await flagsOf(words) });
      });
    }
  });
}

for (const model of MODEL_CHOICES) {
  Deno.test(`--model ${model} serves files over FTP, sandboxed and in place`, async (t) => {
    await t.step("sandboxed", () => transferFiles(model, {}));
    await t.step("in place", () => transferFiles(model, { flags: [] }));
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
  assertMatch(ended.stderr, /^netwright: serve: --model is for connections, not for datagrams\n$/);
});
