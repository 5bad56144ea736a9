/** Commands that meet certificates that they do not trust. */

import { untrustedCertificateTests } from "../../support/untrusted_certificates.ts";

untrustedCertificateTests(Deno.test, {});
