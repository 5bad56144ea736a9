/**
 * The text that a character generator sends.
 *
 * @module
 */

/** Characters of a line without its CRLF. */
export const CHARGEN_LINE_LENGTH = 72;
/** Printable ASCII: from space to tilde. */
const PRINTABLE = 95;

/** All 95 lines in a row, each with its CRLF: the pattern begins anew after them. */
export const CHARGEN_CYCLE: Uint8Array = makeCycle();

function makeCycle(): Uint8Array {
  const bytes = new Uint8Array((CHARGEN_LINE_LENGTH + 2) * PRINTABLE);
  let at = 0;
  for (let line = 0; line < PRINTABLE; line++) {
    for (let column = 0; column < CHARGEN_LINE_LENGTH; column++) {
      bytes[at++] = 32 + (line + 1 + column) % PRINTABLE;
    }
    bytes[at++] = 13;
    bytes[at++] = 10;
  }
  return bytes;
}

/**
 * Gives one line of the popular pattern (RFC 864): each begins one character later than the one before.
 *
 * @param number Which line, from 0.
 * @returns 72 characters without CRLF.
 *
 * @example The second line
 * ```ts
 * import { chargenLine } from "./pattern.ts";
 * if (!chargenLine(1).startsWith('"#$%')) throw new Error(chargenLine(1));
 * ```
 */
export function chargenLine(number: number): string {
  // The RFC's example begins with the exclamation mark.
  const first = number % PRINTABLE + 1;
  let line = "";
  for (let column = 0; column < CHARGEN_LINE_LENGTH; column++) {
    line += String.fromCharCode(32 + (first + column) % PRINTABLE);
  }
  return line;
}
