/** Modules of the user's own, served by the executable. */

import { EXECUTABLE, testBinary } from "../support/executable.ts";
import { ownServiceTests } from "../support/own_service.ts";

ownServiceTests((name, fn) => testBinary(`executable: ${name}`, fn), { executable: EXECUTABLE });
