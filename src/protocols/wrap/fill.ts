/**
 * Fills paragraphs: words into lines of a width.
 *
 * @module
 */

/**
 * Fills text: words move up as long as they fit, blank lines part paragraphs, a word that is too long has a line of its
 * own.
 */
export class Filler {
  readonly #width: number;
  #line = "";
  #lineWidth = 0;
  #isBetween = false;
  #hasOutput = false;

  /**
   * Begins with nothing.
   * @param columns The width of the terminal or page; as Perl's `Text::Wrap` has it, the last column stays empty.
   */
  constructor(columns: number) {
    this.#width = Math.max(1, columns - 1);
  }

  /**
   * Takes a line.
   * @param line Without its end.
   * @returns The lines that are full by now.
   */
  push(line: string): string[] {
    const words = line.split(/[ \t\r\f\v]+/).filter((word) => word !== "");
    if (words.length === 0) {
      const done = this.end();
      this.#isBetween = this.#hasOutput;
      return done;
    }
    const full: string[] = [];
    for (const word of words) {
      const width = [...word].length;
      if (this.#line !== "" && this.#lineWidth + 1 + width > this.#width) full.push(...this.end());
      if (this.#line === "") {
        if (this.#isBetween) full.push("");
        this.#isBetween = false;
        this.#line = word;
        this.#lineWidth = width;
      } else {
        this.#line += ` ${word}`;
        this.#lineWidth += 1 + width;
      }
    }
    return full;
  }

  /** Gives the line that is not full. */
  end(): string[] {
    const { length } = this.#line;
    const lines = length > 0 ? [this.#line] : [];
    this.#hasOutput ||= length > 0;
    this.#line = "";
    this.#lineWidth = 0;
    return lines;
  }
}
