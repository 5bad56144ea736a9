/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The script of the report's page. `deno task generate` writes it as text into `client_text.ts`; it runs in a browser
 * and uses only the data in the page.
 *
 * @module
 */

import { make } from "./elements.ts";
import { data, dialog, main, search } from "./page.ts";
import { Picture } from "./picture.ts";
import { SortedTable } from "./table.ts";
import { byPage, findings, PAGE_COLUMNS, pageRow } from "./views.ts";

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
