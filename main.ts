/**
 * The executable: arguments in, exit status out.
 *
 * @module
 */

import { main } from "./src/cli/main.ts";

Deno.exit(await main(Deno.args));
