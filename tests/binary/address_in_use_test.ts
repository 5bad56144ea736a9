/** UNIX sockets under every model, by the executable and the bundle. */

import { BUNDLE, EXECUTABLE, testBinary, testBundle } from "../support/executable.ts";
import { addressInUseTests } from "../support/address_in_use.ts";

addressInUseTests((name, fn) => testBinary(`executable: ${name}`, fn), {
  executable: EXECUTABLE,
});
addressInUseTests((name, fn) => testBundle(`bundle: ${name}`, fn), { main: BUNDLE });
