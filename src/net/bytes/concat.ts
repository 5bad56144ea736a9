/**
 * Pieces of bytes as a whole.
 *
 * @module
 */

import { LimitError } from "../core/errors.ts";

/**
 * Joins pieces.
 *
 * @param pieces In order.
 * @returns One array; the only piece itself, if there is one.
 */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * Reads a stream to its end.
 *
 * @param pieces The stream; a piece need not stay valid longer than until the next.
 * @param maxBytes Most that may come. @default none, where the stream itself has a limit
 * @returns All of it.
 * @throws {LimitError} If more comes.
 *
 * @example Everything at once
 * ```ts
 * import { toBytes } from "./concat.ts";
 * async function* pieces() {
 *   yield Uint8Array.of(1);
 *   yield Uint8Array.of(2, 3);
 * }
 * if ((await toBytes(pieces())).join() !== "1,2,3") throw new Error("lost");
 * ```
 */
export async function toBytes(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number = Infinity,
): Promise<Uint8Array> {
  const copies: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > maxBytes) {
      throw new LimitError(`more than ${maxBytes} bytes came`, {
        operation: "read",
        limit: maxBytes,
      });
    }
    copies.push(piece.slice());
  }
  return concat(copies);
}
