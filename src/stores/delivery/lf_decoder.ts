/**
 * Lines of the network as files of this system have them.
 *
 * @module
 */

const LF = 10;
const CR = 13;

/** Takes the CR before each LF away, across pieces; other CR stay. */
export class LfDecoder {
  #hasCr = false;

  /**
   * Converts a piece.
   * @param bytes The next bytes.
   * @returns The same with LF.
   */
  decode(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes.length + 1);
    let length = 0;
    for (const byte of bytes) {
      if (this.#hasCr && byte !== LF) out[length++] = CR;
      this.#hasCr = byte === CR;
      if (byte !== CR) out[length++] = byte;
    }
    return out.subarray(0, length);
  }

  /**
   * Ends the text.
   * @returns A CR that was kept back.
   */
  end(): Uint8Array {
    const rest = this.#hasCr ? Uint8Array.of(CR) : new Uint8Array(0);
    this.#hasCr = false;
    return rest;
  }
}

/**
 * Converts a text.
 *
 * @param text Pieces, lines ending with CRLF.
 * @returns Pieces, lines ending with LF.
 */
export async function* withLf(text: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new LfDecoder();
  for await (const piece of text) yield decoder.decode(piece);
  yield decoder.end();
}
