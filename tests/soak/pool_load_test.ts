/** Workers that come, go and are killed under load, and too few descriptors. */

import { poolLoadTests } from "../support/pool_load.ts";

poolLoadTests(Deno.test, {}, 1000);
