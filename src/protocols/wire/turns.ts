/**
 * Long work that lets other clients have their turns.
 *
 * @module
 */

/** Longer than this no other client waits, in milliseconds. */
const MAX_BUSY_MS = 20;

/** The turns of one command. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #began = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Whether it is time to {@link pause}. */
  get isDue(): boolean {
    return performance.now() - this.#began > MAX_BUSY_MS;
  }

  /**
   * Lets others have their turns, if this one has lasted long enough.
   * @throws The reason of the signal, if the session is to end.
   */
  async pause(): Promise<void> {
    if (!this.isDue) return;
    this.#signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#began = performance.now();
  }
}
