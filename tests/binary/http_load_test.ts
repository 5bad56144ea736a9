/** Debian's `ab`, `curl`, `wget` and `wrk` against the executable's `serve http`, under each model. */

import { needs } from "../interop/peers/needs.ts";
import { EXECUTABLE, testBinary } from "../support/executable.ts";
import { HTTP_PROGRAMS, loadHttp } from "../support/http_load.ts";
import { MODEL_CHOICES } from "../support/model_conversations.ts";

const canRun = !(await Promise.all(HTTP_PROGRAMS.map(needs))).includes(false);

for (const model of canRun ? MODEL_CHOICES : []) {
  testBinary(
    `ab, curl, wget and wrk are served by the executable's --model ${model}`,
    () => loadHttp(model, { executable: EXECUTABLE }),
  );
}
