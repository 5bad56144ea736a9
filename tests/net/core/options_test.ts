/** Options of public functions, checked at the edge. */

import { assertThrows } from "@std/assert";
import { checkOptions } from "../../../src/net/internal.ts";

const rules = {
  waitMs: "time",
  most: "count",
  least: "whole",
  how: ["slow", "fast"],
  log: "any",
} as const;
type Options = { [Name in keyof typeof rules]?: unknown };

const refused: readonly [name: string, options: Options, message: string][] = [
  ["no time", { waitMs: 0 }, "waitMs must be a number of milliseconds above 0, not 0"],
  ["a negative time", { waitMs: -1 }, "waitMs must be"],
  ["a time that is NaN", { waitMs: NaN }, "waitMs must be"],
  ["a time in words", { waitMs: "5s" }, 'above 0, not "5s"'],
  ["a count of nothing", { most: 0 }, "most must be a whole number from 1, not 0"],
  ["a fraction", { most: 1.5 }, "most must be"],
  ["no count", { most: null }, "most must be"],
  ["fewer than none", { least: -1 }, "least must be a whole number from 0, not -1"],
  ["an unknown word", { how: "slwo" }, 'how must be "slow" or "fast", not "slwo"'],
  ["a name that every object has", { toString: 1 } as Options, 'unknown option "toString"'],
  ["a typing error", { mots: 1 } as Options, 'unknown option "mots"'],
];

Deno.test("options are refused by their own names", async (t) => {
  for (const [name, options, message] of refused) {
    await t.step(name, () => {
      assertThrows(() => checkOptions(options, rules), Error, message);
    });
  }
});

Deno.test("valid and undefined options pass", () => {
  checkOptions({ waitMs: 0.5, most: Infinity, least: 0, how: "fast", log: null }, rules);
  checkOptions<Options>({ waitMs: undefined, most: undefined }, rules);
  checkOptions<Options>({}, rules);
});
