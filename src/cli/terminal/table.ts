/**
 * Rows of columns: aligned under headings for a person, with tabs between for a program.
 *
 * @module
 */

import { escapeControls } from "../../net/mod.ts";
import type { Output } from "./output.ts";
import { columns, loadWidths } from "./columns.ts";

/** How a {@link Table} looks on a terminal. */
export interface TableOptions {
  /** The headings of the columns. */
  readonly headings: readonly string[];
  /**
   * The columns' least widths. Given these, each row is shown at once; without them the rows
   * are kept until the end, and the columns are as wide as their widest cell.
   */
  readonly widths?: readonly number[] | undefined;
  /** Whether a program gets the headings too. @default {false} */
  readonly alwaysHeaded?: boolean;
}

/** Writes rows; a pipe gets them at once, with tabs, and usually without headings. */
export class Table {
  readonly #output: Output;
  readonly #options: TableOptions;
  readonly #kept: (readonly string[])[] = [];
  #headed = false;

  /**
   * @param output Where the rows go.
   * @param options How they look on a terminal.
   */
  constructor(output: Output, options: TableOptions) {
    this.#output = output;
    this.#options = options;
  }

  /** Adds a row; cells may hold text of a peer. */
  async row(...cells: readonly (string | number)[]): Promise<void> {
    // A cell with a line ending or a tab would make up cells of its own.
    const texts = cells.map((cell) => withoutControls(String(cell)));
    if (!this.#output.isTerminal) {
      const { headings, alwaysHeaded = false } = this.#options;
      if (alwaysHeaded && !this.#headed) await this.#output.line(headings.join("\t"));
      this.#headed = true;
      return await this.#output.line(texts.join("\t"));
    }
    const cleaned = texts.map((text) => escapeControls(text));
    if (this.#options.widths === undefined) this.#kept.push(cleaned);
    else await this.#show([cleaned], this.#options.widths);
  }

  /** Writes the rows that were kept. */
  async end(): Promise<void> {
    const rows = this.#kept.splice(0);
    if (rows.length > 0) await this.#show(rows, []);
  }

  async #show(rows: readonly (readonly string[])[], least: readonly number[]): Promise<void> {
    const { headings } = this.#options;
    await loadWidths();
    const widths = headings.map((heading, column) =>
      Math.max(
        least[column] ?? 0,
        columns(heading),
        ...rows.map((row) => columns(row[column] ?? "")),
      )
    );
    const format = (cells: readonly string[]): string =>
      cells.map((cell, column) =>
        column === cells.length - 1
          ? cell
          : cell + " ".repeat(Math.max(0, widths[column]! - columns(cell)))
      ).join("  ").trimEnd();
    if (!this.#headed) await this.#output.line(this.#output.paint("bold", format(headings)));
    this.#headed = true;
    for (const row of rows) await this.#output.line(format(row));
  }
}

/** Writes control characters as `\xNN`. */
function withoutControls(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
