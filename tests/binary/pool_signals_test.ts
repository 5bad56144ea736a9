/** Workers end with their server, and those that are killed are replaced: in the executable. */

import { EXECUTABLE, testBinary } from "../support/executable.ts";
import { poolSignalTests } from "../support/pool_signals.ts";

poolSignalTests(testBinary, { executable: EXECUTABLE });
