/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The picture of the site.
 *
 * @module
 */

import type { ReportArea } from "../report_data.ts";
import { open } from "./detail.ts";
import { badge, make } from "./elements.ts";
import { data, LEVELS, SVG } from "./page.ts";

/** The site as nested areas; a folder can be entered. */
export class Picture {
  readonly element: HTMLElement;
  readonly #svg = document.createElementNS(SVG, "svg");
  readonly #path = make("nav", { "aria-label": "Folder" });
  readonly #note = make("p", { class: "count", role: "status" });
  #root = 0;
  /** Areas that are drawn, in the order of the arrow keys. */
  #areas: number[] = [];
  #at = 0;
  readonly #children = new Map<number, number[]>();

  constructor() {
    for (const [index, area] of data.areas.entries()) {
      const parent = area[6];
      if (parent < 0) continue;
      const siblings = this.#children.get(parent);
      if (siblings === undefined) this.#children.set(parent, [index]);
      else siblings.push(index);
    }
    this.#svg.setAttribute("viewBox", "0 0 1000 560");
    this.#svg.setAttribute("tabindex", "0");
    this.#svg.setAttribute("role", "application");
    this.#svg.setAttribute(
      "aria-label",
      "Picture of the site. Arrow keys move, Enter opens, Backspace goes up.",
    );
    this.#svg.addEventListener("keydown", (event) => this.#press(event));
    this.#svg.addEventListener("click", (event) => {
      const index = (event.target as Element).closest("[data-area]")?.getAttribute("data-area");
      if (index !== null && index !== undefined) this.#enter(Number(index));
    });
    const legend = make(
      "p",
      { class: "legend" },
      ...LEVELS.map((name, level) => badge(level, name)),
    );
    this.element = make("section", {}, this.#path, this.#svg, this.#note, legend);
    this.#draw();
  }

  /** Draws the folder, and its content as far as there is room. */
  #draw(): void {
    const [left, top, right, bottom] = data.areas[this.#root]!;
    const sx = 1000 / (right - left || 1);
    const sy = 560 / (bottom - top || 1);
    this.#svg.replaceChildren();
    this.#areas = this.#children.get(this.#root) ?? [];
    this.#at = Math.min(this.#at, Math.max(0, this.#areas.length - 1));
    const draw = (index: number, level: number): void => {
      const [x0, y0, x1, y1, name, , , worst, pages] = data.areas[index]!;
      const [x, y] = [(x0 - left) * sx, (y0 - top) * sy];
      const [width, height] = [(x1 - x0) * sx, (y1 - y0) * sy];
      const group = document.createElementNS(SVG, "g");
      const rect = document.createElementNS(SVG, "rect");
      const inner = this.#children.get(index) ?? [];
      for (
        const [key, value] of Object.entries({
          x,
          y,
          width: Math.max(width, 0.5),
          height: Math.max(height, 0.5),
        })
      ) rect.setAttribute(key, value.toFixed(2));
      rect.setAttribute("class", `area ${LEVELS[worst]}${inner.length > 0 ? " folder" : ""}`);
      const tip = document.createElementNS(SVG, "title");
      tip.textContent = this.#describe(index);
      group.append(rect, tip);
      if (level === 1) group.setAttribute("data-area", String(index));
      this.#svg.append(group);
      // As long as each page gets a few pixels, folders show their content.
      const isOpen = inner.length > 0 && level < 5 && width * height > 30 * pages;
      if (isOpen) { for (const child of inner) draw(child, level + 1); }
      const isLabelled = isOpen || inner.length === 0 || level === 1;
      if (!isLabelled || width < 60 || height < 18) return;
      const label = document.createElementNS(SVG, "text");
      label.setAttribute("x", String(x + 5));
      label.setAttribute("y", String(y + 14));
      label.setAttribute("class", "label");
      const room = Math.floor((width - 10) / 7);
      const text = inner.length > 0 ? `${name}/ ${pages}` : name;
      label.textContent = text.length > room ? `${text.slice(0, Math.max(1, room - 1))}…` : text;
      this.#svg.append(label);
    };
    for (const index of this.#areas) draw(index, 1);
    this.#mark();
    this.#showPath();
  }

  #describe(index: number): string {
    const [, , , , name, page, , worst, pages] = data.areas[index]!;
    const what = page >= 0 ? data.pages[page]![0] : `${name}/, ${pages} pages`;
    return worst < 4 ? `${what}: ${LEVELS[worst]}` : what;
  }

  #mark(): void {
    for (const old of this.#svg.querySelectorAll(".chosen")) old.remove();
    const index = this.#areas[this.#at];
    if (index === undefined) return;
    const rect = this.#svg.querySelector(`[data-area="${index}"] rect`)!.cloneNode() as Element;
    rect.setAttribute("class", "chosen");
    this.#svg.append(rect);
    this.#note.textContent = this.#describe(index);
  }

  #showPath(): void {
    const crumbs: Node[] = [];
    for (let index = this.#root; index >= 0; index = data.areas[index]![6]) {
      const target = index;
      const name = data.areas[index]![4] || data.title;
      const button = make("button", { type: "button", class: "link" }, name);
      button.addEventListener("click", () => this.#go(target));
      crumbs.unshift(button, document.createTextNode(" / "));
    }
    this.#path.replaceChildren(...crumbs);
  }

  #go(index: number): void {
    const from = this.#root;
    this.#root = index;
    this.#at = Math.max(0, (this.#children.get(index) ?? []).indexOf(from));
    this.#draw();
  }

  #enter(index: number): void {
    const position = this.#areas.indexOf(index);
    if (position >= 0) this.#at = position;
    const page = data.areas[index]![5];
    if ((this.#children.get(index) ?? []).length > 0) this.#go(index);
    else if (page >= 0) {
      this.#mark();
      open(page);
    }
  }

  #press(event: KeyboardEvent): void {
    const index = this.#areas[this.#at];
    const parent = data.areas[this.#root]![6];
    if (event.key === "Enter" && index !== undefined) this.#enter(index);
    else if ((event.key === "Backspace" || event.key === "Escape") && parent >= 0) this.#go(parent);
    else if (event.key.startsWith("Arrow") && index !== undefined) {
      const next = this.#neighbour(index, event.key.slice(5));
      if (next === undefined) return;
      this.#at = this.#areas.indexOf(next);
      this.#mark();
    } else return;
    event.preventDefault();
  }

  /** The nearest area in a direction. */
  #neighbour(index: number, direction: string): number | undefined {
    const centre = (area: ReportArea): [number, number] => [
      (area[0] + area[2]) / 2,
      (area[1] + area[3]) / 2,
    ];
    const [x, y] = centre(data.areas[index]!);
    let best: number | undefined;
    let least = Infinity;
    for (const other of this.#areas) {
      const [ox, oy] = centre(data.areas[other]!);
      const [dx, dy] = [ox - x, oy - y];
      const along = { Right: dx, Left: -dx, Down: dy, Up: -dy }[direction] ?? 0;
      if (other === index || along <= 1e-9) continue;
      const across = direction === "Right" || direction === "Left" ? Math.abs(dy) : Math.abs(dx);
      const distance = along + across * 3;
      if (distance < least) [best, least] = [other, distance];
    }
    return best;
  }
}
