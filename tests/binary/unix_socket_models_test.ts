/** UNIX sockets under every model, by the executable. */

import { EXECUTABLE, testBinary } from "../support/executable.ts";
import { unixSocketModelTests } from "../support/unix_socket_models.ts";

unixSocketModelTests((name, fn) => testBinary(`executable: ${name}`, fn), {
  executable: EXECUTABLE,
});
