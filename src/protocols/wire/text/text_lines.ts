/**
 * Lines of a text that comes in pieces.
 *
 * @module
 */

import { LimitError } from "../../../net/mod.ts";

/** How {@link TextLines} reads. */
export interface TextLinesOptions {
  /** Encoding of the text; in UTF-8 malformed bytes become U+FFFD. @default {"latin1"} */
  readonly encoding?: "latin1" | "utf-8" | undefined;
  /** Maximum length of a line, in characters. @default {8192} */
  readonly maxLineLength?: number | undefined;
}

/** Collects pieces and gives whole lines. */
export class TextLines {
  readonly #decoder: TextDecoder;
  readonly #maxLength: number;
  #rest = "";

  constructor({ encoding = "latin1", maxLineLength = 8192 }: TextLinesOptions = {}) {
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    this.#maxLength = maxLineLength;
  }

  /**
   * Adds a piece.
   * @param piece Bytes.
   */
  add(piece: Uint8Array): void {
    this.#rest += this.#decoder.decode(piece, { stream: true });
  }

  /**
   * Takes the lines that are complete, without their ends.
   * @returns The lines.
   * @throws {LimitError} If a line is too long.
   */
  take(): string[] {
    const lines = this.#rest.split("\n");
    this.#rest = lines.pop()!;
    this.#check(this.#rest);
    for (const [index, line] of lines.entries()) {
      this.#check(line);
      if (line.endsWith("\r")) lines[index] = line.slice(0, -1);
    }
    return lines;
  }

  #check(line: string): void {
    if (line.length <= this.#maxLength) return;
    throw new LimitError(`a line is longer than ${this.#maxLength} characters`, {
      operation: "read a list",
      limit: this.#maxLength,
    });
  }
}
