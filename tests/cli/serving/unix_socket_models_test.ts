/** UNIX sockets under every model, from source. */

import { unixSocketModelTests } from "../../support/unix_socket_models.ts";

unixSocketModelTests(Deno.test, {});
