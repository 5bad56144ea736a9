/**
 * Lines that a person types at a terminal: edited, completed, remembered.
 *
 * @module
 */

import { escapeControls } from "../../net/mod.ts";
import { InterruptedError } from "./interrupt.ts";
import { characters, columns, inColumns, loadWidths } from "./columns.ts";
import { type Key, KeyDecoder, MARK_PASTES } from "./keys.ts";
import { LineEditor } from "./line_editor.ts";
import type { Terminal } from "./terminal.ts";

/** A candidate at the cursor. */
export interface Completion {
  /** How many units before the cursor it takes the place of. */
  readonly length: number;
  /** What all that is possible begins with. */
  readonly insert: string;
  /** All that is possible, to be shown where nothing more is sure; clean text. */
  readonly shown: readonly string[];
}

/** How lines are read. */
export interface LineInputOptions {
  /** The line and its history. @default {a new one} */
  readonly editor?: LineEditor;
  /** Whether Control-C in an empty line ends the reading; elsewhere it empties the line. @default {false} */
  readonly interruptEnds?: boolean;
  /** Whether a finished line stays where it was typed, instead of being taken away. @default {all stay} */
  readonly stays?: (line: string) => boolean;
  /** Finds the candidates at the cursor, by the text before it; a failure completes nothing. */
  readonly complete?: (before: string) => Promise<Completion | undefined>;
}

/** How many candidates a list shows. */
const MAX_SHOWN = 200;
/** Columns that stay visible right of the cursor in a long line. */
const AHEAD = 8;
/** How often the terminal's width is looked at, in milliseconds. */
const WIDTH_MS = 250;
/** How long the next byte of a paste may take, in milliseconds. */
const PASTE_MS = 1000;

/** Reads lines; text may be printed above the one that is being typed. */
export class LineInput {
  /** The line and its history. */
  readonly editor: LineEditor;
  readonly #terminal: Terminal;
  readonly #complete: LineInputOptions["complete"];
  readonly #interruptEnds: boolean;
  readonly #stays: (line: string) => boolean;
  readonly #keys = new KeyDecoder();
  /** The prompt; undefined while no line is read. */
  #prompt: string | undefined;
  #written: Promise<void> = Promise.resolve();
  /** Lines of a paste that are still to be read; the last one may be unfinished. */
  #pasted: string[] = [];
  /** A read of the terminal that is under way. */
  #reading: Promise<Uint8Array | undefined> | undefined;
  /** Lines that were pasted, while the person is asked about them. */
  #asked: string[] | undefined;
  /** The line as drawn last: the terminal's width, and columns up to the cursor. */
  #drawn = { width: 0, cursor: 0 };

  /**
   * @param terminal Where the person sits.
   * @param options Editor and completion.
   */
  constructor(terminal: Terminal, options: LineInputOptions = {}) {
    const { editor = new LineEditor(), complete, interruptEnds = false, stays } = options;
    this.#terminal = terminal;
    this.editor = editor;
    this.#interruptEnds = interruptEnds;
    this.#stays = stays ?? (() => true);
    this.#complete = complete;
  }

