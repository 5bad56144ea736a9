/**
 * The executable under test: `deno task binary` compiles it and names it, so that no old one is ever tried.
 *
 * @module
 */

import { ROOT } from "./netwright.ts";

const named = Deno.env.get("NETWRIGHT_EXECUTABLE");

/** Its path; empty if there is none to test. */
export const EXECUTABLE: string = named === undefined ? "" : `${ROOT}${named}`;

/** A test of the executable; it is left out where none was made. */
export function testBinary(
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  Deno.test({ name, ignore: named === undefined, fn });
}
