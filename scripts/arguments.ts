/**
 * The command lines of the project's own scripts.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";

/** Options and operands of a script. */
export interface ScriptSyntax {
  /** How it is called, for the error. */
  readonly usage: string;
  /** Options without a value. */
  readonly flags?: readonly string[];
  /** Options with a value. */
  readonly values?: readonly string[];
  /** Maximum number of operands. @default {0} */
  readonly operands?: number;
}

/** A script's command line, taken apart. */
export interface ScriptArguments {
  /** Whether an option was given. */
  has(flag: string): boolean;
  /** The value of an option. */
  value(name: string): string | undefined;
  /** The other words. */
  readonly operands: readonly string[];
}

/**
 * Reads the command line of this process. A mistyped option ends it with status 2.
 *
 * @param syntax Options and operands of the script.
 * @returns Its options and operands.
 */
export function scriptArguments(
  { usage, flags = [], values = [], operands: max = 0 }: ScriptSyntax,
): ScriptArguments {
  const refuse = (reason: string): never => {
    console.error(`${reason}\nusage: ${usage}`);
    Deno.exit(2);
  };
  const parsed: Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] } =
    parseArgs([...Deno.args], {
      boolean: [...flags],
      string: ["_", ...values],
      unknown: (word) => word.startsWith("-") ? refuse(`unknown option ${word}`) : true,
    });
  const operands = parsed._.map(String);
  if (operands.length > max) refuse(`too many operands: ${operands.join(" ")}`);
  const valued = flags.find((flag) => typeof parsed[flag] !== "boolean");
  if (valued !== undefined) refuse(`--${valued} takes no value`);
  const empty = values.find((name) => parsed[name] === "" || parsed[name] === true);
  if (empty !== undefined) refuse(`--${empty} requires a value`);
  return {
    has: (flag) => parsed[flag] === true,
    value: (name) => typeof parsed[name] === "string" ? parsed[name] : undefined,
    operands,
  };
}
