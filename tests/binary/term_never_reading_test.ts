/** TERM with clients that never read, by the executable and the bundle. */

import { BUNDLE, EXECUTABLE, testBinary, testBundle } from "../support/executable.ts";
import { termNeverReadingTests } from "../support/term_never_reading.ts";

termNeverReadingTests((name, fn) => testBinary(`executable: ${name}`, fn), {
  executable: EXECUTABLE,
});
termNeverReadingTests((name, fn) => testBundle(`bundle: ${name}`, fn), { main: BUNDLE });
