/**
 * What all content transfer encodings have in common (RFC 2045 §6).
 *
 * @module
 */

import { concat } from "../../net/internal.ts";

/** Turns one stream of bytes into another, a piece at a time; a fresh one for every part. */
export interface TransferCoder {
  /**
   * Takes the next piece.
   * @param piece Any number of bytes, cut anywhere. They are not kept.
   * @returns What can be said so far, perhaps nothing. It may be a view of `piece`.
   */
  push(piece: Uint8Array): Uint8Array;
  /**
   * Ends the stream.
   * @returns The bytes that were still held back.
   */
  end(): Uint8Array;
  /** The first defect of the input, for decoders: a few words, or undefined. */
  readonly defect: string | undefined;
}

/** No bytes. */
export const EMPTY: Uint8Array = new Uint8Array(0);

/** 7bit, 8bit and binary: nothing is changed. */
export class IdentityCoder implements TransferCoder {
  /** Nothing is ever wrong. */
  readonly defect: undefined = undefined;

  /**
   * Gives the piece back.
   * @param piece Bytes.
   * @returns The same.
   */
  push(piece: Uint8Array): Uint8Array {
    return piece;
  }

  /**
   * Ends the stream.
   * @returns Nothing.
   */
  end(): Uint8Array {
    return EMPTY;
  }
}

/**
 * Codes a whole of bytes at once.
 *
 * @param coder A fresh coder.
 * @param bytes All bytes.
 * @returns All of the result.
 */
export function encodeAll(coder: TransferCoder, bytes: Uint8Array): Uint8Array {
  const first = coder.push(bytes);
  const last = coder.end();
  return last.length === 0 ? first : concat([first, last]);
}
