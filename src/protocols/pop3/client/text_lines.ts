/**
 * Lines of a text that comes in pieces.
 *
 * @module
 */

import { LimitError } from "../../../net/mod.ts";

/** Maximum length of a line of a listing, in characters. */
const MAX_LINE_LENGTH = 8192;

/** Collects pieces and gives whole lines. */
export class TextLines {
  readonly #decoder = new TextDecoder("latin1");
  #rest = "";

  /**
   * Adds a piece.
   * @param piece Bytes; each is a character.
   */
  add(piece: Uint8Array): void {
    this.#rest += this.#decoder.decode(piece, { stream: true });
  }

  /**
   * Yields the lines that are complete, without their ends.
   * @throws {LimitError} If a line is too long.
   */
  *take(): Generator<string> {
    const lines = this.#rest.split("\n");
    this.#rest = lines.pop()!;
    if (this.#rest.length > MAX_LINE_LENGTH) {
      throw new LimitError(`a line is longer than ${MAX_LINE_LENGTH} characters`, {
        operation: "read a list",
        limit: MAX_LINE_LENGTH,
      });
    }
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
}
