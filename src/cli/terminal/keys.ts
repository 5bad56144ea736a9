/**
 * The bytes of a terminal as keys.
 *
 * @module
 */

/** A key that edits or ends something. */
export type KeyName =
  | "enter"
  | "interrupt"
  | "end"
  | "complete"
  | "clear"
  | "left"
  | "right"
  | "word-left"
  | "word-right"
  | "home"
  | "line-end"
  | "older"
  | "newer"
  | "back"
  | "delete"
  | "delete-word-left"
  | "delete-word-right"
  | "delete-to-start"
  | "delete-to-end"
  | "yank"
  | "search"
  | "abandon";

/** A key: its action, or its text, which may be several pasted characters. */
export type Key = { readonly name: KeyName } | { readonly text: string };

const CONTROLS: ReadonlyMap<string, KeyName> = new Map([
  ["\r", "enter"],
  ["\n", "enter"],
  ["\x01", "home"],
  ["\x02", "left"],
  ["\x03", "interrupt"],
  ["\x04", "end"],
  ["\x05", "line-end"],
  ["\x06", "right"],
  ["\x07", "abandon"],
  ["\b", "back"],
  ["\t", "complete"],
  ["\x0b", "delete-to-end"],
  ["\x0c", "clear"],
  ["\x0e", "newer"],
  ["\x10", "older"],
  ["\x12", "search"],
  ["\x15", "delete-to-start"],
  ["\x17", "delete-word-left"],
  ["\x19", "yank"],
  ["\x7f", "back"],
]);

/** What may follow ESC: a letter (Alt), or `[` or `O`, parameters and a final character. */
const SEQUENCES: ReadonlyMap<string, KeyName> = new Map([
  ["b", "word-left"],
  ["f", "word-right"],
  ["d", "delete-word-right"],
  ["\x7f", "delete-word-left"],
  ["A", "older"],
  ["B", "newer"],
  ["C", "right"],
  ["D", "left"],
  ["H", "home"],
  ["F", "line-end"],
  ["1;5C", "word-right"],
  ["1;5D", "word-left"],
  ["1;3C", "word-right"],
  ["1;3D", "word-left"],
  ["1~", "home"],
  ["3~", "delete"],
  ["4~", "line-end"],
  ["7~", "home"],
  ["8~", "line-end"],
]);

/** A longer sequence of parameters is none of a keyboard. */
const MAX_SEQUENCE = 16;

/** Makes a terminal mark pasted text (xterm, bracketed paste), and stop doing so. */
export const MARK_PASTES = { on: "\x1b[?2004h", off: "\x1b[?2004l" };
/** The end of pasted text. */
const PASTE_END = "\x1b[201~";
/** Most of a paste that is taken, in UTF-16 units. */
const MAX_PASTE = 65_536;

/** Decodes keys, however their bytes are cut. Unknown sequences are ignored. */
export class KeyDecoder {
  readonly #decoder = new TextDecoder();
  /** The beginning of a sequence; undefined outside of one. */
  #sequence: string | undefined;
  /** The beginning of a paste, and of its end marker; undefined outside of one. */
  #pasted: { text: string; tail: string } | undefined;

  /** Whether the end of a paste is still to come. */
  get isPasting(): boolean {
    return this.#pasted !== undefined;
  }

  /**
   * Takes a paste for ended whose end does not come.
   * @returns The pasted text; nothing outside of a paste.
   */
  endPaste(): Key[] {
    const paste = this.#pasted;
    if (paste === undefined) return [];
    this.#pasted = undefined;
    return [pasted(paste.text + paste.tail)];
  }

  /**
   * Decodes bytes from a terminal.
   * @param bytes The next bytes.
   * @returns The keys that are complete.
   */
  decode(bytes: Uint8Array): Key[] {
    const keys: Key[] = [];
    for (const character of this.#decoder.decode(bytes, { stream: true })) {
      const key = this.#pasted !== undefined
        ? this.#pasting(this.#pasted, character)
        : this.#sequence === undefined
        ? this.#plain(character)
        : this.#within(this.#sequence, character);
      if (key !== undefined) keys.push(key);
    }
    return keys;
  }

  /** In a paste nothing is a key. */
  #pasting(paste: { text: string; tail: string }, character: string): Key | undefined {
    paste.tail += character;
    if (paste.tail !== PASTE_END) {
      while (paste.tail.length >= PASTE_END.length) {
        if (paste.text.length < MAX_PASTE) paste.text += paste.tail[0];
        paste.tail = paste.tail.slice(1);
      }
      return undefined;
    }
    this.#pasted = undefined;
    return pasted(paste.text);
  }

  #plain(character: string): Key | undefined {
    const name = CONTROLS.get(character);
    if (name !== undefined) return { name };
    if (character === "\x1b") this.#sequence = "";
    return /^\p{Cc}$/u.test(character) ? undefined : { text: character };
  }

  #within(sequence: string, character: string): Key | undefined {
    // A key that ends things does so within a sequence too.
    if (/[\x03\x04\r\n]/.test(character)) {
      this.#sequence = undefined;
      return this.#plain(character);
    }
    if (sequence === "" && (character === "[" || character === "O")) {
      this.#sequence = character;
      return undefined;
    }
    const isParameter = sequence !== "" && /[0-9;]/.test(character);
    if (isParameter && sequence.length < MAX_SEQUENCE) {
      this.#sequence += character;
      return undefined;
    }
    this.#sequence = undefined;
    if (sequence === "" && /[A-Z]/.test(character)) return undefined;
    if (sequence + character === "[200~") {
      this.#pasted = { text: "", tail: "" };
      return undefined;
    }
    const name = SEQUENCES.get(sequence.slice(1) + character);
    return name === undefined ? undefined : { name };
  }
}

/** Text that was pasted, without what could command a terminal. */
function pasted(text: string): Key {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\t/g, " ");
  return { text: lines.replace(/(?!\n)\p{Cc}/gu, "") };
}
