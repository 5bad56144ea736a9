/** Debian's `ab`, `curl`, `wget` and `wrk` against `serve http`; under every model it is the executable that serves. */

import { HTTP_PROGRAMS, loadHttp } from "../support/http_load.ts";
import { needs } from "./peers/needs.ts";

const ignore = (await Promise.all(HTTP_PROGRAMS.map(needs))).includes(false);

for (const model of ["multiplex", "prefork"]) {
  Deno.test({
    name: `ab, curl, wget and wrk are served by --model ${model}`,
    ignore,
    fn: () => loadHttp(model),
  });
}
