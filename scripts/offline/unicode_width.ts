/**
 * Stands in for `@std/cli/unicode-width` where JSR is out of reach; its table is coarser.
 *
 * @module
 */

/** Scripts and symbols whose characters take two columns. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]$/u;

/** As in `@std/cli`: the columns that text takes, each code point by itself. */
export function unicodeWidth(text: string): number {
  return Array.from(text).reduce((sum, one) => sum + widthOf(one), 0);
}

function widthOf(character: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
