/**
 * A server that ends as it should, for the tests from source and compiled.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { type RunOptions, serve } from "./netwright.ts";

/** Longest time between a signal and the end, in milliseconds. */
const END_MS = 1000;

/** Starts `serve …` for each signal that ends a server, sends it, and looks at how it ends. */
export async function serveUntilSignals(
  words: readonly string[],
  options: RunOptions = {},
): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    await using server = await serve(words.slice(1), options);
    const start = performance.now();
    assertEquals((await server.stop(signal)).code, 0, signal);
    assertEquals(performance.now() - start < END_MS, true, "took longer than a second");
    assertMatch(await server.stderr, /^\S+ echo shutdown .*\n\S+ echo stopped .*\n$/);
  }
}
