/** Buckets of tokens: so many at once, so many a second. */

import { assertEquals } from "@std/assert";
import { TokenBuckets } from "../../../src/net/internal.ts";

Deno.test("a bucket gives its burst at once, and its rate in the long run", () => {
  let now = 0;
  const buckets = new TokenBuckets({ perSecond: 2, burst: 3, now: () => now });
  const table: [at: number, answers: string][] = [
    [0, "yes yes yes now no"],
    [499, "no"],
    [500, "yes now"],
    [60_000, "yes yes yes now"],
  ];
  for (const [at, answers] of table) {
    now = at;
    assertEquals(answers.split(" ").map(() => buckets.take("a")), answers.split(" "));
  }
  assertEquals(buckets.take("b"), "yes");
  buckets.charge("b", 100);
  now += 10_000;
  assertEquals(buckets.take("b"), "now");
});

Deno.test("only so many buckets are kept", () => {
  const buckets = new TokenBuckets({ perSecond: 1, maxBuckets: 2, now: () => 0 });
  assertEquals(["a", "b", "b", "c", "a", "c"].map((key) => buckets.take(key)), [
    "yes",
    "yes",
    "now",
    "yes",
    "yes",
    "now",
  ]);
});
