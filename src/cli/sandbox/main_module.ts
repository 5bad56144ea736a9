/**
 * Where the program itself is.
 *
 * @module
 */

/** The address of the module that `deno run` starts. A bundle is its own; in a test, the main module is the test. */
export function mainModule(): string {
  return import.meta.url.endsWith(".ts")
    ? new URL("../../../main.ts", import.meta.url).href
    : Deno.mainModule;
}
