/**
 * The rows of a terminal's screen, as control functions change them.
 *
 * @module
 */

import { characterWidth } from "../../../protocols/telnet/internal.ts";
import { ControlParser, type ControlSequence } from "./control_sequences.ts";
import { ScreenRow } from "./screen_row.ts";

/** The size of a screen, and a callback for the lines that leave it. */
export interface ScreenOptions {
  /** Characters of a line. @default {80} */
  readonly columns?: number | undefined;
  /** Lines. @default {24} */
  readonly rows?: number | undefined;
  /** Maximum number of rows that are kept when they have left the screen, to be read. @default {0} */
  readonly keptRows?: number | undefined;
  /**
   * Called with each row that leaves the screen at the top.
   * @param text Its text.
   * @param row Its number since the beginning.
   * @param isContinued Whether the next row continues the same line.
   */
  readonly onScroll?: ((text: string, row: number, isContinued: boolean) => void) | undefined;
}

/** A place on the screen: the row counts from the beginning, also those that have left the screen. */
export interface ScreenPlace {
  /** The row. */
  readonly row: number;
  /** The column, from 0. */
  readonly column: number;
}

const TAB_COLUMNS = 8;

/** The rows of a screen, as output writes them. */
export class ScreenGrid {
  /** Characters of a line. */
  readonly columns: number;
  readonly #height: number;
  readonly #keptRows: number;
  readonly #onScroll: NonNullable<ScreenOptions["onScroll"]>;
  readonly #parser: ControlParser;
  /** Rows that are kept, and below them those of the screen. */
  rows: ScreenRow[] = [new ScreenRow()];
  /** Where the screen begins in them. */
  top = 0;
  /** How many rows are no longer kept. */
  gone = 0;
  /** The row of the cursor, in those. */
  row = 0;
  /** The column of the cursor. */
  column = 0;
  #saved = { row: 0, column: 0 };
  /** Where the last text ended, in the kept rows. */
  #printed = { row: 0, column: 0 };
  /** The main screen, while a program has its own. */
  #main:
    | {
      readonly rows: ScreenRow[];
      readonly top: number;
      readonly row: number;
      readonly column: number;
      readonly mark: ScreenPlace;
    }
    | undefined;
  /** Whether rows behind the mark are no longer kept. */
  hasLost = false;
  /** From here on nothing was looked at; goes back when something before it changes. */
  mark: ScreenPlace = { row: 0, column: 0 };

