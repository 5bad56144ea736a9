/** UNIX sockets under every model, from source. */

import { addressInUseTests } from "../../support/address_in_use.ts";

addressInUseTests(Deno.test, {});
