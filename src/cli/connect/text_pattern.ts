/**
 * Patterns of the user over text of a peer: matched in linear time, however hostile that is (RE2).
 *
 * @module
 */

import type { RE2JS } from "re2js";
import { escapeControls, UsageError } from "../../net/mod.ts";
import type { TextPattern } from "../../programs/dialogue/mod.ts";

/** Longest pattern, in characters. */
const MAX_LENGTH = 1000;

/**
 * Loads what compiles patterns.
 *
 * @returns Compiles a pattern in the syntax of RE2, in which `^` and `$` are the begin and end of lines; throws a
 *   `UsageError` if it is malformed, or longer than 1000 characters.
 */
export async function patternCompiler(): Promise<(text: string) => TextPattern> {
  const { RE2JS, RE2JSException } = await import("re2js");
  return (text) => {
    if (text.length > MAX_LENGTH) {
      throw new UsageError(`a pattern has at most ${MAX_LENGTH} characters`);
    }
    try {
      return textPattern(text, RE2JS.compile(text, RE2JS.MULTILINE));
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      const reason = error.message.replace(/^error parsing regexp: /, "").replace("`(?m)", "`");
      throw new UsageError(`not a pattern: ${escapeControls(reason, { maxLength: 200 })}`);
    }
  };
}

function textPattern(source: string, pattern: RE2JS): TextPattern {
  const names = Object.keys(pattern.namedGroups());
  return {
    source,
    exec(text) {
      const matcher = pattern.matcher(text);
      if (!matcher.find()) return null;
      return {
        0: matcher.group() ?? "",
        index: matcher.start(),
        groups: Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? undefined])),
      };
    },
  };
}
