/**
 * A file to which lines are added, such as a log.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";

/** Most characters that wait to be written together. */
const MAX_WAITING = 65_536;

/**
 * Appends lines to a file; those of one turn are written together. The file is opened for each write, so
 * that it may be moved away at any time, and several processes may share it.
 */
export class AppendedLines {
  readonly #path: string;
  readonly #mode: number;
  #waiting = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failure: NetwrightError | undefined;

  /**
   * Writes nothing yet, but makes sure that it could.
   * @param path The file; made if it is not there.
   * @param mode Its permission bits if it is made: by default its owner and group may read it.
   * @throws {NetwrightError} If it cannot be written.
   */
  constructor(path: string, mode: number = 0o640) {
    this.#path = path;
    this.#mode = mode;
    this.#write("");
    this.#throwFailure();
  }

  /**
   * Adds a line.
   * @param line Without its end; text of others must be cleaned.
   * @throws {NetwrightError} If lines before could not be written; they are lost, this one is not.
   */
  add(line: string): void {
    this.#waiting += `${line}\n`;
    if (this.#waiting.length > MAX_WAITING) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), 0);
    this.#throwFailure();
  }

  /** Writes queued lines, before the program ends; a failure is reported at the next line. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#waiting;
    this.#waiting = "";
    if (text !== "") this.#write(text);
  }

  #write(text: string): void {
    try {
      Deno.writeTextFileSync(this.#path, text, { append: true, mode: this.#mode });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#failure = new NetwrightError(reason, {
        operation: "append to",
        peer: this.#path,
        cause,
      });
    }
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }
}
