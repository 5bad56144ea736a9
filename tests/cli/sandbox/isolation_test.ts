/** Capabilities of a hostile service under each model. */

import { isolationTests } from "../../support/isolation.ts";

isolationTests(Deno.test, {});
