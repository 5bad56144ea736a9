/**
 * The report as one page of HTML that needs nothing else.
 *
 * @module
 */

import { escapeMarkup } from "../../../net/internal.ts";
import type { CrawledUrl, CrawlStore } from "../../../stores/internal.ts";
import type { Finding } from "../results/findings.ts";
import { CLIENT } from "./client_text.ts";
import { type ReportData, type ReportFinding, type ReportPage, SEVERITIES } from "./report_data.ts";
import { drawSite } from "./site_picture.ts";
import { STYLE } from "./style.ts";

/** Content of the report. */
export interface SiteReportInput {
  /** The starts of the crawl. */
  readonly title: string;
  /** Name and version of the program. */
  readonly program: string;
  /** When the crawl ended. */
  readonly date: Date;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** The state of the crawl. */
  readonly store: CrawlStore;
  /** Findings that count, and those that do not. */
  readonly failures: readonly Finding[];
  readonly others: readonly Finding[];
  /** How a URL is shown: of a local folder, as a path. */
  readonly display: (url: string) => string;
}

/** Limits that keep the report usable in a browser. */
const MAX_PAGES = 20_000;
const MAX_LINKS = 400_000;
const MAX_FINDINGS = 10_000;
const MAX_LINKING_PAGES = 200;
/** Maximum number of characters of all URLs, titles and link texts. */
const MAX_TEXT = 50_000_000;
/** Maximum number of pages that all findings name. */
const MAX_ALL_PAGES = 200_000;

/**
 * Writes the report. It loads nothing, and its policy lets it load nothing and run its own script only.
 *
 * @param input The content.
 * @returns HTML.
 */
export async function formatSiteReport(input: SiteReportInput): Promise<string> {
  const data = await collect(input);
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const [style, script] = await Promise.all([hash(STYLE), hash(CLIENT)]);
  const policy = `default-src 'none'; style-src '${style}'; script-src '${script}'; ` +
    "base-uri 'none'; form-action 'none'";
  const title = `Links of ${escapeMarkup(input.title)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="netwright http robot">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<div id="when"></div>
<ul id="counts"></ul>
<div class="bar">
<div id="tabs" role="tablist" aria-label="Views"></div>
<input id="search" type="search" placeholder="Search ( / )" aria-label="Search in the table">
<button id="theme" type="button">Light or dark</button>
</div>
</header>
<main id="main" role="tabpanel"></main>
<footer><p id="left-out"></p><p>Made by ${escapeMarkup(input.program)}</p></footer>
<dialog id="detail" aria-labelledby="detail-title">
<button type="button">Close</button>
<h2 id="detail-title"></h2>
<div></div>
</dialog>
<noscript>This report is shown by its script.</noscript>
<script id="data" type="application/json">${json}</script>
<script>${CLIENT}</script>
</body>
</html>
`;
}

async function collect(
  { title, date, ms, store, failures, others, display }: SiteReportInput,
): Promise<ReportData> {
  const findings = [...failures, ...others];
  const worst = worstOf(findings);
  const left: string[] = [];
  const urls: CrawledUrl[] = [];
  let size = 0;
  for (const url of take(store)) {
    size += url.url.length + (url.title?.length ?? 0);
    if (urls.length >= MAX_PAGES || size > MAX_TEXT) break;
    urls.push(url);
  }
  const { urls: all } = store.counts();
  if (all > urls.length) left.push(`${all - urls.length} URLs`);
  const index = new Map(urls.map(({ id }, at) => [id, at]));
  const inbound = new Int32Array(urls.length);
  const links: number[][] = urls.map(() => []);
  let count = 0;
  for (const { source, links: list } of store.links()) {
    const from = index.get(source);
    for (const { target } of list) {
      const to = index.get(target);
      if (to === undefined || to === from) continue;
      inbound[to]!++;
      if (from === undefined || count >= MAX_LINKS || links[from]!.includes(to)) continue;
      links[from]!.push(to);
      count++;
    }
  }
  if (count >= MAX_LINKS) left.push(`links beyond ${MAX_LINKS}`);
  const pages = urls.map((url, at): ReportPage => [
    display(url.url),
    url.title ?? "",
    url.status ?? 0,
    url.outcome,
    url.ms ?? -1,
    url.bytes ?? -1,
    url.depth,
    inbound[at]!,
    worst.get(url.url) ?? SEVERITIES.length,
  ]);
  const shown: Finding[] = [];
  let named = 0;
  for (const finding of findings) {
    size += finding.url.length + finding.reason.length;
    named += Math.min(MAX_LINKING_PAGES, finding.pages.length);
    if (shown.length >= MAX_FINDINGS || named > MAX_ALL_PAGES || size > MAX_TEXT) break;
    shown.push(finding);
  }
  const byUrl = new Map(urls.map(({ url }, at) => [url, at]));
  if (shown.length < findings.length) left.push(`${findings.length - shown.length} findings`);
  const isFailure = new Set(failures);
  const of = (severity: string): number =>
    findings.filter((finding) => finding.severity === severity).length;
  // The picture shows the site itself, not the pages it links to.
  const own = pages.filter((_, at) => urls[at]!.isPage);
  const numbers = new Map(pages.map((page, at) => [page, at]));
  const areas = await drawSite(own);
  return {
    title,
    when: `${date.toISOString().slice(0, 16).replace("T", " ")} UTC, ${(ms / 1000).toFixed(1)} s`,
    counts: [
      ["URLs", all],
      ["pages", own.length],
      ["errors", of("error")],
      ["unclear", of("unclear")],
      ["warnings", of("warning")],
      ["notes", of("note")],
    ],
    pages,
    links,
    findings: shown.map((finding) => toReport(finding, isFailure.has(finding), display, byUrl)),
    areas: areas.map((area) => {
      const [x0, y0, x1, y1, name, page, ...rest] = area;
      const number = page < 0 ? -1 : numbers.get(own[page]!)!;
      return [x0, y0, x1, y1, name, number, ...rest] as const;
    }),
    leftOut: left.length === 0 ? "" : `Left out: ${left.join(", ")}. --json has all.`,
  };
}

/** All URLs: pages first, then checked URLs. */
function* take(store: CrawlStore): Generator<CrawledUrl> {
  for (const condition of ["anchors IS NOT NULL", "anchors IS NULL"]) {
    yield* store.urls(condition);
  }
}

/** The worst finding about a URL, or about a link of that page. */
function worstOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const worst = new Map<string, number>();
  const note = (url: string, level: number): void => {
    worst.set(url, Math.min(level, worst.get(url) ?? SEVERITIES.length));
  };
  for (const { severity, url, problem, pages } of findings) {
    const level = SEVERITIES.indexOf(severity);
    note(problem === "missing-fragment" ? url.slice(0, url.lastIndexOf("#")) : url, level);
    // A link to something with only a note does not make a page worse.
    if (level < 3) { for (const page of pages) note(page.url, level); }
  }
  return worst;
}

function toReport(
  { severity, problem, url, reason, pages, pageCount }: Finding,
  isFailure: boolean,
  display: (url: string) => string,
  byUrl: ReadonlyMap<string, number>,
): ReportFinding {
  return [
    SEVERITIES.indexOf(severity),
    problem,
    display(url),
    reason,
    isFailure,
    pages.slice(0, MAX_LINKING_PAGES).map((page) => [
      byUrl.get(page.url) ?? display(page.url),
      page.text,
    ]),
    pageCount,
  ];
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${new Uint8Array(digest).toBase64()}`;
}
