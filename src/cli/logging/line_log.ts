/**
 * Lines of a log on standard error, many in one write.
 *
 * @module
 */

import type { Output } from "../terminal/output.ts";

/** How long a line may wait, in milliseconds. */
const DELAY_MS = 100;
/** Size from which lines are written at once, in characters. */
const FULL = 64 * 1024;
/** Size of lines that wait while nobody reads, in characters; further ones are lost, and counted. */
const MAX_WAITING = 8 * 1024 * 1024;

/** Writes lines in the background: a server does not wait for who reads its log. */
export class LineLog {
  readonly #output: Output;
  #text = "";
  #lost = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;

  /**
   * @param output Where lines go.
   */
  constructor(output: Output) {
    this.#output = output;
  }

  /**
   * Adds a line.
   * @param line Without its end.
   * @param isUrgent Whether it is written at once.
   */
  add(line: string, isUrgent: boolean = false): void {
    if (this.#text.length + line.length > MAX_WAITING) this.#lost++;
    else this.#text += `${line}\n`;
    if (isUrgent || this.#text.length > FULL) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), DELAY_MS);
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    this.#write();
    await this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => this.#writing = undefined);
  }

  async #writeAll(): Promise<void> {
    while (this.#text !== "" || this.#lost > 0) {
      const note = this.#lost === 0 ? "" : `lost lines: ${this.#lost} (nobody reads them)\n`;
      const text = this.#text + note;
      this.#text = "";
      this.#lost = 0;
      try {
        await this.#output.text(text);
      } catch {
        // A server continues if its log is not read any more.
        return;
      }
    }
  }
}
