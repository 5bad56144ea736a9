/**
 * How much room characters take on a terminal.
 *
 * @module
 */

const NONE = /^[\p{M}\p{Cf}]$/u;
const TWO =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** Columns of a character: marks take none, those of East Asia and pictures two (UAX 11, in the main). */
export function characterWidth(character: string): number {
  if (character < "\u0300") return 1;
  if (NONE.test(character)) return 0;
  return TWO.test(character) ? 2 : 1;
}
