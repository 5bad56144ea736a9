/**
 * Breaks text into lines for a terminal.
 *
 * @module
 */

/** Columns of the narrowest terminal in common use. */
const COLUMNS = 80;

/**
 * Breaks text between words into lines that fit beside an indentation.
 *
 * @param text The text; runs of white space count as one blank.
 * @param indent Columns to the left of the lines, which are not part of them.
 * @returns The lines.
 */
export function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > COLUMNS - indent && line !== "") {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/**
 * Lays out rows of a term and its explanation.
 *
 * @param rows The rows.
 * @param minWidth Minimum width of the first column.
 * @returns Lines that begin with two blanks.
 */
export function definitions(
  rows: readonly (readonly [term: string, text: string])[],
  minWidth: number = 0,
): string[] {
  const width = Math.max(minWidth, ...rows.map(([term]) => term.length));
  return rows.flatMap(([term, text]) => {
    const [first = "", ...others] = wrap(text, width + 4);
    const indent = " ".repeat(width + 4);
    return [`  ${term.padEnd(width)}  ${first}`, ...others.map((line) => indent + line)];
  });
}
