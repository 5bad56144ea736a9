/**
 * Error numbers of system calls by name, number and meaning.
 *
 * @module
 */

import { constants } from "node:os";
import { ERRORS } from "./_errors.ts";

/** An error of a system call. */
export interface SystemErrorEntry {
  /** Its name, such as `ECONNREFUSED`. */
  readonly name: string;
  /** Its number on this platform. */
  readonly number: number;
  /** Its meaning. */
  readonly meaning: string;
}

/** Lists the errors of this platform, sorted by number. */
export function listSystemErrors(): SystemErrorEntry[] {
  if (Deno.build.os === "linux") {
    return ERRORS.map(([name, number, meaning]) => ({ name, number, meaning }));
  }
  // Other platforms number them differently; the runtime knows how.
  const numbers = new Map(Object.entries(constants.errno));
  return ERRORS.flatMap(([name, , meaning]) => {
    const number = numbers.get(name);
    return number === undefined ? [] : [{ name, number, meaning }];
  }).sort((a, b) => a.number - b.number);
}

/**
 * Finds errors.
 *
 * @param wanted A name, in any case, a number, or a part of a meaning.
 * @returns All that fit.
 *
 * @example By name
 * ```ts
 * import { findSystemErrors } from "@netwright/netwright/reference";
 * const [error] = findSystemErrors("econnrefused");
 * if (error?.meaning !== "Connection refused") throw new Error("wrong meaning");
 * ```
 */
export function findSystemErrors(requested: string): SystemErrorEntry[] {
  const all = listSystemErrors();
  if (/^\d+$/.test(requested)) return all.filter(({ number }) => number === Number(requested));
  const text = requested.toLowerCase();
  const named = all.filter(({ name }) => name.toLowerCase() === text);
  return named.length > 0
    ? named
    : all.filter(({ name, meaning }) =>
      name.toLowerCase().includes(text) || meaning.toLowerCase().includes(text)
    );
}
