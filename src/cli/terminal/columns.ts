/**
 * How much room text takes on a terminal.
 *
 * @module
 */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The width of a code point; every character counts as one column until the table is loaded. */
let widthOf: ((character: string) => number) | undefined;

/**
 * Loads the table of widths, which only a terminal needs; {@link columns} uses it from then on.
 */
export async function loadWidths(): Promise<void> {
  try {
    widthOf ??= (await import("@std/cli/unicode-width")).unicodeWidth;
  } catch {
    // Columns that are not quite aligned are better than none.
  }
}

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
 * Counts the columns that text takes on a terminal; see {@link loadWidths}.
 *
 * @param text Clean text of one line.
 * @returns The number of columns.
 *
 * @example
 * ```ts
 * await loadWidths();
 * if (columns("né日") !== 4) throw new Error("miscounted");
 * ```
 */
export function columns(text: string): number {
  // What everybody types takes one column each.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return characters(text).reduce((sum, one) => sum + columnsOf(one), 0);
}

/** A character that a selector makes an emoji. */
const EMOJI = /\p{Emoji}\ufe0f/u;

/** Counts a character as a reader sees it: the widths of its code points, two columns at most. */
function columnsOf(character: string): number {
  if (EMOJI.test(character)) return 2;
  return Math.min(2, widthOf?.(character) ?? 1);
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
