/**
 * A message's text on its way from the client to its consumer.
 *
 * @module
 */

/** Text that is given piece by piece to one who takes it at its own pace. */
export class TextPipe implements AsyncIterable<Uint8Array> {
  #piece: Uint8Array | undefined;
  #ended = false;
  #failure: unknown;
  #failed = false;
  #given: PromiseWithResolvers<void> = Promise.withResolvers();
  #taken: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Passes a piece on; resolves when it was taken, or the consumer is gone. */
  async give(piece: Uint8Array): Promise<void> {
    if (this.#ended || piece.length === 0) return;
    this.#piece = piece;
    this.#taken = Promise.withResolvers();
    this.#given.resolve();
    await this.#taken.promise;
  }

  /** Ends the text. */
  end(): void {
    this.#ended = true;
    this.#given.resolve();
  }

  /** Ends it with an error: nothing of it may be kept. */
  fail(error: unknown): void {
    this.#failure = error;
    this.#failed = true;
    this.end();
  }

  /** Discards all further pieces. */
  stop(): void {
    this.#ended = true;
    this.#taken.resolve();
  }

  /** The pieces, once. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      while (true) {
        await this.#given.promise;
        if (this.#failed) throw this.#failure;
        const piece = this.#piece;
        if (piece === undefined) return;
        this.#piece = undefined;
        if (!this.#ended) this.#given = Promise.withResolvers();
        yield piece;
        this.#taken.resolve();
      }
    } finally {
      this.stop();
    }
  }
}
