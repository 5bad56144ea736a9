/** Modules of the user's own, served from source. */

import { ownServiceTests } from "../../support/own_service.ts";

ownServiceTests((name, fn) => Deno.test(name, fn), {});
