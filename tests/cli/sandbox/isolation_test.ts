/** What a hostile service can do under each model. */

import { isolationTests } from "../../support/isolation.ts";

isolationTests(Deno.test, {});
