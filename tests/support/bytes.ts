/**
 * Bytes cut into pieces, and readers over them.
 *
 * @module
 */

import { LineReader, type LineReaderOptions } from "../../src/net/mod.ts";

/** Cuts bytes at places that need not be sorted, distinct or within. */
export function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const edges = [0, ...places, bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
}

/** A source that gives these pieces, one a read, and counts them. */
export function source(
  pieces: readonly Uint8Array[],
): { read(p: Uint8Array): Promise<number | null>; given: number } {
  const queue = pieces.map((piece) => piece.slice());
  return {
    given: 0,
    read(p) {
      const piece = queue.shift();
      if (piece === undefined) return Promise.resolve(null);
      const count = Math.min(p.length, piece.length);
      p.set(piece.subarray(0, count));
      if (count < piece.length) queue.unshift(piece.subarray(count));
      this.given += count;
      return Promise.resolve(count);
    },
  };
}

/** A reader that gets these pieces, one a read. */
export function readerOf(
  pieces: readonly Uint8Array[],
  options: LineReaderOptions = {},
): LineReader {
  return new LineReader(source(pieces), options);
}

/** All pieces in one. */
export function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Bytes as text, a character for each. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
