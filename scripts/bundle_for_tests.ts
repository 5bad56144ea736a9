/**
 * Bundles the program for the tests that run it as a process: it starts in two thirds of the time, and the
 * executable is made from the same bundle.
 *
 * @module
 */

import { bundle } from "./bundle.ts";
import { importMap } from "./compile.ts";

await bundle("dist/tests", await importMap());
