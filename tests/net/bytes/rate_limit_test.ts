import { assertEquals } from "@std/assert";
import { RateLimit } from "../../../src/net/mod.ts";

/** A time that passes only by waiting. */
function testClock() {
  let time = 0;
  return {
    now: () => time,
    delay: (ms: number) => Promise.resolve(void (time += ms)),
  };
}

async function* pieces(...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield new Uint8Array(size).fill(size % 256);
}

Deno.test("RateLimit.slow() passes all bytes, in the time that they take", async () => {
  const clock = testClock();
  const limit = new RateLimit(10_000, clock);
  let bytes = 0;
  let longest = 0;
  for await (const piece of limit.slow(pieces(30_000, 0, 1, 70_000))) {
    bytes += piece.length;
    longest = Math.max(longest, piece.length);
    // Never ahead of the time by more than what passes at once.
    assertEquals(bytes - longest <= clock.now() * 10 + 1, true);
  }
  assertEquals(bytes, 100_001);
  assertEquals(longest, 2500);
  assertEquals(clock.now() > 9500 && clock.now() <= 10_001, true);
});

Deno.test("RateLimit.slow() shares the rate between transfers", async () => {
  const clock = testClock();
  const limit = new RateLimit(10_000, clock);
  await Promise.all([1, 2].map(async () => {
    for await (const _piece of limit.slow(pieces(50_000)));
  }));
  assertEquals(clock.now() > 9000, true, `${clock.now()}`);
});

Deno.test("RateLimit.slow() ends with the signal", async () => {
  const limit = new RateLimit(1);
  const controller = new AbortController();
  const reason = new Error("enough");
  const slowed = limit.slow(pieces(5000), controller.signal);
  await slowed.next();
  const next = slowed.next();
  controller.abort(reason);
  assertEquals(await next.catch((error) => error), reason);
});
