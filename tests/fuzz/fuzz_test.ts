import { assert, assertEquals } from "@std/assert";
import { fuzz, replay, savedFailures } from "./fuzz.ts";
import { PROPERTIES } from "./properties.ts";

Deno.test("every property holds for some hundred inputs", async (t) => {
  for (const property of PROPERTIES) {
    await t.step(property.name, async () => {
      const { runs, failure } = await fuzz(property, 60, 1);
      assertEquals([failure, runs > 0], [undefined, true]);
    });
  }
});

Deno.test("inputs that broke a property once do so no more", async (t) => {
  for (const failure of await savedFailures()) {
    await t.step(`${failure.name}: ${failure.input.slice(0, 40)}`, () => replay(failure));
  }
});

Deno.test("fuzz() finds a failure, makes it small, and can replay it", async () => {
  const broken = {
    name: "broken",
    words: ["a", "b", "c"],
    check(input: Uint8Array): void {
      if (new TextDecoder().decode(input).includes("ab")) throw new Error("ab");
    },
  };
  const { failure } = await fuzz(broken, 5000, 7);
  assert(failure !== undefined);
  assertEquals([atob(failure.input), failure.error], ["ab", "Error: ab"]);
});
