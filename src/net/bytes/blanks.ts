/**
 * White space of the protocols.
 *
 * @module
 */

/**
 * Removes blanks around a text: space and tabulator (RFC 5234, WSP; RFC 9110 §5.6.3, OWS) and nothing else.
 * `String.trim` also removes the no-break space and a dozen more, which two programs on the way of a message may
 * then understand differently (gunicorn#3091, #3740).
 *
 * @param text The text.
 * @returns The rest of it.
 *
 * @example A no-break space is text
 * ```ts
 * import { trimBlanks } from "./blanks.ts";
 * if (trimBlanks(" \t5\xa0 ") !== "5\xa0") throw new Error("trimmed too much");
 * ```
 */
export function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
