/** TLS servers, from source, against Debian's `openssl s_client`. */

import { tlsServerTests } from "../support/tls_servers.ts";

tlsServerTests((name, fn) => Deno.test(name, fn), {});
