/**
 * A terminal's screen, as far as text goes: coloured, overwritten or cleared text is found as a person would see it.
 *
 * @module
 */

import { checkOptions, type OptionRules } from "../../../net/internal.ts";
import { ScreenGrid, type ScreenOptions, type ScreenPlace } from "./screen_grid.ts";

export type { ScreenOptions, ScreenPlace } from "./screen_grid.ts";

/** Interprets the output for a terminal. */
export class Screen {
  readonly #grid: ScreenGrid;

  /**
   * Begins with an empty screen.
   * @param options The size.
   * @throws {TypeError|RangeError} If an option is unknown or out of range.
   */
  constructor(options: ScreenOptions = {}) {
    checkOptions(options, SCREEN_RULES);
    this.#grid = new ScreenGrid(options);
  }

  /** Where the next character goes. */
  get cursor(): ScreenPlace {
    return { row: this.#grid.gone + this.#grid.row, column: this.#grid.column };
  }

  /** The first row of the screen; those above it do not change any more. */
  get top(): number {
    return this.#grid.gone + this.#grid.top;
  }

  /** See {@link setMark}. */
  get mark(): ScreenPlace {
    return this.#grid.mark;
  }

  /**
   * Sets from where on {@link unread} gives text.
   * @param place The place; the cursor by default.
   */
  setMark(place: ScreenPlace = this.cursor): void {
    this.#grid.mark = place;
    this.#grid.hasLost = false;
  }

  /**
   * Shows text.
   * @param text Output with control functions.
   */
  write(text: string): void {
    this.#grid.write(text);
  }

  /** The line at the cursor, up to the cursor, with the rows before that it continues; undefined if text follows. */
  lineToCursor(): string | undefined {
    return this.#grid.rows[this.#grid.row]!.text(this.#grid.column).trim() === ""
      ? this.lineBeforeCursor()
      : undefined;
  }

  /** The line at the cursor, up to the cursor, with the rows before that it continues. */
  lineBeforeCursor(): string {
    const row = this.#grid.rows[this.#grid.row]!;
    let first = this.#grid.row;
    while (first > 0 && this.#grid.rows[first - 1]!.isContinued) first--;
    const before = this.#grid.rows.slice(first, this.#grid.row).map((row) => row.text());
    return before.join("") + row.text(0, this.#grid.column);
  }

  /** Forgets all but the line at the cursor: what was there before is not mixed with output from now on. */
  forgetBefore(): void {
    this.#grid.forgetBefore();
  }

  /** Whether the begin of {@link unread} is missing, because too many rows came. */
  get hasLostUnread(): boolean {
    return this.#grid.hasLost;
  }

  /** The text from the mark to the end, lines ended by LF. */
  unread(): string {
    return this.textFrom(this.#grid.mark);
  }

  /**
   * Gives the text from a place to the end, or to another.
   * @param from The begin; rows that are not kept are left out.
   * @param to The end. @default {the cursor, or the end of the text behind it}
   */
  textFrom(from: ScreenPlace, to?: ScreenPlace): string {
    let text = "";
    const last = to === undefined ? this.#lastRow : to.row - this.#grid.gone;
    for (let at = Math.max(0, from.row - this.#grid.gone); at <= last; at++) {
      const row = this.#grid.rows[at]!;
      const begin = at === from.row - this.#grid.gone ? from.column : 0;
      text += row.text(begin, to !== undefined && at === last ? to.column : this.#endOf(at));
      if (at < last && !row.isContinued) text += "\n";
    }
    return text;
  }

  /** The end of a row: that of its text, or the cursor. */
  #endOf(at: number): number {
    const { length } = this.#grid.rows[at]!;
    if (at !== this.#grid.row) return length;
    // Blanks behind the cursor are what is left of a text that was blanked out.
    const isBlank = this.#grid.rows[at]!.text(this.#grid.column).trim() === "";
    return isBlank ? this.#grid.column : Math.max(this.#grid.column, length);
  }

  /**
   * Finds the place of a character of {@link textFrom}.
   * @param from Where that text begins.
   * @param offset How many characters of it come before.
   */
  placeAfter(from: ScreenPlace, offset: number): ScreenPlace {
    let left = offset;
    for (let at = Math.max(0, from.row - this.#grid.gone); at < this.#grid.rows.length; at++) {
      const row = this.#grid.rows[at]!;
      const end = this.#endOf(at);
      const begin = at === from.row - this.#grid.gone ? from.column : 0;
      for (let column = begin; column <= end; column++) {
        if (left <= 0) return { row: this.#grid.gone + at, column };
        if (column < end) left -= row.unitsAt(column);
      }
      if (!row.isContinued) left--;
    }
    return this.cursor;
  }

  /**
   * Finds a place before the cursor, in the line that ends there.
   * @param length How many characters come between.
   */
  placeBefore(length: number): ScreenPlace {
    const { row, column } = this.cursor;
    // Rows that continue one another are full.
    const at = Math.max(0, row * this.#grid.columns + column - length);
    return { row: Math.floor(at / this.#grid.columns), column: at % this.#grid.columns };
  }

  /** The last lines that are not empty, for a message. */
  lastLines(count: number): string[] {
    const lines: string[] = [];
    let line = "";
    for (const row of this.#grid.rows.slice(this.#grid.top)) {
      line += row.text();
      if (row.isContinued) continue;
      lines.push(line.trimEnd());
      line = "";
    }
    return [...lines, line].filter((text) => text !== "").slice(-count);
  }

  get #lastRow(): number {
    let last = this.#grid.rows.length - 1;
    while (last > this.#grid.row && this.#grid.rows[last]!.length === 0) last--;
    return Math.max(last, this.#grid.row);
  }
}

const SCREEN_RULES: OptionRules<ScreenOptions> = {
  columns: "count",
  rows: "count",
  keptRows: "whole",
  onScroll: "any",
};
