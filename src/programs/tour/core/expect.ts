/**
 * Checks of the results of rows.
 *
 * @module
 */

import type { CommandResult } from "./row.ts";

/**
 * Checks that a command succeeded, and its output.
 *
 * @param result Its result.
 * @param pattern What standard output must look like.
 * @returns The result.
 * @throws {Error} If it failed, or printed something else.
 */
export function expectOutput(result: CommandResult, pattern: RegExp | string): CommandResult {
  if (result.status !== 0) {
    throw new Error(`exit status ${result.status}: ${result.stderr || result.stdout}`);
  }
  const fits = typeof pattern === "string"
    ? result.stdout === pattern
    : pattern.test(result.stdout);
  if (!fits) throw new Error(`printed ${JSON.stringify(result.stdout.slice(0, 300))}`);
  return result;
}

/**
 * Checks that a command failed as it must.
 *
 * @param result Its result.
 * @param status The exit status.
 * @param pattern What standard error must look like.
 * @throws {Error} If it did something else.
 */
export function expectFailure(result: CommandResult, status: number, pattern: RegExp): void {
  if (result.status !== status || !pattern.test(result.stderr)) {
    throw new Error(`exit status ${result.status}, said ${JSON.stringify(result.stderr)}`);
  }
}

/**
 * Checks a fact.
 *
 * @param fact What must be true.
 * @param otherwise The failure.
 * @throws {Error} If it is not true.
 */
export function expect(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new Error(otherwise);
}
