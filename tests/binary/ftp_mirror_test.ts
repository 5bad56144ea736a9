/** `ftp mirror --delete` through the executable, and through the same bundle on the runtime that releases have. */

import { EXECUTABLE, runtimeOf, testBinary } from "../support/executable.ts";
import { mirrorDeletionTests } from "../support/mirror_deletion.ts";

if (EXECUTABLE !== "") {
  mirrorDeletionTests(
    (name, fn) => testBinary(`executable: ${name}`, fn),
    { executable: EXECUTABLE },
    runtimeOf(EXECUTABLE),
  );
}
