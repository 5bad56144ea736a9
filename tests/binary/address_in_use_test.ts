/** UNIX sockets under every model, by the executable. */

import { EXECUTABLE, testBinary } from "../support/executable.ts";
import { addressInUseTests } from "../support/address_in_use.ts";

addressInUseTests((name, fn) => testBinary(`executable: ${name}`, fn), {
  executable: EXECUTABLE,
});
