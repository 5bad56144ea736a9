/** TERM with clients that never read, by the executable. */

import { EXECUTABLE, testBinary } from "../support/executable.ts";
import { termNeverReadingTests } from "../support/term_never_reading.ts";

termNeverReadingTests((name, fn) => testBinary(`executable: ${name}`, fn), {
  executable: EXECUTABLE,
});