  /**
   * Begins with an empty screen.
   * @param options The size.
   */
  constructor(options: ScreenOptions = {}) {
    this.columns = options.columns ?? 80;
    this.#height = options.rows ?? 24;
    this.#keptRows = options.keptRows ?? 0;
    this.#onScroll = options.onScroll ?? (() => {});
    this.#parser = new ControlParser({
      print: (text) => this.#print(text),
      control: (character) => this.#control(character),
      sequence: (sequence) => sequence.isCsi ? this.#csi(sequence) : this.#escape(sequence.name),
    });
  }

  /** Forgets all rows but those of the line at the cursor. */
  forgetBefore(): void {
    if (this.#main !== undefined) return;
    let first = this.row;
    while (first > this.top && this.rows[first - 1]!.isContinued) first--;
    this.rows = this.rows.slice(first, this.row + 1);
    this.gone += first;
    this.row -= first;
    this.top = 0;
    this.#printed = { row: 0, column: 0 };
  }

  /** Takes output. */
  write(text: string): void {
    this.#parser.write(text);
  }

  #print(text: string): void {
    if (ASCII.test(text) && this.column + text.length <= this.columns) {
      this.#touch();
      if (this.rows[this.row]!.append(text, this.column)) {
        this.column += text.length;
        this.#notePrinted();
        return;
      }
    }
    for (const character of text) {
      const width = characterWidth(character);
      if (width === 0) {
        this.rows[this.row]!.combine(character, this.column);
        continue;
      }
      if (this.column + width > this.columns) {
        this.rows[this.row]!.isContinued = true;
        this.#newLine(true);
      }
      this.#touch();
      this.rows[this.row]!.put(character, this.column);
      this.column += width;
    }
    this.#notePrinted();
  }

  #notePrinted(): void {
    this.#printed = { row: this.row, column: this.column };
  }

  /** Takes blanks off the end of a row that is left: a longer text was blanked out there before. */
  #dropBlanks(): void {
    const { row, column } = this.#printed;
    const cells = this.rows[this.row]!;
    if (row !== this.row || cells.length <= column || cells.text(column).trim() !== "") return;
    this.#touch(column);
    cells.erase(column, cells.length);
  }

  #control(character: string): void {
    switch (character) {
      case "\n":
      case "\v":
      case "\f":
      case "\x85":
        this.#dropBlanks();
        this.rows[this.row]!.isContinued = false;
        return this.#newLine(true);
      case "\r":
        this.column = 0;
        return;
      case "\b":
        this.column = Math.max(0, Math.min(this.column, this.columns) - 1);
        return;
      case "\t":
        return this.#tab();
    }
  }

  /** A tab over cells that were never written stays one. */
  #tab(): void {
    const row = this.rows[this.row]!;
    const next = (Math.floor(this.column / TAB_COLUMNS) + 1) * TAB_COLUMNS;
    const to = Math.min(next, this.columns - 1);
    if (row.length <= this.column && to > this.column) row.putTab(this.column, to);
    this.column = Math.max(this.column, to);
    this.#notePrinted();
  }

  #newLine(atMargin: boolean): void {
    if (atMargin) this.column = 0;
    this.row++;
    if (this.row === this.rows.length) this.rows.push(new ScreenRow());
    if (this.row - this.top >= this.#height) this.#scroll();
  }

  #scroll(): void {
    // The rows of a program's own screen are lost, as on a terminal.
    if (this.#main !== undefined) {
      this.rows.shift();
      this.row--;
      const { row, column } = this.mark;
      this.mark = row > this.gone ? { row: row - 1, column } : { row, column: 0 };
      return;
    }
    const row = this.rows[this.top]!;
    this.#onScroll(row.text(), this.gone + this.top, row.isContinued);
    this.top++;
    if (this.top <= this.#keptRows) return;
    // Many at once: moving all that are kept for each row would be slow.
    const count = this.#keptRows === 0 ? 1 : Math.max(1, this.#keptRows >> 3);
    this.rows.splice(0, count);
    this.gone += count;
    this.top -= count;
    this.row -= count;
    if (this.mark.row >= this.gone) return;
    this.mark = { row: this.gone, column: 0 };
    this.hasLost = true;
  }

  #escape(name: string): void {
    const [row, column] = [this.row - this.top, this.column];
    if (name === "7") this.#saved = { row, column };
    else if (name === "8") this.#moveTo(this.#saved.row, this.#saved.column);
    else if (name === "D") this.#newLine(false);
    else if (name === "E") this.#newLine(true);
    else if (name === "M") this.#moveTo(row - 1, column);
    else if (name === "c") {
      this.#clear();
      this.#moveTo(0, 0);
    }
  }

  #csi({ name, parameters }: ControlSequence): void {
    const [first, second] = parameters;
    const count = Math.max(1, first ?? 1);
    const [row, column] = [this.row - this.top, this.column];
    switch (name) {
      case "A":
        return this.#moveTo(row - count, column);
      case "B":
      case "e":
        return this.#moveTo(row + count, column);
      case "C":
      case "a":
        return this.#moveTo(row, column + count);
      case "D":
        return this.#moveTo(row, Math.min(column, this.columns) - count);
      case "E":
        return this.#moveTo(row + count, 0);
      case "F":
        return this.#moveTo(row - count, 0);
      case "G":
      case "`":
        return this.#moveTo(row, count - 1);
      case "d":
        return this.#moveTo(count - 1, column);
      case "H":
      case "f":
        return this.#moveTo(count - 1, Math.max(1, second ?? 1) - 1);
      case "s":
        this.#saved = { row, column };
        return;
      case "u":
        return this.#moveTo(this.#saved.row, this.#saved.column);
      case "J":
        return this.#eraseScreen(first ?? 0);
      case "K":
        return this.#eraseLine(first ?? 0);
      case "X":
        return this.#erase(column, column + count);
      case "P":
        this.#touch();
        this.rows[this.row]!.delete(column, count);
        return;
      case "@":
        this.#touch();
        this.rows[this.row]!.insert(column, count, this.columns);
        return;
      case "L":
        return this.#insertLines(Math.min(count, this.#height));
      case "M":
        this.#touch(0);
        this.rows.splice(this.row, Math.min(count, this.#height));
        if (this.rows.length <= this.row) this.rows.push(new ScreenRow());
        return;
      case "?h":
      case "?l":
        if (parameters.some((mode) => mode === 47 || mode === 1047 || mode === 1049)) {
          this.#changeScreen(name === "?h");
        }
    }
  }

  /** Goes to a place of the screen. */
  #moveTo(row: number, column: number): void {
    this.row = this.top + Math.max(0, Math.min(this.#height - 1, row));
    while (this.rows.length <= this.row) this.rows.push(new ScreenRow());
    this.column = Math.max(0, Math.min(this.columns - 1, column));
  }

  #insertLines(count: number): void {
    this.#touch(0);
    this.rows.splice(this.row, 0, ...Array.from({ length: count }, () => new ScreenRow()));
    this.rows.length = Math.min(this.rows.length, this.top + this.#height);
  }

  #eraseLine(how: number): void {
    if (how === 0) this.#erase(this.column, this.columns);
    else if (how === 1) this.#erase(0, this.column + 1);
    else if (how === 2) this.#erase(0, this.columns);
  }

  #erase(from: number, to: number): void {
    this.#touch(from);
    this.rows[this.row]!.erase(from, to);
  }

  #eraseScreen(how: number): void {
    if (how === 2 || how === 3) return this.#clear();
    const [from, to] = how === 0 ? [this.row + 1, this.rows.length] : [this.top, this.row];
    for (let at = from; at < to; at++) this.rows[at] = new ScreenRow();
    if (how === 1) this.#touchRow(this.top);
    const column = this.column;
    this.#erase(how === 0 ? column : 0, how === 0 ? this.columns : column + 1);
  }

  #clear(): void {
    this.#touchRow(this.top);
    for (let at = this.top; at < this.rows.length; at++) this.rows[at] = new ScreenRow();
  }

  /** A program such as an editor has a screen of its own. */
  #changeScreen(isOwn: boolean): void {
    if (isOwn === (this.#main !== undefined)) return;
    const screenRow = this.row - this.top;
    if (isOwn) {
      this.#main = {
        ...{ rows: this.rows, top: this.top, row: this.row, column: this.column },
        mark: this.mark,
      };
      this.rows = [new ScreenRow()];
      this.top = 0;
      this.mark = { row: this.gone, column: 0 };
      return this.#moveTo(screenRow, this.column);
    }
    const { rows, top, row, column, mark } = this.#main!;
    this.#main = undefined;
    this.mark = mark;
    this.rows = rows;
    this.top = top;
    this.#moveTo(row - top, column);
  }

  /** Something in the row of the cursor changes from a column on. */
  #touch(column = this.column): void {
    const { row } = this.mark;
    const here = this.gone + this.row;
    if (row > here || row === here && this.mark.column > column) {
      this.mark = { row: here, column };
    }
  }

  /** Something in a row changes. */
  #touchRow(row: number): void {
    const { mark } = this;
    const here = this.gone + row;
    if (mark.row >= here) this.mark = { row: here, column: 0 };
  }
}

const ASCII = /^[ -~]*$/;
