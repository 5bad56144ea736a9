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
    for (const service of Object.keys(CONVERSATIONS)) {
      const words = serveWords(service, model);
      const options = { executable: EXECUTABLE };
      await t.step(`${service}, sandboxed`, () => converse(service, words, options));
      await t.step(
        `${service}, not sandboxed`,
        () => converse(service, [...words, "--no-sandbox"], options),
      );
    }
    await t.step("ftp", () => transferFiles(model, { executable: EXECUTABLE }));
  });
}
