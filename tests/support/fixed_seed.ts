/**
 * Properties run from the same seed each time, so that no gate fails by chance; `deno task fuzz` takes random ones.
 *
 * @module
 */

import fc from "fast-check";

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_129 });
