/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Tables of findings and pages.
 *
 * @module
 */

import type { ReportFinding, ReportPage } from "../report_data.ts";
import { opener } from "./detail.ts";
import { badge, make, seconds, size } from "./elements.ts";
import { data, LEVELS, ROWS, urlOf } from "./page.ts";
import { type Column, type Row, SortedTable } from "./table.ts";

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

export function pageRow(
  [url, title, status, outcome, ms, bytes, depth, inbound, worst]: ReportPage,
): Row {
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
export const PAGE_COLUMNS: readonly Column[] = [
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
export function byPage(): SortedTable {
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

export function findings(
  caption: string,
  isChosen: (finding: ReportFinding) => boolean,
): SortedTable {
  return new SortedTable(caption, FINDING_COLUMNS, data.findings.filter(isChosen).map(findingRow));
}
