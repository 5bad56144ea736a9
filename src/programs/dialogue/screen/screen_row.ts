/**
 * A row of a terminal's screen.
 *
 * @module
 */

import { characterWidth } from "../../../protocols/telnet/internal.ts";

/** Most UTF-16 units of a character with its marks. */
const MAX_CLUSTER = 32;

/**
 * Cells with a character in each. One that is wide, or a tab, is continued by `""`; a cell that was never written is
 * `undefined`.
 */
export class ScreenRow {
  /** Whether the line continues in the next row. */
  isContinued = false;
  /** The text while it is ASCII, written from left to right: most rows need no cells. */
  #plain = "";
  #cells: (string | undefined)[] | undefined;

  /** How many cells were written. */
  get length(): number {
    return this.#cells?.length ?? this.#plain.length;
  }

  /**
   * Writes ASCII behind the last cell.
   * @param text Without control characters.
   * @param column Where it goes.
   * @returns Whether it was written; if not, {@link put} does it.
   */
  append(text: string, column: number): boolean {
    if (this.#cells !== undefined || column !== this.#plain.length) return false;
    this.#plain += text;
    return true;
  }

  /** The text of some cells; those that were never written are blank. */
  text(from = 0, to = this.length): string {
    if (this.#cells === undefined) {
      const text = this.#plain.slice(from, to);
      return text + " ".repeat(Math.max(0, to - Math.max(from, this.#plain.length)));
    }
    let text = "";
    for (let at = from; at < to; at++) text += this.#cells[at] ?? " ";
    return text;
  }

  /** How many UTF-16 units of text a cell holds. */
  unitsAt(column: number): number {
    return this.#cells?.[column]?.length ?? 1;
  }

  /** Puts a character into a cell, and behind it what continues it. */
  put(character: string, column: number): void {
    this.#set(column, character);
    if (characterWidth(character) === 2) this.#set(column + 1, "");
  }

  /** Puts a tab that reaches to a column. */
  putTab(column: number, to: number): void {
    this.#set(column, "\t");
    for (let at = column + 1; at < to; at++) this.#set(at, "");
  }

  /** Puts a mark on the character before a column. */
  combine(mark: string, column: number): void {
    const cells = this.#asCells();
    let at = Math.min(column, cells.length) - 1;
    while (cells[at] === "") at--;
    const before = cells[at];
    if (before !== undefined && before.length < MAX_CLUSTER) cells[at] = before + mark;
  }

  /** Clears some cells. */
  erase(from: number, to: number): void {
    if (to >= this.length) {
      this.isContinued = false;
      if (this.#cells === undefined) this.#plain = this.#plain.slice(0, from);
      else this.#cells.length = Math.min(this.#cells.length, from);
      return;
    }
    const cells = this.#asCells();
    for (let at = from; at < to; at++) cells[at] = undefined;
  }

  /** Takes cells out; those behind them move to the left. */
  delete(column: number, count: number): void {
    this.#asCells().splice(column, count);
  }

  /** Inserts blank cells; those that do not fit are lost. */
  insert(column: number, count: number, columns: number): void {
    const cells = this.#asCells();
    if (column >= cells.length) return;
    cells.splice(column, 0, ...Array<string>(Math.min(count, columns)).fill(" "));
    cells.length = Math.min(columns, cells.length);
  }

  /** Sets a cell; a wide character or a tab of which that is a part becomes blank. */
  #set(column: number, character: string): void {
    const cells = this.#asCells();
    while (cells.length < column) cells.push(undefined);
    if (cells[column] === "" && character !== "") {
      let owner = column - 1;
      while (cells[owner] === "") owner--;
      for (let at = owner; at < column; at++) cells[at] = " ";
    }
    for (let at = column + 1; cells[at] === "" && character !== ""; at++) cells[at] = " ";
    cells[column] = character;
  }

  #asCells(): (string | undefined)[] {
    return this.#cells ??= [...this.#plain];
  }
}
