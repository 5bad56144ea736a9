/** `ftp mirror --delete`. */

import { mirrorDeletionTests } from "../../support/mirror_deletion.ts";

mirrorDeletionTests(Deno.test, {});