  /**
   * Reads a line. Control-C empties it.
   * @param prompt Clean text before it.
   * @returns The line, or undefined at the end of the input (Control-D in an empty line).
   * @throws {InterruptedError} At Control-C, if that ends it; the terminal is restored.
   */
  async read(prompt: string): Promise<string | undefined> {
    const terminal = this.#terminal;
    await loadWidths();
    terminal.setRaw(true);
    let end = "\r\n";
    const watch = setInterval(() => void this.#redrawIfNarrower(), WIDTH_MS);
    try {
      // Behind a line that was not ended, as many blanks as the terminal is wide go on to the next one.
      const begun = this.#write(`${MARK_PASTES.on}${" ".repeat(terminal.columns)}\r`);
      // Text that is printed later comes behind these, and above the prompt.
      this.#prompt = prompt;
      await begun;
      if (this.#takePasted()) {
        await this.#draw();
        if (!this.#stays(this.editor.text)) end = "\r\x1b[K";
        return this.editor.take();
      }
      await this.#draw();
      // One byte at a time: text that is typed ahead stays for the next reader.
      const buffer = new Uint8Array(1);
      while (true) {
        const keys = await this.#nextKeys(buffer);
        if (keys === undefined) return undefined;
        for (const key of keys) {
          if (this.#asked !== undefined || isLongPaste(key)) {
            await this.#askOfPaste(key);
            if (this.#asked === undefined && this.#takePasted()) {
              await this.#draw();
              if (!this.#stays(this.editor.text)) end = "\r\x1b[K";
              return this.editor.take();
            }
            await this.#draw();
            continue;
          }
          switch (this.editor.press(key)) {
            case "line":
              await this.#draw();
              if (!this.#stays(this.editor.text)) end = "\r\x1b[K";
              return this.editor.take();
            case "end":
              return undefined;
            case "interrupt":
              if (this.#interruptEnds && this.editor.text === "") {
                throw new InterruptedError("SIGINT");
              }
              await this.#write("^C\r\n");
              this.editor.clear();
              break;
            case "clear":
              await this.#write("\x1b[H\x1b[2J");
              break;
            case "complete":
              await this.#completeHere();
          }
          await this.#draw();
        }
      }
    } finally {
      clearInterval(watch);
      this.#prompt = undefined;
      await this.#write(end + MARK_PASTES.off);
      this.#drawn = { width: 0, cursor: 0 };
      terminal.setRaw(false);
    }
  }

  /**
   * Several lines at once are most often a mistake, and each would be done at once: asks before.
   * Enter takes them, any other key drops them.
   */
  async #askOfPaste(key: Key): Promise<void> {
    const asked = this.#asked;
    if (asked === undefined) {
      if (!("text" in key)) return;
      const lines = this.#asked = (this.editor.before + key.text + this.editor.after).split("\n");
      this.editor.clear();
      const count = lines.filter((line) => line !== "").length;
      await this.print(`${count} lines were pasted: Enter takes them, any other key drops them`);
      return;
    }
    this.#asked = undefined;
    if ("name" in key && key.name === "enter") this.#pasted = asked;
    else await this.print("nothing of it was taken");
  }

  /** Takes the next line that was pasted; an unfinished one is left to be edited. */
  #takePasted(): boolean {
    const [line, ...rest] = this.#pasted;
    if (line === undefined) return false;
    this.#pasted = rest;
    this.editor.clear();
    this.editor.replace(0, line);
    return rest.length > 0;
  }

  /**
   * Changes the prompt of the line that is being typed.
   * @param prompt Clean text.
   */
  async setPrompt(prompt: string): Promise<void> {
    if (this.#prompt === undefined || this.#prompt === prompt) return;
    this.#prompt = prompt;
    await this.#draw();
  }

  /**
   * Prints text above the line that is being typed.
   * @param text Clean text of whole lines, without the last line's end.
   */
  async print(text: string): Promise<void> {
    const before = this.#toStart();
    await this.#write(`${before}\x1b[K${text.replaceAll("\n", "\r\n")}\r\n${this.#drawing()}`);
  }

  async #completeHere(): Promise<void> {
    const { editor } = this;
    // What cannot be asked for now, such as names of a server that is gone, completes nothing.
    const found = await this.#complete?.(editor.before).catch(() => undefined);
    if (found === undefined || found.shown.length === 0) return;
    const typed = editor.before.slice(editor.before.length - found.length);
    if (
      found.insert !== typed && (found.shown.length === 1 || found.insert.length > typed.length)
    ) {
      return editor.replace(found.length, found.insert);
    }
    const lines = inColumns(found.shown.slice(0, MAX_SHOWN), this.#terminal.columns);
    const rest = found.shown.length - MAX_SHOWN;
    if (rest > 0) lines.push(`… and ${rest} more`);
    await this.print(lines.join("\n"));
  }

  /** Waits for keys; a paste whose end does not come is one when nothing has come for a while. */
  async #nextKeys(buffer: Uint8Array): Promise<readonly Key[] | undefined> {
    // A pending read must not lose its input.
    const reading = this.#reading ??= this.#terminal.read(buffer).then((count) =>
      count === null ? undefined : buffer.slice(0, count)
    );
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = this.#keys.isPasting
      ? new Promise<"late">((resolve) => timer = setTimeout(() => resolve("late"), PASTE_MS))
      : new Promise<never>(() => {});
    try {
      const bytes = await Promise.race([reading, late]);
      if (bytes === "late") return this.#keys.endPaste();
      this.#reading = undefined;
      return bytes && this.#keys.decode(bytes);
    } catch (error) {
      this.#reading = undefined;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #redrawIfNarrower(): Promise<void> {
    try {
      if (this.#terminal.columns < this.#drawn.width) await this.#draw();
    } catch {
      // A terminal that is gone is noticed where keys are read.
    }
  }

  async #draw(): Promise<void> {
    await this.#write(this.#toStart() + this.#drawing());
  }

  /** Goes back to where the line begins, which a terminal that was made narrower has broken into several. */
  #toStart(): string {
    const { width, cursor } = this.#drawn;
    const now = this.#terminal.columns;
    if (now >= width) return "\r";
    const up = Math.floor(cursor / now);
    return `\r${up > 0 ? `\x1b[${up}A` : ""}\x1b[J`;
  }

  /** The line as shown on the terminal: the part around the cursor, if it is too long. */
  #drawing(): string {
    if (this.#prompt === undefined) return "";
    const { query } = this.editor;
    const prompt = this.#asked !== undefined
      ? "(paste?) "
      : query === undefined
      ? this.#prompt
      : `(search: ${escapeControls(query, { maxLength: 40 })}) `;
    const before = escapeControls(this.editor.before);
    const after = escapeControls(this.editor.after);
    const room = Math.max(AHEAD * 2, this.#terminal.columns - 1 - columns(prompt));
    const ahead = Math.min(AHEAD, columns(after));
    const left = fit(characters(before).reverse(), room - ahead).reverse().join("");
    const right = fit(characters(after), room - columns(left)).join("");
    const back = columns(right);
    this.#drawn = { width: this.#terminal.columns, cursor: columns(prompt) + columns(left) };
    return `${prompt}${left}${right}\x1b[K${back > 0 ? `\x1b[${back}D` : ""}`;
  }

  // Lines printed meanwhile stay whole.
  #write(text: string): Promise<void> {
    return this.#written = this.#written.then(() => this.#terminal.write(text));
  }
}

/** Whether a key is a paste of several lines. */
function isLongPaste(key: Key): boolean {
  return "text" in key && key.text.includes("\n");
}

/** As many characters as fit. */
function fit(parts: readonly string[], room: number): string[] {
  let used = 0;
  const end = parts.findIndex((part) => (used += columns(part)) > room);
  return end < 0 ? [...parts] : parts.slice(0, end);
}

/**
 * Finds what texts begin with.
 *
 * @param texts Any.
 * @returns What all of them begin with; never a part of a character.
 */
export function commonStart(texts: readonly string[]): string {
  const [first = [], ...others] = texts.map(characters);
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && first[same] === other[same]) same++;
    length = same;
  }
  return first.slice(0, length).join("");
}
