/** UNIX sockets under every model, by the executable and the bundle. */

import { BUNDLE, EXECUTABLE, testBinary, testBundle } from "../support/executable.ts";
import { unixSocketModelTests } from "../support/unix_socket_models.ts";

unixSocketModelTests((name, fn) => testBinary(`executable: ${name}`, fn), {
  executable: EXECUTABLE,
});
unixSocketModelTests((name, fn) => testBundle(`bundle: ${name}`, fn), { main: BUNDLE });
