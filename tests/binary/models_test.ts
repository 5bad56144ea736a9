/** Each service under each model, by the executable, which starts itself. */

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
