/**
 * Text on data connections: lines of listings, and files with other line ends.
 *
 * @module
 */

import { LineReader } from "../../../net/mod.ts";

const [CR, LF] = [13, 10];
/** Longest line of a listing, in bytes. */
const MAX_LINE_BYTES = 8192;

/** A line of a listing. */
export interface TextLine {
  /** The line without its end. */
  readonly text: string;
  /** Whether the listing ended before the line did. */
  readonly isCut: boolean;
}

/** Yields the lines of a listing, which end with LF or CRLF. */
export async function* decodeLines(
  pieces: AsyncGenerator<Uint8Array>,
  encoding: "utf-8" | "latin1" | undefined,
  peer: string,
): AsyncGenerator<TextLine> {
  let last = LF;
  let rest: Uint8Array = new Uint8Array(0);
  const reader = new LineReader({
    async read(p) {
      if (rest.length === 0) {
        const next = await pieces.next();
        if (next.done === true) return null;
        rest = next.value;
        last = rest.at(-1) ?? last;
      }
      const count = Math.min(p.length, rest.length);
      p.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
  }, { encoding: encoding ?? "utf-8", maxLineBytes: MAX_LINE_BYTES, peer });
  try {
    let text = await reader.readLine();
    while (text !== undefined) {
      const next = await reader.readLine();
      yield { text, isCut: next === undefined && last !== LF };
      text = next;
    }
  } finally {
    await pieces.return(undefined);
  }
}

/** Makes CRLF of each LF that has no CR before it. */
export async function* encodeNvt(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let last = 0;
  for await (const piece of pieces) {
    const longer = new Uint8Array(piece.length * 2);
    let length = 0;
    for (const byte of piece) {
      if (byte === LF && last !== CR) longer[length++] = CR;
      longer[length++] = last = byte;
    }
    yield longer.subarray(0, length);
  }
}

/** Makes LF of each CRLF; a CR by itself stays. */
export async function* decodeNvt(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let hasCr = false;
  for await (const piece of pieces) {
    const shorter = new Uint8Array(piece.length + 1);
    let length = 0;
    for (const byte of piece) {
      if (hasCr && byte !== LF) shorter[length++] = CR;
      hasCr = byte === CR;
      if (!hasCr) shorter[length++] = byte;
    }
    yield shorter.subarray(0, length);
  }
  if (hasCr) yield Uint8Array.of(CR);
}
