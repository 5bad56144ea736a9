/**
 * Reads the tokens of structured fields (RFC 5322 §3.2) from left to right, in time proportional to their length.
 *
 * @module
 */

/** Maximum depth of comments; deeper ones count as text. */
const MAX_COMMENT_DEPTH = 50;

/** A place in a field, and what can be read there. */
export class FieldScanner {
  /** The field, unfolded. */
  readonly text: string;
  /** The position of the next character. */
  at = 0;
  /** The text of the comment that was skipped last. */
  comment: string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether all was read. */
  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character; empty at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  /** Takes a character, if it is the next. */
  take(character: string): boolean {
    if (this.text.charAt(this.at) !== character) return false;
    this.at++;
    return true;
  }

  /**
   * Skips white space and comments.
   * @returns Whether there was any.
   */
  skipBlank(): boolean {
    const start = this.at;
    while (this.at < this.text.length) {
      if (isBlank(this.text.charCodeAt(this.at))) this.at++;
      else if (this.next === "(") this.#skipComment();
      else break;
    }
    return this.at > start;
  }

  /** Skips white space, but no comments. */
  skipSpace(): void {
    while (isBlank(this.text.charCodeAt(this.at))) this.at++;
  }

  /**
   * Reads a quoted string, if one is next: the text between the quotes, without its backslashes. One without its
   * end goes to the end of the text.
   */
  quotedString(): string | undefined {
    if (this.next !== '"') return undefined;
    return this.#until('"');
  }

  /** Reads characters up to one of a set; perhaps none. */
  until(stops: string): string {
    const start = this.at;
    while (this.at < this.text.length && !stops.includes(this.text.charAt(this.at))) this.at++;
    return this.text.slice(start, this.at);
  }

  /** Reads the text between the next character and its end, and takes both. */
  #until(close: string): string {
    this.at++;
    let value = "";
    let start = this.at;
    while (this.at < this.text.length) {
      const character = this.text.charAt(this.at);
      if (character === close) {
        value += this.text.slice(start, this.at++);
        return value;
      }
      if (character === "\\" && this.at + 1 < this.text.length) {
        value += this.text.slice(start, this.at);
        start = ++this.at;
      }
      this.at++;
    }
    return value + this.text.slice(start);
  }

  /** Reads a domain literal with its brackets, such as `[192.0.2.1]`, if one is next. */
  domainLiteral(): string | undefined {
    return this.next === "[" ? `[${this.#until("]").trim()}]` : undefined;
  }

  #skipComment(): void {
    let depth = 0;
    let value = "";
    let start = this.at + 1;
    while (this.at < this.text.length) {
      const character = this.text.charAt(this.at);
      if (character === "\\") {
        value += this.text.slice(start, this.at);
        start = this.at + 1;
        this.at++;
      } else if (character === "(" && depth < MAX_COMMENT_DEPTH) depth++;
      else if (character === ")" && --depth === 0) break;
      this.at++;
    }
    this.comment = (value + this.text.slice(start, this.at)).trim();
    this.at++;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}
