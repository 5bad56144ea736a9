/**
 * How much room text takes on a terminal.
 *
 * @module
 */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Scripts and symbols whose characters take two columns. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])|\ufe0f/u;

/**
 * Splits text into characters as a reader sees them.
 *
 * @param text Clean text.
 * @returns Its characters, in order.
 */
export function characters(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * Counts columns.
 *
 * @param text Clean text of one line.
 * @returns How many columns it takes on a terminal.
 *
 * @example
 * ```ts
 * if (columns("né日") !== 4) throw new Error("miscounted");
 * ```
 */
export function columns(text: string): number {
  // What everybody types takes one column each.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return characters(text).reduce((sum, one) => sum + columnsOf(one), 0);
}

function columnsOf(character: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/**
 * Sets names side by side, as `ls` does.
 *
 * @param names Clean names, in order.
 * @param width Of the terminal, in columns.
 * @returns Lines, to be read downwards.
 */
export function inColumns(names: readonly string[], width: number): string[] {
  const cell = 2 + Math.max(0, ...names.map(columns));
  const perLine = Math.max(1, Math.floor((width + 1) / cell));
  const height = Math.ceil(names.length / perLine);
  return Array.from({ length: height }, (_, row) => {
    const line = names.filter((_, i) => i % height === row);
    return line.map((name, i) =>
      i === line.length - 1 ? name : name + " ".repeat(cell - columns(name))
    ).join("");
  });
}
