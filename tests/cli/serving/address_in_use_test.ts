/** An address in use is reported under every model. */

import { addressInUseTests } from "../../support/address_in_use.ts";

addressInUseTests(Deno.test, {});
