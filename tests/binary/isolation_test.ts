/** Capabilities of a hostile service under each model, in the executable. */

import { EXECUTABLE, testBinary } from "../support/executable.ts";
import { isolationTests } from "../support/isolation.ts";

/** The pinned runtime, 2.6, looks for such modules before it asks for a permission, and finds none here. */
const KNOWN = [
  "load a module from a file",
  "load a module from the network",
  "read a file as a module",
];

isolationTests(testBinary, { executable: EXECUTABLE }, KNOWN);
