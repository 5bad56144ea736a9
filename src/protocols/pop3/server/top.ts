/**
 * The beginning of a message: the response to TOP (RFC 1939 §7).
 *
 * @module
 */

const LF = 10;
const CR = 13;

/**
 * Cuts a message after its header and some lines.
 *
 * @param text The message, lines ending with CRLF or LF.
 * @param lines Number of lines of the body.
 * @returns The header, the empty line, and the lines.
 */
export async function* topOf(
  text: AsyncIterable<Uint8Array>,
  lines: number,
): AsyncGenerator<Uint8Array> {
  let isHeader = true;
  let isEmptyLine = true;
  let left = lines;
  for await (const piece of text) {
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]!;
      if (byte !== LF) {
        if (byte !== CR) isEmptyLine = false;
        continue;
      }
      if (!isHeader) left--;
      if (isEmptyLine) isHeader = false;
      isEmptyLine = true;
      if (isHeader || left > 0) continue;
      yield piece.subarray(0, at + 1);
      return;
    }
    yield piece;
  }
}
