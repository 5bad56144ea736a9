/**
 * Patterns of names as shells have them, matched in bounded time whatever the pattern.
 *
 * @module
 */

/** Whether a text is a pattern: it has `*`, `?` or `[`. */
export function isNamePattern(text: string): boolean {
  return /[*?[]/.test(text);
}

/**
 * Matches a name: `*` is any characters, `?` one, `[a-z]` one of a set, `[!a-z]` or `[^a-z]` one that is not in it.
 * A dot at the beginning is matched only by a dot.
 *
 * @param pattern The pattern.
 * @param name The name.
 * @returns Whether it matches. Takes at most as many steps as the product of both lengths.
 */
export function matchesName(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  return compilePattern(pattern)(name);
}

/**
 * Prepares a pattern for many names, as {@link matchesName} reads it, but without its rule about dots.
 *
 * @param pattern The pattern.
 * @returns Matches a name; takes at most as many steps as the product of both lengths.
 */
export function compilePattern(pattern: string): (name: string) => boolean {
  const parts = partsOf(pattern);
  return (name) => matchesParts(parts, [...name]);
}

function matchesParts(parts: readonly Part[], characters: readonly string[]): boolean {
  let [part, at] = [0, 0];
  // Where the last star is, and where the characters begin that it does not cover.
  let [star, resume] = [-1, 0];
  while (at < characters.length) {
    const current = parts[part];
    if (current === "*") [star, resume, part] = [part, at, part + 1];
    else if (current?.(characters[at]!)) [part, at] = [part + 1, at + 1];
    else if (star >= 0) [part, at] = [star + 1, ++resume];
    else return false;
  }
  return parts.slice(part).every((rest) => rest === "*");
}

type Part = "*" | ((character: string) => boolean);

function partsOf(pattern: string): Part[] {
  return [...pattern.matchAll(/\*+|\?|\[[!^]?\]?[^\]]*\]|[^]/gu)].map(([text]) => {
    if (text.startsWith("*")) return "*";
    if (text === "?") return () => true;
    if (text.length < 3) return (character) => character === text;
    return setOf(text.slice(1, -1));
  });
}

function setOf(text: string): (character: string) => boolean {
  const isNegated = /^[!^]/.test(text);
  const ranges = [...text.slice(isNegated ? 1 : 0).matchAll(/([^])(?:-([^]))?/gu)];
  return (character) =>
    isNegated !==
      ranges.some(([, first = "", last = first]) => first <= character && character <= last);
}
