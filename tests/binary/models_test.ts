/** Each service under each model, by the executable, which starts itself. */

import { assertEquals } from "@std/assert";
import { netwright } from "../support/netwright.ts";
import { EXECUTABLE, testBinary } from "../support/executable.ts";
import {
  CONVERSATIONS,
  converse,
  MODEL_CHOICES,
  serveWords,
  transferFiles,
} from "../support/model_conversations.ts";

for (const model of MODEL_CHOICES) {
  testBinary(`the executable serves every service by --model ${model}`, async (t) => {
    const options = { executable: EXECUTABLE };
    for (const service of Object.keys(CONVERSATIONS)) {
      await t.step(`${service}, sandboxed`, async () => {
        await converse(service, serveWords(service, model), options);
      });
    }
    await t.step("echo, not sandboxed", async () => {
      await converse("echo", serveWords("echo", model, "--no-sandbox"), options);
    });
    await t.step("ftp", () => transferFiles(model, options));
  });
}

// The system wrote into memory that was freed with its Worker: 4 of 6 runs ended by SIGSEGV or SIGABRT.
testBinary("Workers that wait for sockets may be ended at any time", async () => {
  for (let run = 0; run < 4; run++) {
    const { code, stderr } = await netwright(
      ["bench", "models", "prethread", "--runs", "1", "--duration", "0.5"],
      { executable: EXECUTABLE },
    );
    assertEquals([code, stderr], [0, ""]);
  }
});
