/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The script of the report's page. `deno task generate` writes it as text into `client_text.ts`; it runs in a browser
 * and uses only the data in the page.
 *
 * @module
 */

import type { ReportArea, ReportData, ReportFinding, ReportPage } from "./report_data.ts";

/** Rows that a table shows before "more" is pressed. */
const ROWS = 200;
const LEVELS = ["error", "unclear", "warning", "note", "ok"];
const SVG = "http://www.w3.org/2000/svg";

type Cell = string | number | Node;

interface Column {
  readonly name: string;
  readonly isNumber?: boolean;
}

interface Row {
  readonly cells: readonly Cell[];
  /** Sort key of each column. */
  readonly keys: readonly (string | number)[];
  /** Searched text, in lower case. */
  readonly text: string;
}

const data: ReportData = JSON.parse(document.getElementById("data")!.textContent!);
const main = document.getElementById("main")!;
const search = document.getElementById("search") as HTMLInputElement;
const dialog = document.getElementById("detail") as HTMLDialogElement;

/** Makes an element. */
function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function badge(level: number, text: string): HTMLElement {
  return make("span", { class: `badge ${LEVELS[level]}` }, text);
}

/** A link to the resource; only http(s) URLs become links. */
function anchor(url: string): Node {
  if (!/^https?:/.test(url)) return document.createTextNode(url);
  return make("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, url);
}

function seconds(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms} ms`;
}

function size(bytes: number): string {
  if (bytes < 0) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024
    ? `${(bytes / 1024).toFixed(1)} KiB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** A table that is sorted by its headings, and searched. */
class SortedTable {
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

/** The URL of a page that makes a link. */
function urlOf(page: number | string): string {
  return typeof page === "string" ? page : data.pages[page]![0];
}

const numbers = new Map(data.pages.map(([url], index) => [url, index]));

/** A button that opens the details of a page. */
function opener(url: string): Node {
  const index = numbers.get(url) ?? numbers.get(url.split("#", 1)[0]!);
  if (index === undefined) return anchor(url);
  const button = make("button", { type: "button", class: "link" }, url);
  button.addEventListener("click", () => open(index));
  return button;
}

function list(title: string, items: readonly Node[], more = 0): Node[] {
  if (items.length === 0) return [];
  const rows = items.map((item) => make("li", {}, item));
  if (more > 0) rows.push(make("li", {}, `and ${more} more`));
  return [
    make("h3", {}, `${title} (${items.length + more})`),
    make("ul", {}, ...rows),
  ];
}

/** Shows the details of a page. */
function open(index: number): void {
  const [url, title, status, outcome, ms, bytes, depth] = data.pages[index]!;
  const about: Node[] = [];
  const inside: Node[] = [];
  for (const [level, problem, target, reason, , pages] of data.findings) {
    const own = target === url || target.startsWith(`${url}#`);
    const line = make(
      "span",
      {},
      badge(level, problem),
      " ",
      own ? "" : opener(target),
      ` ${reason}`,
    );
    if (own) about.push(line);
    else if (pages.some(([page]) => page === index || page === url)) inside.push(line);
  }
  const from: number[] = [];
  for (const [source, targets] of data.links.entries()) {
    if (targets.includes(index)) from.push(source);
  }
  const some = (pages: readonly number[]): readonly Node[] =>
    pages.slice(0, ROWS).map((page) => opener(data.pages[page]![0]));
  const to = data.links[index] ?? [];
  const facts = make("dl");
  const known: readonly (readonly [string, string | Node])[] = [
    ["URL", anchor(url)],
    ["Result", `${status === 0 ? "" : `${status} `}${outcome}`],
    ["Time", ms < 0 ? "" : seconds(ms)],
    ["Size", size(bytes)],
    ["Links from the start", String(depth)],
  ];
  for (const [name, value] of known) {
    if (value !== "") facts.append(make("dt", {}, name), make("dd", {}, value));
  }
  dialog.querySelector("h2")!.textContent = title === "" ? url : title;
  dialog.querySelector("div")!.replaceChildren(
    facts,
    ...list("About this URL", about),
    ...list("Faulty links of this page", inside),
    ...list("Linked from", some(from), Math.max(0, from.length - ROWS)),
    ...list("Links to", some(to), Math.max(0, to.length - ROWS)),
  );
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

/** The site as nested areas; a folder can be entered. */
class Picture {
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

  /** Draws the folder, and what is in it as far as there is room. */
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
      // As long as each page gets a few pixels, folders show what is in them.
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

function findingRow(finding: ReportFinding): Row {
  const [level, problem, url, reason, , pages, count] = finding;
  const where = make(
    "details",
    {},
    make("summary", {}, `${count} ${count === 1 ? "page" : "pages"}`),
  );
  // Built on demand: there may be a thousand pages.
  where.addEventListener("toggle", () => {
    if (where.children.length > 1) return;
    const items = pages.slice(0, ROWS).map(([page, text]) =>
      make("li", {}, opener(urlOf(page)), text === "" ? "" : ` “${text}”`)
    );
    where.append(make("ul", {}, ...items));
    if (count > items.length) where.append(`and ${count - items.length} more`);
  });
  return {
    cells: [
      badge(level, LEVELS[level]!),
      problem,
      opener(url),
      reason,
      count === 0 ? "" : where,
    ],
    keys: [level, problem, url, reason, count],
    text: `${LEVELS[level]} ${problem} ${url} ${reason} ${
      pages.map(([page]) => urlOf(page)).join(" ")
    }`
      .toLowerCase(),
  };
}

function pageRow([url, title, status, outcome, ms, bytes, depth, inbound, worst]: ReportPage): Row {
  return {
    cells: [
      badge(worst, worst === 4 ? "ok" : LEVELS[worst]!),
      opener(url),
      title,
      status === 0 ? outcome : status,
      ms < 0 ? "" : seconds(ms),
      size(bytes),
      depth,
      inbound,
    ],
    keys: [worst, url, title, status, ms, bytes, depth, inbound],
    text: `${url} ${title} ${status} ${outcome}`.toLowerCase(),
  };
}

const FINDING_COLUMNS: readonly Column[] = [
  { name: "Severity" },
  { name: "Problem" },
  { name: "URL" },
  { name: "Reason" },
  { name: "Linked from", isNumber: true },
];
const PAGE_COLUMNS: readonly Column[] = [
  { name: "Worst" },
  { name: "URL" },
  { name: "Title" },
  { name: "Status", isNumber: true },
  { name: "Time", isNumber: true },
  { name: "Size", isNumber: true },
  { name: "Depth", isNumber: true },
  { name: "Links in", isNumber: true },
];

/** Findings by the page on which they are mended. */
function byPage(): SortedTable {
  const pages = new Map<string, { worst: number; targets: ReportFinding[] }>();
  for (const finding of data.findings) {
    if (finding[0] > 2) continue;
    for (const [number] of finding[5]) {
      const page = urlOf(number);
      const entry = pages.get(page) ?? { worst: 4, targets: [] };
      entry.worst = Math.min(entry.worst, finding[0]);
      entry.targets.push(finding);
      pages.set(page, entry);
    }
  }
  const rows = [...pages].map(([page, { worst, targets }]): Row => {
    const where = make("details", {}, make("summary", {}, `${targets.length} links`));
    where.addEventListener("toggle", () => {
      if (where.children.length > 1) return;
      where.append(
        make(
          "ul",
          {},
          ...targets.slice(0, ROWS).map(([level, problem, url, reason]) =>
            make("li", {}, badge(level, problem), " ", opener(url), ` ${reason}`)
          ),
        ),
      );
    });
    return {
      cells: [badge(worst, LEVELS[worst]!), opener(page), where],
      keys: [worst, page, targets.length],
      text: `${page} ${targets.map(([, problem, url]) => `${problem} ${url}`).join(" ")}`
        .toLowerCase(),
    };
  });
  return new SortedTable(
    "Pages with faulty links",
    [{ name: "Worst" }, { name: "Page" }, { name: "Faulty links", isNumber: true }],
    rows,
    2,
    true,
  );
}

function findings(caption: string, isChosen: (finding: ReportFinding) => boolean): SortedTable {
  return new SortedTable(caption, FINDING_COLUMNS, data.findings.filter(isChosen).map(findingRow));
}

/** What each tab shows; built when it is opened first. */
const TABS: readonly (readonly [id: string, name: string, build: () => Picture | SortedTable])[] = [
  ["links", "Faulty links", () => findings("Faulty links by target", ([level]) => level < 3)],
  ["pages", "By page", byPage],
  ["map", "Picture", () => new Picture()],
  [
    "all",
    "All URLs",
    () => new SortedTable("All URLs", PAGE_COLUMNS, data.pages.map(pageRow), 1),
  ],
  [
    "redirects",
    "Redirects",
    () => findings("Redirects", ([, problem]) => problem.startsWith("redirect")),
  ],
  [
    "slow",
    "Slowest",
    () => {
      const slowest = data.pages.filter((page) => page[4] >= 0).toSorted((one, other) =>
        other[4] - one[4]
      );
      return new SortedTable("Slowest", PAGE_COLUMNS, slowest.slice(0, 500).map(pageRow), 4, true);
    },
  ],
  ["notes", "Notes", () => findings("Notes", ([level]) => level === 3)],
];

const built = new Map<string, Picture | SortedTable>();
const tabs = document.getElementById("tabs")!;
let current = "";

function choose(id: string): void {
  const tab = TABS.find(([name]) => name === id) ?? TABS[0]!;
  current = tab[0];
  let view = built.get(current);
  if (view === undefined) built.set(current, view = tab[2]());
  else if (view instanceof SortedTable) view.show();
  main.replaceChildren(view.element);
  for (const button of tabs.querySelectorAll("button")) {
    const isChosen = button.dataset.tab === current;
    button.setAttribute("aria-selected", String(isChosen));
    button.tabIndex = isChosen ? 0 : -1;
  }
  history.replaceState(null, "", `#${current}`);
}

for (const [id, name] of TABS) {
  const button = make("button", { type: "button", role: "tab", "data-tab": id }, name);
  button.addEventListener("click", () => choose(id));
  tabs.append(button);
}
tabs.addEventListener("keydown", (event) => {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return;
  const at = TABS.findIndex(([id]) => id === current);
  choose(TABS[(at + step + TABS.length) % TABS.length]![0]);
  tabs.querySelector<HTMLElement>('[aria-selected="true"]')!.focus();
});
search.addEventListener("input", () => {
  const view = built.get(current);
  if (view instanceof SortedTable) view.show();
  else choose("all");
});
document.getElementById("theme")!.addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme === undefined
    ? matchMedia("(prefers-color-scheme: dark)").matches
    : root.dataset.theme === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
});
dialog.querySelector("button")!.addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
document.addEventListener("keydown", (event) => {
  const isTyping = (event.target as Element).matches("input");
  if (event.key !== "/" || isTyping || dialog.open) return;
  event.preventDefault();
  search.focus();
});
document.getElementById("when")!.textContent = data.when;
document.getElementById("counts")!.append(
  ...data.counts.map(([name, count]) =>
    make("li", { class: name }, make("b", {}, String(count)), ` ${name}`)
  ),
);
document.getElementById("left-out")!.textContent = data.leftOut;
choose(location.hash.slice(1));
