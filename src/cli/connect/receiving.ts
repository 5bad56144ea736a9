/**
 * Receives a server's output in the background while we send.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import { type Connection, Deadline, TimeoutError, toNetwrightError } from "../../net/mod.ts";

/** Takes all that comes from a connection until its end. */
export class Receiving {
  /** Resolves to the number of bytes at the end of the stream, or rejects with what went wrong. */
  readonly ended: Promise<number>;
  readonly #connection: Connection;
  readonly #peer: string;
  #bytes = 0;
  #news = Promise.withResolvers<void>();

  /**
   * Begins at once.
   * @param connection From where.
   * @param peer Who that is, for errors.
   * @param take Takes a piece, which is its own to keep.
   */
  constructor(connection: Connection, peer: string, take: (piece: Uint8Array) => Promise<void>) {
    this.#connection = connection;
    this.#peer = peer;
    this.ended = this.#run(take);
    // Code that waits for something else sees it later.
    this.ended.catch(() => {});
  }

  /** How many bytes came till now. */
  get bytes(): number {
    return this.#bytes;
  }

  async #run(take: (piece: Uint8Array) => Promise<void>): Promise<number> {
    // A datagram that does not fit would be cut.
    const buffer = new Uint8Array(65_536);
    while (true) {
      let count: number | null;
      try {
        count = await this.#connection.read(buffer);
      } catch (error) {
        throw toNetwrightError(error, { operation: "read", peer: this.#peer });
      }
      this.touch();
      if (count === null) return this.#bytes;
      await take(buffer.slice(0, count));
      this.#bytes += count;
    }
  }

  /** Records other activity, such as a sent piece, which ends a silence too. */
  touch(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /**
   * Waits for the end, as long as there is activity.
   * @param idleTimeoutMs Longest silence, in milliseconds; then the connection is closed.
   * @returns The number of bytes.
   * @throws {TimeoutError} If the silence was longer.
   */
  async untilSilent(idleTimeoutMs: number): Promise<number> {
    using deadline = new Deadline({ idleTimeoutMs }, { operation: "read", peer: this.#peer });
    let over = false;
    const ended = this.ended.finally(() => over = true);
    while (!over) {
      await deadline.wait(
        Promise.race([this.#news.promise, ended]),
        () => closeQuietly(this.#connection),
      );
    }
    return await ended;
  }
}

/** Where silence is an ordinary end, takes it for one. */
export function unlessLate(error: unknown): void {
  if (!(error instanceof TimeoutError)) throw error;
}
