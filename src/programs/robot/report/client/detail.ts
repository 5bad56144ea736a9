/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Details of one page.
 *
 * @module
 */

import { anchor, badge, make, seconds, size } from "./elements.ts";
import { data, dialog, numbers, ROWS } from "./page.ts";

/** A button that opens the details of a page. */
export function opener(url: string): Node {
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
export function open(index: number): void {
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
