/**
 * A file to which lines are added, such as a log.
 *
 * @module
 */

import { NetwrightError } from "../net/mod.ts";

/** Most characters that wait to be written together. */
const MAX_WAITING = 65_536;

/**
 * Appends lines to a file; those of one turn are written together. The file is opened for each write, so
 * that it may be moved away at any time, and several processes may share it.
 */
export class AppendedLines {
  readonly #path: string;
  #waiting = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Writes nothing yet, but makes sure that it could.
   * @param path The file; made if it is not there, readable by its owner and group.
   * @throws {NetwrightError} If it cannot be written.
   */
  constructor(path: string) {
    this.#path = path;
    this.#flush((reason) => {
      throw new NetwrightError(reason, { operation: "append to", peer: path });
    });
  }

  /**
   * Adds a line.
   * @param line Without its end; text of others must be cleaned.
   * @param onFailure Told if the file cannot be written; the lines are lost then.
   */
  add(line: string, onFailure: (reason: string) => void): void {
    this.#waiting += `${line}\n`;
    if (this.#waiting.length > MAX_WAITING) this.#flush(onFailure);
    else this.#timer ??= setTimeout(() => this.#flush(onFailure), 0);
  }

  #flush(onFailure: (reason: string) => void): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#waiting;
    this.#waiting = "";
    try {
      Deno.writeTextFileSync(this.#path, text, { append: true, mode: 0o640 });
    } catch (error) {
      onFailure(error instanceof Error ? error.message : String(error));
    }
  }
}
