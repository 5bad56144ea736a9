/**
 * Patterns for URLs.
 *
 * @module
 */

import { wildcard } from "../../net/internal.ts";
import { patternCompiler } from "../connect/text_pattern.ts";

/**
 * Compiles patterns for URLs.
 *
 * @param patterns The beginning of a URL, a whole one with `*`, or a regular expression between slashes.
 * @returns Whether one of them matches.
 * @throws {UsageError} If a regular expression is malformed.
 */
export async function urlMatcher(patterns: readonly string[]): Promise<(url: string) => boolean> {
  const matchers: ((url: string) => boolean)[] = [];
  for (const pattern of patterns) {
    const [, expression] = /^\/(.+)\/$/s.exec(pattern) ?? [];
    if (expression !== undefined) {
      const compiled = (await patternCompiler())(expression);
      matchers.push((url) => compiled.exec(url) !== null);
    } else if (pattern.includes("*")) matchers.push(wildcard(pattern));
    else matchers.push((url) => url.startsWith(pattern));
  }
  return (url) => matchers.some((matches) => matches(url));
}
