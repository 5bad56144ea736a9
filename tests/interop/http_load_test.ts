/** Debian's `ab`, `curl`, `wget` and `wrk` against `serve http`, under each model. */

import { HTTP_PROGRAMS, loadHttp } from "../support/http_load.ts";
import { MODEL_CHOICES } from "../support/model_conversations.ts";
import { needs } from "./peers/needs.ts";

const ignore = (await Promise.all(HTTP_PROGRAMS.map(needs))).includes(false);

for (const model of MODEL_CHOICES) {
  Deno.test({
    name: `ab, curl, wget and wrk are served by --model ${model}`,
    ignore,
    fn: () => loadHttp(model),
  });
}
