/**
 * An open file in pieces.
 *
 * @module
 */

/** Bytes that are read at once. */
const PIECE_BYTES = 256 * 1024;

/** Reads a file to its end and closes it; the caller owns the pieces. Unlike a generator it closes one that was never begun. */
export class FilePieces implements AsyncIterableIterator<Uint8Array> {
  readonly #file: Deno.FsFile;
  readonly #bytes: number;
  #buffer: Uint8Array | undefined;
  #isOpen = true;

  /**
   * @param file The file.
   * @param expected How much it holds; more is read too.
   */
  constructor(file: Deno.FsFile, expected = PIECE_BYTES) {
    this.#file = file;
    // One byte more shows the end without another look.
    this.#bytes = Math.min(PIECE_BYTES, Math.max(0, expected) + 1);
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    this.#buffer ??= new Uint8Array(this.#bytes);
    const count = this.#isOpen ? await this.#file.read(this.#buffer) : null;
    if (count === null) return await this.return();
    return { done: false, value: this.#buffer.slice(0, count) };
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
