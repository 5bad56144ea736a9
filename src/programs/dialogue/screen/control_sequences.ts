/**
 * Text of a terminal, told apart from its control functions (ECMA-48).
 *
 * @module
 */

/** A control function with its parameters, such as `ESC [ 2 ; 5 H`. */
export interface ControlSequence {
  /** Its final character, behind the private and intermediate characters of CSI. */
  readonly name: string;
  /** Whether it is one of CSI; else of ESC alone. */
  readonly isCsi: boolean;
  /** Its parameters; a missing one is undefined. */
  readonly parameters: readonly (number | undefined)[];
  /** The whole of it, as it came. */
  readonly text: string;
}

/** Receives the parts of the text. */
export interface ControlEvents {
  /** Characters that are shown. */
  print(text: string): void;
  /** A control character, such as LF. */
  control(character: string): void;
  /** A control function. */
  sequence(sequence: ControlSequence): void;
}

/** Longest parameters of a sequence; what is longer is none. */
const MAX_SEQUENCE = 64;

type State = "text" | "escape" | "csi" | "one-more" | "string" | "string-escape";

/** Parses text in any pieces. Strings of commands (OSC, DCS, APC, PM, SOS) are left out. */
export class ControlParser {
  readonly #events: ControlEvents;
  #state: State = "text";
  #sequence = "";

  /** @param events Receives the parts. */
  constructor(events: ControlEvents) {
    this.#events = events;
  }

  /**
   * Takes text.
   * @param text The next piece.
   */
  write(text: string): void {
    for (let at = 0; at < text.length;) {
      if (this.#state === "text") {
        CONTROL.lastIndex = at;
        const found = CONTROL.exec(text);
        const end = found?.index ?? text.length;
        if (end > at) this.#events.print(text.slice(at, end));
        if (found !== null) this.#control(found[0]);
        at = end + 1;
      } else this.#continue(text[at++]!);
    }
  }

  #control(character: string): void {
    switch (character) {
      case "\x1b":
        return this.#begin("escape");
      case "\x9b":
        return this.#begin("csi");
      case "\x90":
      case "\x98":
      case "\x9d":
      case "\x9e":
      case "\x9f":
        return this.#begin("string");
      default:
        this.#events.control(character);
    }
  }

  #begin(state: State): void {
    this.#state = state;
    this.#sequence = "";
  }

  #continue(character: string): void {
    const state = this.#state;
    if (state === "string" || state === "string-escape") return this.#skipString(character);
    // CAN and SUB end a sequence, ESC begins another; other controls are executed within it.
    if (character === "\x18" || character === "\x1a") return this.#begin("text");
    if (character === "\x1b") return this.#begin("escape");
    if (character < " ") return this.#events.control(character);
    if (state === "csi") return this.#csi(character);
    this.#state = "text";
    // ESC, an intermediate character and one more select character sets, and the like.
    if (state === "one-more") return this.#escape(this.#sequence + character);
    if (character === "[") this.#begin("csi");
    else if (/[\]PX^_]/.test(character)) this.#begin("string");
    else if (/[ -/]/.test(character)) {
      this.#begin("one-more");
      this.#sequence = character;
    } else this.#escape(character);
  }

  #escape(name: string): void {
    this.#events.sequence({ name, isCsi: false, parameters: [], text: `\x1b${name}` });
  }

  #csi(character: string): void {
    if (character < "@") {
      this.#sequence += character;
      if (this.#sequence.length > MAX_SEQUENCE) this.#begin("text");
      return;
    }
    this.#state = "text";
    if (character > "~") return;
    const parameters = this.#sequence.replace(/[^0-9;]/g, "").split(";")
      .map((digits) => digits === "" ? undefined : Math.min(Number(digits), 9999));
    const marks = this.#sequence.replace(/[0-9;:]/g, "");
    const text = `\x1b[${this.#sequence}${character}`;
    this.#events.sequence({ name: marks + character, isCsi: true, parameters, text });
  }

  /** A string ends with ST or BEL; ESC by itself aborts it, so that one without an end hides nothing. */
  #skipString(character: string): void {
    if (this.#state === "string-escape") {
      if (character === "\\") return this.#begin("text");
      this.#begin("escape");
      return this.#continue(character);
    }
    if (character === "\x1b") this.#state = "string-escape";
    else if (/[\x07\x18\x1a\x9c]/.test(character)) this.#begin("text");
  }
}

/** Control characters, of 7 and of 8 bits. */
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;
