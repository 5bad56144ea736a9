/** UNIX sockets under every model. */

import { unixSocketModelTests } from "../../support/unix_socket_models.ts";

unixSocketModelTests(Deno.test, {});
