/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Tables that are sorted by their headings, and searched.
 *
 * @module
 */

import { make } from "./elements.ts";
import { ROWS, search } from "./page.ts";

export type Cell = string | number | Node;

export interface Column {
  readonly name: string;
  readonly isNumber?: boolean;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** Sort key of each column. */
  readonly keys: readonly (string | number)[];
  /** Searched text, in lower case. */
  readonly text: string;
}

/** A table that is sorted by its headings, and searched. */
export class SortedTable {
  readonly element: HTMLElement;
  readonly #columns: readonly Column[];
  readonly #rows: readonly Row[];
  readonly #body = make("tbody");
  readonly #heads: HTMLElement[] = [];
  readonly #count = make("p", { class: "count", role: "status" });
  readonly #more = make("button", { type: "button", class: "more" }, "Show more");
  #order: number;
  #isDown: boolean;
  #shown = ROWS;

  constructor(
    caption: string,
    columns: readonly Column[],
    rows: readonly Row[],
    order = 0,
    isDown = false,
  ) {
    this.#columns = columns;
    this.#rows = rows;
    this.#order = order;
    this.#isDown = isDown;
    const head = make("tr");
    for (const [index, { name, isNumber }] of columns.entries()) {
      const button = make("button", { type: "button" }, name);
      button.addEventListener("click", () => this.#sortBy(index));
      const cell = make("th", { scope: "col", ...isNumber && { class: "number" } }, button);
      this.#heads.push(cell);
      head.append(cell);
    }
    this.#more.addEventListener("click", () => {
      this.#shown += ROWS * 5;
      this.show();
    });
    const table = make(
      "table",
      {},
      make("caption", {}, caption),
      make("thead", {}, head),
      this.#body,
    );
    this.element = make(
      "section",
      {},
      this.#count,
      make("div", { class: "scroll" }, table),
      this.#more,
    );
    this.show();
  }

  show(): void {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const rows = this.#rows.filter(({ text }) => words.every((word) => text.includes(word)));
    const order = this.#order;
    rows.sort((one, other) => {
      const [a, b] = [one.keys[order]!, other.keys[order]!];
      const result = a < b ? -1 : a > b ? 1 : 0;
      return this.#isDown ? -result : result;
    });
    for (const [index, head] of this.#heads.entries()) {
      if (index !== order) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", this.#isDown ? "descending" : "ascending");
    }
    this.#body.replaceChildren(...rows.slice(0, this.#shown).map((row) => this.#render(row)));
    const all = this.#rows.length;
    this.#count.textContent = rows.length === all ? `${all} rows` : `${rows.length} of ${all} rows`;
    this.#more.hidden = rows.length <= this.#shown;
  }

  #render({ cells }: Row): HTMLElement {
    return make(
      "tr",
      {},
      ...cells.map((cell, index) =>
        make(
          "td",
          this.#columns[index]!.isNumber ? { class: "number" } : {},
          cell instanceof Node ? cell : String(cell),
        )
      ),
    );
  }

  #sortBy(index: number): void {
    this.#isDown = this.#order === index ? !this.#isDown : this.#columns[index]!.isNumber === true;
    this.#order = index;
    this.show();
  }
}
