/**
 * Lines of the user as network protocols end them.
 *
 * @module
 */

const LF = 10;
const CR = 13;

/** Gives each LF a CR before it, across pieces. */
export class CrlfEncoder {
  #last = 0;

  /**
   * Converts a piece.
   * @param bytes The next bytes.
   * @returns The same with CR LF; a CR that is there already is not doubled.
   */
  encode(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes.length * 2);
    let length = 0;
    for (const byte of bytes) {
      if (byte === LF && this.#last !== CR) out[length++] = CR;
      out[length++] = byte;
      this.#last = byte;
    }
    return out.subarray(0, length);
  }
}
