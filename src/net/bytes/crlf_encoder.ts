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
   * @returns The same with CR LF, the piece itself if it is so; a CR that is there already is not doubled.
   */
  encode(bytes: Uint8Array): Uint8Array {
    const bare: number[] = [];
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
      if ((at === 0 ? this.#last : bytes[at - 1]) !== CR) bare.push(at);
    }
    this.#last = bytes.at(-1) ?? this.#last;
    if (bare.length === 0) return bytes;
    const out = new Uint8Array(bytes.length + bare.length);
    let from = 0;
    let length = 0;
    for (const at of bare) {
      out.set(bytes.subarray(from, at), length);
      length += at - from;
      out[length++] = CR;
      from = at;
    }
    out.set(bytes.subarray(from), length);
    return out;
  }
}
