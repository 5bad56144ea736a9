/**
 * Lines that end with CRLF, whatever they ended with.
 *
 * @module
 */

import { EMPTY, type TransferCoder } from "./transfer_coding.ts";

const LF = 0x0a;
const CR = 0x0d;

/**
 * Makes every line end with CRLF: unencoded text must not have a CR or LF by itself (RFC 5322 §2.3).
 *
 * @example Two kinds of ends
 * ```ts
 * import { encodeAll } from "./transfer_coding.ts";
 * import { LineBreaks } from "./line_breaks.ts";
 * const bytes = encodeAll(new LineBreaks(), new TextEncoder().encode("a\nb\r\n"));
 * if (new TextDecoder().decode(bytes) !== "a\r\nb\r\n") throw new Error("they differ");
 * ```
 */
export class LineBreaks implements TransferCoder {
  /** There is nothing that it could not take. */
  readonly defect: undefined = undefined;
  #afterCr = false;

  /**
   * Takes a piece.
   * @param piece Cut anywhere.
   * @returns Its complete lines.
   */
  push(piece: Uint8Array): Uint8Array {
    if (piece.length === 0) return EMPTY;
    if (!this.#afterCr && hasOnlyCrlf(piece)) return piece.slice();
    const bytes = new Uint8Array(piece.length * 2 + 1);
    let length = 0;
    for (const byte of piece) {
      if (this.#afterCr && byte !== LF) bytes[length++] = LF;
      if (byte === LF && !this.#afterCr) bytes[length++] = CR;
      bytes[length++] = byte;
      this.#afterCr = byte === CR;
    }
    return bytes.subarray(0, length);
  }

  /**
   * Ends the text.
   * @returns The LF that a last CR by itself lacks.
   */
  end(): Uint8Array {
    const open = this.#afterCr;
    this.#afterCr = false;
    return open ? Uint8Array.of(LF) : EMPTY;
  }
}

/** Whether no line ends otherwise, and the last bytes leave nothing open. */
function hasOnlyCrlf(piece: Uint8Array): boolean {
  for (let at = 0; at < piece.length; at++) {
    const byte = piece[at]!;
    if (byte > CR) continue;
    if (byte === LF || (byte === CR && piece[++at] !== LF)) return false;
  }
  return true;
}
