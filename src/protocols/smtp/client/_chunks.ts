/**
 * The text of a message in chunks, as BDAT sends it (RFC 3030).
 *
 * @module
 */

import { LineBreaks } from "../../../mime/internal.ts";
import { concat } from "../../../net/internal.ts";

/** A chunk. */
export interface Chunk {
  /** Its bytes; none, if the text before it ended just there. */
  readonly bytes: Uint8Array;
  /** Whether the text is over. */
  readonly isLast: boolean;
}

/**
 * Cuts a text.
 *
 * @param text Pieces, each valid until the next.
 * @param size Bytes of each chunk but the last, about.
 * @returns Chunks; their lines end with CRLF.
 */
export async function* chunksOf(
  text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
): AsyncGenerator<Chunk> {
  const breaks = new LineBreaks();
  let pieces: Uint8Array[] = [];
  let waiting = 0;
  for await (const piece of text) {
    for (let at = 0; at < piece.length; at += size) {
      const coded = breaks.push(piece.subarray(at, at + size));
      if (waiting > 0 && waiting + coded.length > size) {
        yield { bytes: concat(pieces), isLast: false };
        pieces = [];
        waiting = 0;
      }
      pieces.push(coded);
      waiting += coded.length;
    }
  }
  yield { bytes: concat([...pieces, breaks.end()]), isLast: true };
}
