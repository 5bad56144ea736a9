/** Workers that come, go and are killed under load, and too few descriptors: in the executable. */

import { EXECUTABLE, testBinary } from "../support/executable.ts";
import { poolLoadTests } from "../support/pool_load.ts";

poolLoadTests(testBinary, { executable: EXECUTABLE }, 4000);
