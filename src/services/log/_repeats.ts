/**
 * Messages that repeat, as one.
 *
 * @module
 */

import type { SyslogMessage } from "../../protocols/syslog/mod.ts";
import type { CollectedMessage } from "./_message_line.ts";

/** How long repeated messages wait to be told, in milliseconds. */
const WINDOW_MS = 30_000;

/** Recognises a message that says the same as the one before it, apart from its time. */
export class Repeats {
  readonly #tell: (count: number, last: SyslogMessage) => void;
  #key = "";
  #last: SyslogMessage | undefined;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param tell Told how often a message was repeated, when another one comes, and every half minute.
   */
  constructor(tell: (count: number, last: SyslogMessage) => void) {
    this.#tell = tell;
  }

  /**
   * Takes a message.
   * @param collected The message.
   * @returns Whether it only repeats the one before it.
   */
  isRepeat({ message, from, isTruncated }: CollectedMessage): boolean {
    // Nothing but the times may differ.
    const { raw: _, timestamp: __, writtenTimestamp: ___, ...said } = message;
    const key = JSON.stringify([from, isTruncated, said]);
    if (key === this.#key) {
      this.#count++;
      this.#last = message;
      if (this.#timer === undefined) {
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.flush();
        }, WINDOW_MS);
        Deno.unrefTimer(this.#timer);
      }
      return true;
    }
    this.flush();
    this.#key = key;
    return false;
  }

  /** Tells what has not been told. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [count, last] = [this.#count, this.#last];
    this.#count = 0;
    if (count > 0) this.#tell(count, last!);
  }
}
