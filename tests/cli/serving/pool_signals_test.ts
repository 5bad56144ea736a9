/** Workers end with their server, and those that are killed are replaced. */

import { poolSignalTests } from "../../support/pool_signals.ts";

poolSignalTests(Deno.test, {});
