/**
 * The executable under test: `deno task test:binary` compiles it and names it, so that no old one is ever tried.
 *
 * @module
 */

import { ROOT } from "./netwright.ts";

const named = Deno.env.get("NETWRIGHT_EXECUTABLE");

/** Its path; empty if there is none to test. */
export const EXECUTABLE: string = named === undefined ? "" : `${ROOT}${named}`;

/** The bundle that the executable was made of, which also runs on the Deno that runs the tests; empty if there is none. */
export const BUNDLE: string = named === undefined ? "" : `${ROOT}dist/bundle/main.js`;

/** The version of the runtime inside an executable. */
export function runtimeOf(executable: string): string {
  const { stdout } = new Deno.Command(executable, { args: ["--version"] }).outputSync();
  return /\(deno (\S+?),/.exec(new TextDecoder().decode(stdout))?.[1] ?? "";
}

/** A test of the bundle on the Deno that runs the tests, which is the runtime of releases. */
export const testBundle = testBinary;

/** A test of the executable; it is left out where none was made. */
export function testBinary(
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  Deno.test({ name, ignore: named === undefined, fn });
}
