/**
 * A port that another program has, and one that no one may have, under every server model.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import type { Register } from "./isolation.ts";
import { netwright, type RunOptions, serve } from "./netwright.ts";

const MODELS: readonly (readonly string[])[] = [
  ["multiplex"],
  ["serial"],
  ["fork"],
  ["thread"],
  ["prefork"],
  ["prefork", "--accept", "own"],
  ["prethread"],
  ["prethread", "--accept", "shared"],
];

/** Registers the tests. */
export function addressInUseTests(register: Register, options: RunOptions): void {
  register("an address in use is reported by name under every model", async (t) => {
    await using other = await serve(["daytime", "--listen", "127.0.0.1:0"], options);
    for (const model of MODELS) {
      await t.step(model.join(" "), async () => {
        const words = ["serve", "daytime", "--listen", other.endpoint, "--model", ...model];
        const { code, stdout, stderr } = await netwright(words, options);
        assertEquals([code, stdout], [1, ""], stderr);
        assertMatch(stderr, /^netwright: serve: 127\.0\.0\.1:\d+: address already in use.*\n$/);
        assertEquals(stderr.includes(other.endpoint), true);
      });
    }
  });

  register("two pools do not share a port", async () => {
    const model = ["--model", "prethread"];
    await using first = await serve(["daytime", "--listen", "127.0.0.1:0", ...model], options);
    const words = ["serve", "daytime", "--listen", first.endpoint, ...model];
    const { code, stderr } = await netwright(words, options);
    assertEquals(code, 1);
    assertMatch(stderr, /^netwright: serve: 127\.0\.0\.1:\d+: address already in use.*\n$/);
  });

  register("a foreign address is reported by name under every model", async (t) => {
    for (const model of MODELS) {
      await t.step(model.join(" "), async () => {
        const words = ["serve", "daytime", "--listen", "192.0.2.1:0", "--model", ...model];
        const { code, stdout, stderr } = await netwright(words, options);
        assertEquals([code, stdout], [1, ""], stderr);
        assertMatch(stderr, /^netwright: serve: 192\.0\.2\.1:0: .*address.*\n$/);
      });
    }
  });
}
