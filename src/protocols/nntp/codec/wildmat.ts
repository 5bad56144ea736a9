/**
 * Patterns of names of groups (RFC 3977 §4).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { compilePattern, isNamePattern } from "../../wire/internal.ts";

/** Maximum length of all patterns together, in characters. */
const MAX_LENGTH = 8192;

/**
 * Patterns, such as `comp.*,!comp.os.*`: `*` is any characters, `?` one, `[a-z]` one of a set, as INN has it. Of the
 * patterns that match a name the last one counts; one with `!` before it excludes the name.
 *
 * @example Groups about languages
 * ```ts
 * import { Wildmat } from "@netwright/netwright/nntp";
 * const wildmat = new Wildmat("comp.lang.*,!comp.lang.c");
 * if (!wildmat.matches("comp.lang.perl") || wildmat.matches("comp.lang.c")) throw new Error();
 * ```
 */
export class Wildmat {
  /** The text of the patterns. */
  readonly text: string;
  readonly #patterns: readonly { readonly excludes: boolean; matches(name: string): boolean }[];

  /**
   * Reads patterns.
   * @param text The patterns, with commas between.
   * @throws {UsageError} If they are malformed: an empty one, or with a backslash, a space or a control character.
   */
  constructor(text: string) {
    if (text.length > MAX_LENGTH || /[\x00-\x20\\\x7f]/.test(text)) throw malformed(text);
    this.text = text;
    this.#patterns = text.split(",").map((written) => {
      const excludes = written.startsWith("!");
      const pattern = excludes ? written.slice(1) : written;
      if (pattern === "") throw malformed(text);
      const matches = isNamePattern(pattern)
        ? compilePattern(pattern)
        : (name: string) => name === pattern;
      return { excludes, matches };
    });
  }

  /**
   * Matches a name, in at most as many steps as the product of the lengths of name and patterns.
   * @param name The name.
   * @returns Whether it is meant.
   */
  matches(name: string): boolean {
    const last = this.#patterns.findLast(({ matches }) => matches(name));
    return last !== undefined && !last.excludes;
  }

  /** The text of the patterns. */
  toString(): string {
    return this.text;
  }
}

function malformed(text: string): UsageError {
  return new UsageError(`${JSON.stringify(text.slice(0, 200))} is not a wildmat, such as comp.*`);
}
