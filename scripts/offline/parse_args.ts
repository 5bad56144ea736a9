/**
 * Stands in for `@std/cli/parse-args` where JSR is out of reach: flags, strings and operands, over `node:util`.
 *
 * @module
 */

import { parseArgs as parseNodeArgs } from "node:util";

/** As in `@std/cli`: the options that this project's scripts use. */
export interface ParseOptions {
  /** Options without a value. */
  readonly boolean?: readonly string[];
  /** Options with a value. */
  readonly string?: readonly string[];
  /** Called with each word that is not a known option; `false` leaves it out. */
  readonly unknown?: (arg: string) => unknown;
}

/** As in `@std/cli`. */
export function parseArgs(
  args: readonly string[],
  { boolean = [], string = [], unknown }: ParseOptions = {},
): Record<string, unknown> & { _: (string | number)[] } {
  const { tokens } = parseNodeArgs({
    args: [...args],
    options: Object.fromEntries([
      ...boolean.map((name) => [name, { type: "boolean" as const }]),
      ...string.map((name) => [name, { type: "string" as const }]),
    ]),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const operands: (string | number)[] = [];
  const values: Record<string, string | boolean> = Object.fromEntries(
    boolean.map((name) => [name, false]),
  );
  for (const token of tokens) {
    if (token.kind === "positional" && unknown?.(token.value) !== false) operands.push(token.value);
    if (token.kind !== "option") continue;
    if ([...boolean, ...string].includes(token.name)) values[token.name] = token.value ?? true;
    else unknown?.(token.rawName);
  }
  return { ...values, _: operands };
}
