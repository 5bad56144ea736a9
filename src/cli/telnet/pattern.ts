/**
 * Patterns of the user over text of a peer: matched in linear time, however hostile that is (RE2).
 *
 * @module
 */

import { escapeControls, UsageError } from "../../net/mod.ts";
import type { TextPattern } from "../../programs/dialogue/mod.ts";

/** Longest pattern, in characters. */
const MAX_LENGTH = 1000;

/**
 * Compiles a pattern.
 *
 * @param text The pattern, in the syntax of RE2; `^` and `$` are the begin and end of lines.
 * @returns What finds it.
 * @throws {UsageError} If it is malformed, or longer than 1000 characters.
 */
export async function compilePattern(text: string): Promise<TextPattern> {
  if (text.length > MAX_LENGTH) {
    throw new UsageError(`a pattern has at most ${MAX_LENGTH} characters`);
  }
  const { RE2JS, RE2JSException } = await import("re2js");
  const compile = (): InstanceType<typeof RE2JS> => {
    try {
      return RE2JS.compile(text, RE2JS.MULTILINE);
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      const reason = error.message.replace(/^error parsing regexp: /, "");
      throw new UsageError(`not a pattern: ${escapeControls(reason, { maxLength: 200 })}`);
    }
  };
  const pattern = compile();
  const names = Object.keys(pattern.namedGroups());
  return {
    exec(within) {
      const matcher = pattern.matcher(within);
      if (!matcher.find()) return null;
      return {
        0: matcher.group() ?? "",
        index: matcher.start(),
        groups: Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? undefined])),
      };
    },
  };
}
