/**
 * Turns of one server: how many requests at once, how long between two, and when it asked to be left alone.
 *
 * @module
 */

/** The pace of requests to one server. */
export interface Pace {
  /** Maximum number of requests at once. */
  readonly perHost: number;
  /** Minimum time between the beginnings of two requests, in milliseconds. */
  readonly delayMs: number;
}

/** Failures to connect, one after the other, after which a server counts as gone. */
const MAX_FAILURES = 5;

/** The turns of one server. */
export class HostTurns {
  /** Requests that run. */
  running = 0;
  /** Why no more requests are made; undefined while some are. */
  gone: string | undefined;
  #pace: Pace;
  #nextAt = 0;
  #pausedUntil = 0;
  #failures = 0;

  /**
   * @param pace The pace.
   */
  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Slows down: the server's own wish counts if it is longer. */
  slowTo(delayMs: number): void {
    if (delayMs > this.#pace.delayMs) this.#pace = { perHost: 1, delayMs };
  }

  /**
   * Says when the next request may begin.
   * @param now The time.
   * @returns The time; infinite while the maximum number runs.
   */
  readyAt(now: number): number {
    if (this.running >= this.#pace.perHost) return Infinity;
    return Math.max(now, this.#nextAt, this.#pausedUntil);
  }

  /** A request begins. */
  begin(now: number): void {
    this.running++;
    this.#nextAt = now + this.#pace.delayMs;
  }

  /** A request ended. */
  end(): void {
    this.running--;
  }

  /** Takes a turn that was not planned, such as that for `robots.txt`. */
  extra(now: number): void {
    this.#nextAt = Math.max(now, this.#nextAt) + this.#pace.delayMs;
  }

  /** The server asked to be left alone for a while. */
  pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time);
  }

  /** The server answered. */
  reached(): void {
    this.#failures = 0;
  }

  /**
   * No connection could be made.
   * @param reason Why.
   * @param isFinal Whether no attempt can help: there is no such name.
   */
  missed(reason: string, isFinal: boolean): void {
    if (++this.#failures >= MAX_FAILURES || isFinal) this.gone = reason;
  }
}
