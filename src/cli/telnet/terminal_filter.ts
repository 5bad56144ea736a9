/**
 * Filters a server's control functions: cursor, colours and screens reach the user's terminal, nothing else does.
 *
 * @module
 */

import { ControlParser, type ControlSequence } from "../../programs/dialogue/internal.ts";

/** Control characters that stay: BEL, BS, HT, LF, VT, FF, CR, SO, SI. */
const CONTROLS = /^[\x07-\x0f]$/;
/** Functions of ESC that stay: cursor, index, tabs, keypad, and character sets. */
const ESCAPES = /^(?:[78DEHM=>NOc]|[()*+][A-Z0-9])$/;
/**
 * Functions of CSI that stay: cursor, erasing, scrolling, colours, modes, the shape of the cursor, and questions for the
 * cursor's place and the kind of terminal. Left out are questions about titles and settings, changes of the window, and
 * printing.
 */
const CSI = /^(?:[@A-HJ-MPSTXZ`a-hlmru]|[cn]|s|[?][hlJK]|>c| q|!p)$/;
/** Private modes that stay: cursor keys, colours, origin, wrapping, cursor, mouse, own screen, marks around pastes. */
const MODES: ReadonlySet<number> = new Set([
  ...[1, 5, 6, 7, 12, 25, 47, 66, 1000, 1002, 1003, 1004, 1005, 1006, 1015],
  ...[1047, 1048, 1049, 2004],
]);
/** Modes that are on by themselves. */
const USUALLY_ON: ReadonlySet<number> = new Set([7, 25]);

/** Most times that one function repeats a character. */
const MAX_REPEATED = 1000;

/** All rows scroll again; that moves the cursor, which is put back. */
const WHOLE_SCREEN = "\x1b7\x1b[r\x1b8";

/** Passes a server's text on to a terminal, without what could harm it. */
export class TerminalFilter {
  readonly #parser: ControlParser;
  #out = "";
  /** Private modes that were changed. */
  readonly #changed = new Set<number>();
  /** What else has to be undone. */
  readonly #undo = new Set<string>();

  constructor() {
    this.#parser = new ControlParser({
      print: (text) => this.#out += text,
      control: (character) => this.#control(character),
      sequence: (sequence) => this.#sequence(sequence),
    });
  }

  /**
   * Filters text.
   * @param text The next piece from the server.
   * @returns Text for the terminal.
   */
  filter(text: string): string {
    this.#parser.write(text);
    const out = this.#out;
    this.#out = "";
    return out;
  }

  /** Returns the sequences that restore the terminal. */
  restore(): string {
    const modes = [...this.#changed].map((mode) =>
      `\x1b[?${mode}${USUALLY_ON.has(mode) ? "h" : "l"}`
    );
    const text = [...this.#undo, ...modes].join("");
    this.#changed.clear();
    this.#undo.clear();
    return text;
  }

  #control(character: string): void {
    if (!CONTROLS.test(character)) return;
    this.#out += character;
    if (character === "\x0e") this.#undo.add("\x0f");
  }

  #sequence(sequence: ControlSequence): void {
    const { name, isCsi, text, parameters } = sequence;
    if (!isCsi) {
      if (!ESCAPES.test(name)) return;
      if (name === "=") this.#undo.add("\x1b>");
      if (name.length === 2) this.#undo.add("\x1b(B");
      this.#out += text;
      return;
    }
    if (!CSI.test(name)) return;
    if (name === "?h" || name === "?l") return this.#modes(parameters, name === "?h");
    if (name === "h" || name === "l") return this.#ansiModes(parameters, name);
    // A character that is repeated for ever would keep the terminal busy.
    if (name === "b" && (parameters[0] ?? 1) > MAX_REPEATED) return;
    // Of reports there are those of the cursor and that the terminal is there.
    if (name === "n" && !/^\x1b\[[56]n$/.test(text)) return;
    if (name === "m") this.#undo.add("\x1b[m");
    else if (name === "r") this.#undo.add(WHOLE_SCREEN);
    else if (name === " q") this.#undo.add("\x1b[ q");
    this.#out += text;
  }

  /** Inserting, and LF as a line end; other modes lock the keyboard or change the echo. */
  #ansiModes(parameters: ControlSequence["parameters"], name: "h" | "l"): void {
    for (const mode of parameters) {
      if (mode !== 4 && mode !== 20) continue;
      this.#out += `\x1b[${mode}${name}`;
      if (name === "h") this.#undo.add(`\x1b[${mode}l`);
      else this.#undo.delete(`\x1b[${mode}l`);
    }
  }

  #modes(parameters: ControlSequence["parameters"], isOn: boolean): void {
    for (const mode of parameters) {
      if (mode === undefined || !MODES.has(mode)) continue;
      if (isOn === USUALLY_ON.has(mode)) this.#changed.delete(mode);
      else this.#changed.add(mode);
      this.#out += `\x1b[?${mode}${isOn ? "h" : "l"}`;
    }
  }
}
