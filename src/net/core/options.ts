/**
 * Checks the options of public functions before anything is acquired.
 *
 * @module
 */

/**
 * The rule for an option: a time in milliseconds (above 0, `Infinity` too), a count (a whole number from 1, `Infinity`
 * too), a whole number from 0, a port, a flag, a signal, one of some words, or any value of its type.
 */
export type OptionRule =
  | "time"
  | "count"
  | "whole"
  | "port"
  | "flag"
  | "signal"
  | "any"
  | readonly string[];

/** A rule for each option of an interface: one that is added to it cannot be forgotten here. */
export type OptionRules<Options> = { readonly [Name in keyof Required<Options>]: OptionRule };

/**
 * Refuses options that there are not, and values out of range.
 *
 * @param options The options of a caller.
 * @param rules The options that there are.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a value is out of range.
 */
export function checkOptions<Options extends object>(
  options: Options,
  rules: OptionRules<Options>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const rule: OptionRule | undefined = Object.hasOwn(rules, name)
      ? rules[name as keyof Options]
      : undefined;
    if (rule === undefined) {
      throw new TypeError(`unknown option ${JSON.stringify(name)}`);
    }
    const expected = typeof rule === "string" ? RULES[rule](value) : expectedWord(rule, value);
    if (expected !== undefined) {
      throw new RangeError(`${name} must be ${expected}, not ${shown(value)}`);
    }
  }
}

/** The requirement that a value does not meet; undefined if it does. */
const RULES: Readonly<Record<Extract<OptionRule, string>, (value: unknown) => string | undefined>> =
  {
    any: () => undefined,
    time: (value) =>
      typeof value === "number" && value > 0 ? undefined : "a number of milliseconds above 0",
    count: (value) =>
      value === Infinity || Number.isSafeInteger(value) && (value as number) >= 1
        ? undefined
        : "a whole number from 1",
    whole: (value) =>
      value === Infinity || Number.isSafeInteger(value) && (value as number) >= 0
        ? undefined
        : "a whole number from 0",
    flag: (value) => typeof value === "boolean" ? undefined : "true or false",
    signal: (value) => value instanceof AbortSignal ? undefined : "an AbortSignal",
    port: (value) =>
      Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535
        ? undefined
        : "a port, 0 to 65535",
  };

function expectedWord(words: readonly string[], value: unknown): string | undefined {
  return words.includes(value as string)
    ? undefined
    : words.map((word) => `"${word}"`).join(" or ");
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
