/**
 * A line that a person types at a terminal which sends single characters: editing and echo.
 *
 * @module
 */

import { characterWidth } from "./character_width.ts";

/** Limits of a {@link LineBuffer}. */
export interface LineBufferOptions {
  /** Maximum line length in characters; more is answered by a bell. @default {1000} */
  readonly maxLength?: number | undefined;
}

/** The results of keys. */
export interface Typed {
  /** Lines that were ended, without their endings. */
  readonly lines: string[];
  /** Output for the terminal. */
  shown: string;
  /** Whether the input was ended (Control-D in an empty line). */
  isEnd: boolean;
  /** Whether a character did not fit. */
  isOverflow?: boolean;
}

const BELL = "\x07";
/** Moves back and overwrites, as all terminals understand it. */
const RUBOUT = "\b \b";

/** A line that is being typed. */
export class LineBuffer {
  readonly #maxLength: number;
  #characters: string[] = [];
  #afterCr = false;
  /** Within a sequence that begins with ESC: how it continues. */
  #sequence: "none" | "escape" | "parameters" = "none";

  /** @param options The limit. */
  constructor(options: LineBufferOptions = {}) {
    this.#maxLength = options.maxLength ?? 1000;
  }

  /** The line so far. */
  get text(): string {
    return this.#characters.join("");
  }

  /** The line so far, as the terminal shows it. */
  get shown(): string {
    return this.#characters.map(shownAs).join("");
  }

  /**
   * Takes characters.
   * @param text The typed characters.
   * @param typed Receives lines and echo.
   * @param maxLines Lines after which it stops. @default {Infinity}
   * @returns The characters that are left.
   */
  type(text: string, typed: Typed, maxLines = Infinity): string {
    let length = 0;
    for (const character of text) {
      if (typed.lines.length >= maxLines) break;
      length += character.length;
      if (this.#sequence !== "none") this.#continue(character, typed);
      else if (character === "\n" && this.#afterCr) this.#afterCr = false;
      else {
        this.#afterCr = character === "\r";
        this.#press(character, typed);
      }
    }
    return text.slice(length);
  }

  #press(character: string, typed: Typed): void {
    switch (character) {
      case "\r":
      case "\n":
        typed.lines.push(this.text);
        this.#characters = [];
        typed.shown += "\r\n";
        return;
      case "\b":
      case "\x7f":
        return this.eraseCharacter(typed);
      case "\x03":
        return this.interrupt(typed);
      case "\x04":
        if (this.#characters.length === 0) typed.isEnd = true;
        return;
      case "\x12":
        typed.shown += `^R\r\n${this.shown}`;
        return;
      case "\x15":
        return this.eraseLine(typed);
      case "\x17":
        return this.#eraseWord(typed);
      case "\x1b":
        this.#sequence = "escape";
        return;
      case "\0":
        return;
    }
    if (/^[\p{Cc}\ud800-\udfff]$/u.test(character) && character !== "\t") return;
    if (this.#characters.length >= this.#maxLength) {
      typed.shown += BELL;
      typed.isOverflow = true;
      return;
    }
    this.#characters.push(character);
    typed.shown += shownAs(character);
  }

  /** Keys such as arrows send sequences, which mean nothing here (ECMA-48). */
  #continue(character: string, typed: Typed): void {
    // A key that does something by itself ends the sequence.
    if (character < " " || character === "\x7f") {
      this.#sequence = "none";
      this.type(character, typed);
      return;
    }
    if (this.#sequence === "escape") {
      this.#sequence = character === "[" || character === "O" ? "parameters" : "none";
    } else if (!/[0-9;?]/.test(character)) this.#sequence = "none";
  }

  /** Erases the last character (EC, RFC 854). */
  eraseCharacter(typed: Typed): void {
    const last = this.#characters.pop();
    if (last !== undefined) typed.shown += rubout(last);
  }

  /** Erases the line (EL, RFC 854). */
  eraseLine(typed: Typed): void {
    typed.shown += this.#characters.reverse().map(rubout).join("");
    this.#characters = [];
  }

  /** Drops the line (IP, RFC 854). */
  interrupt(typed: Typed): void {
    typed.shown += "^C\r\n";
    this.#characters = [];
  }

  #eraseWord(typed: Typed): void {
    while (this.#characters.at(-1) === " ") this.eraseCharacter(typed);
    while (this.#characters.length > 0 && this.#characters.at(-1) !== " ") {
      this.eraseCharacter(typed);
    }
  }
}

function shownAs(character: string): string {
  return character === "\t" ? " " : character;
}

function rubout(character: string): string {
  return RUBOUT.repeat(characterWidth(character));
}
