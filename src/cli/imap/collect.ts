/**
 * Messages that are sent: their size must be known first.
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { LimitError } from "../../net/mod.ts";
import { MAX_MESSAGE } from "../mail/input.ts";

/**
 * Reads a message into memory.
 *
 * @param text The message.
 * @returns Its bytes.
 * @throws {LimitError} If it is too large.
 */
export async function collect(text: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of text) {
    bytes += piece.length;
    if (bytes > MAX_MESSAGE) {
      throw new LimitError(`a message is larger than ${MAX_MESSAGE} bytes`, {
        operation: "read a message",
        limit: MAX_MESSAGE,
      });
    }
    pieces.push(piece.slice());
  }
  return concat(pieces);
}
