/** TLS servers of the executable: they work where its runtime can serve TLS, and are refused at start where not. */

import { requireServerTls } from "../../src/net/internal.ts";
import { UnsupportedError } from "../../src/net/mod.ts";
import { BUNDLE, EXECUTABLE, runtimeOf, testBinary, testBundle } from "../support/executable.ts";
import { untrustedCertificateTests } from "../support/untrusted_certificates.ts";
import { tlsRefusedTests, tlsServerTests } from "../support/tls_servers.ts";

/** Whether the executable's runtime can serve TLS. */
function canServeTls(): boolean {
  if (EXECUTABLE === "") return false;
  try {
    requireServerTls(runtimeOf(EXECUTABLE));
    return true;
  } catch (error) {
    if (error instanceof UnsupportedError) return false;
    throw error;
  }
}

const executable = { executable: EXECUTABLE };
if (canServeTls()) tlsServerTests((name, fn) => testBinary(`executable: ${name}`, fn), executable);
else tlsRefusedTests((name, fn) => testBinary(`executable: ${name}`, fn), executable);
tlsServerTests((name, fn) => testBundle(`bundle: ${name}`, fn), { main: BUNDLE });
untrustedCertificateTests((name, fn) => testBinary(`executable: ${name}`, fn), executable);
