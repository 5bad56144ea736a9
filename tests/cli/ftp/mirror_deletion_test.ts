/** `ftp mirror --delete` from source. */

import { mirrorDeletionTests } from "../../support/mirror_deletion.ts";

mirrorDeletionTests(Deno.test, {});
