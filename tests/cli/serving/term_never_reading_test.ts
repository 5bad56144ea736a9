/** TERM with clients that never read. */

import { termNeverReadingTests } from "../../support/term_never_reading.ts";

termNeverReadingTests(Deno.test, {});
