/**
 * Findings of a crawl: broken links and the pages that contain them.
 *
 * @module
 */

import type { CrawlStore } from "../../../stores/internal.ts";
import type { Severity } from "../sources/outcome.ts";
import { type Problem, REASONS, SEVERITY } from "./problem.ts";
import { Targets } from "./targets.ts";
import { MAX_TWINS } from "../crawl/url_rules.ts";

/** A page that makes a link. */
export interface LinkingPage {
  /** Its URL. */
  readonly url: string;
  /** The text of the link; of one without, nothing. */
  readonly text: string;
  /** Why it refers to it. */
  readonly kind: string;
}

/** Something that was found. */
export interface Finding {
  /** How bad it is. */
  readonly severity: Severity;
  /** The problem. */
  readonly problem: Problem;
  /** The URL that it is about, with the fragment if that is missing. */
  readonly url: string;
  /** The status code. */
  readonly status: number | undefined;
  /** The reason in one line. */
  readonly reason: string;
  /** Pages that link to it, ordered by URL; at most {@link MAX_PAGES} of them. */
  readonly pages: readonly LinkingPage[];
  /** Number of pages that link to it. */
  readonly pageCount: number;
}

/** Maximum number of linking pages that a finding names. */
export const MAX_PAGES = 1000;

/** A finding whose pages are being collected. */
interface Draft {
  readonly problem: Problem;
  readonly url: string;
  readonly status: number | undefined;
  readonly reason: string;
  readonly pages: Map<string, LinkingPage>;
  pageCount: number;
}

/** How findings are collected. */
export interface FindingsOptions {
  /** Time from which a page counts as slow, in milliseconds. @default {3000} */
  readonly slowMs?: number | undefined;
}

/**
 * Collects the findings of a crawl.
 *
 * @param store The state of the crawl.
 * @param options Limits.
 * @returns The findings, ordered by severity, problem and URL.
 */
export function collectFindings(store: CrawlStore, options: FindingsOptions = {}): Finding[] {
  const targets = new Targets(store);
  const fragments = missingFragments(store, targets);
  const drafts = new Map<string, Draft>();
  const draftFor = (id: number): Draft | undefined => {
    const verdict = targets.verdict(id);
    if (verdict === undefined) return undefined;
    return upsert(drafts, verdict.problem, targets.url(id), verdict.status, verdict.reason);
  };
  const listed = new Set<number>();
  for (const { source, mode, links } of store.links()) {
    // A page that only a sitemap lists is hidden from visitors.
    for (const { target } of mode === "sitemap" ? links : []) listed.add(target);
    let page: string | undefined;
    for (const { target, kind, fragment, text } of links) {
      const isMissing = fragment !== "" && fragments.get(target)?.has(fragment) === true;
      if (!isMissing && !targets.isFinding(target)) continue;
      page ??= targets.url(source);
      if (targets.isFinding(target)) addPage(draftFor(target), { url: page, text, kind });
      if (isMissing) {
        const draft = upsert(
          drafts,
          "missing-fragment",
          `${targets.url(target)}#${fragment}`,
          undefined,
          `the page has no anchor "${fragment}"`,
        );
        addPage(draft, { url: page, text, kind });
      }
    }
  }
  addHidden(store, targets, listed, drafts);
  // What nothing links to, such as the start itself.
  for (const id of targets.starts()) draftFor(id);
  addNotes(store, targets, drafts);
  for (const url of store.twinGroups(MAX_TWINS)) {
    const reason = `more than ${MAX_TWINS} pages have this title and these links`;
    upsert(drafts, "trap", url, undefined, reason);
  }
  addSlow(store, drafts, options.slowMs ?? 3000);
  return [...drafts.values()].map(toFinding).sort(compare);
}

function upsert(
  drafts: Map<string, Draft>,
  problem: Problem,
  url: string,
  status: number | undefined,
  reason: string,
): Draft {
  const key = `${problem} ${url}`;
  let draft = drafts.get(key);
  if (draft === undefined) {
    drafts.set(key, draft = { problem, url, status, reason, pages: new Map(), pageCount: 0 });
  }
  return draft;
}

function addPage(draft: Draft | undefined, page: LinkingPage): void {
  if (draft === undefined || draft.pages.has(page.url)) return;
  draft.pageCount++;
  if (draft.pages.size < MAX_PAGES) draft.pages.set(page.url, page);
}

const NOTE_PROBLEMS: ReadonlySet<string> = new Set([
  ...["malformed-url", "local-file", "mixed-content", "certificate-ends", "trap", "unread"],
]);

function addNotes(store: CrawlStore, targets: Targets, drafts: Map<string, Draft>): void {
  for (const { url, problem, text } of store.notes()) {
    if (!NOTE_PROBLEMS.has(problem)) continue;
    if (problem === "certificate-ends") {
      const [server = "", ...words] = text.split(" ");
      upsert(drafts, problem, server, undefined, `the certificate ${words.join(" ")}`);
      continue;
    }
    const page = targets.url(url);
    const isAboutPage = ABOUT_PAGES.has(problem);
    const draft = upsert(
      drafts,
      problem as Problem,
      isAboutPage ? page : text,
      undefined,
      isAboutPage ? text : REASONS[problem] ?? problem,
    );
    if (!isAboutPage) addPage(draft, { url: page, text: "", kind: "link" });
  }
}

/** Findings about the page itself. */
const ABOUT_PAGES: ReadonlySet<string> = new Set(["trap", "unread"]);

function addHidden(
  store: CrawlStore,
  targets: Targets,
  listed: Set<number>,
  drafts: Map<string, Draft>,
): void {
  if (listed.size === 0) return;
  for (const { source, mode, links } of store.links()) {
    if (mode === "sitemap") continue;
    for (const { target } of links) if (target !== source) listed.delete(target);
  }
  for (const id of listed) {
    const url = store.url(id);
    if (url === undefined || !url.isPage || url.depth === 0) continue;
    upsert(drafts, "only-in-sitemap", targets.url(id), undefined, "no page links to it");
  }
}

function addSlow(store: CrawlStore, drafts: Map<string, Draft>, slowMs: number): void {
  for (const { url, ms = 0 } of store.urls(`ms >= ${Math.floor(slowMs)}`)) {
    upsert(drafts, "slow", url, undefined, `${(ms / 1000).toFixed(1)} s to the response`);
  }
}

function toFinding({ pages, ...draft }: Draft): Finding {
  return {
    ...draft,
    severity: SEVERITY[draft.problem] ?? "error",
    pages: [...pages.values()].sort((one, other) => one.url < other.url ? -1 : 1),
  };
}

const ORDER: readonly Severity[] = ["error", "unclear", "warning", "note"];

function compare(one: Finding, other: Finding): number {
  const bySeverity = ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity);
  if (bySeverity !== 0) return bySeverity;
  const [a, b] = [`${one.problem} ${one.url}`, `${other.problem} ${other.url}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Finds the fragments that their pages do not have, by target. */
function missingFragments(
  store: CrawlStore,
  targets: Targets,
): ReadonlyMap<number, ReadonlySet<string>> {
  const wanted = new Map<number, Set<string>>();
  for (const { links } of store.links()) {
    for (const { target, fragment } of links) {
      if (fragment === "" || isNoAnchor(fragment)) continue;
      const list = wanted.get(target);
      if (list === undefined) wanted.set(target, new Set([fragment]));
      else list.add(fragment);
    }
  }
  const missing = new Map<number, Set<string>>();
  for (const [target, fragments] of wanted) {
    const { anchors, ownFragment } = targets.anchors(target);
    // A page that was not read may have any anchor; a redirect's own fragment replaces the link's.
    if (anchors === undefined || ownFragment !== undefined) continue;
    const names = new Set(anchors.split("\n"));
    const absent = [...fragments].filter((fragment) => !hasAnchor(names, fragment));
    if (absent.length > 0) missing.set(target, new Set(absent));
  }
  return missing;
}

/** The top of the page, a text directive, or what scripts of the page understand. */
function isNoAnchor(fragment: string): boolean {
  return /^top$/i.test(fragment) || fragment.includes(":~:") || /^[!/]/.test(fragment);
}

function hasAnchor(names: ReadonlySet<string>, fragment: string): boolean {
  if (names.has(fragment)) return true;
  let decoded = fragment;
  try {
    decoded = decodeURIComponent(fragment);
  } catch {
    // Compared undecoded (WHATWG HTML §7.4.6.4).
  }
  // Hosting sites put their own prefix before the names of headings.
  return names.has(decoded) || names.has(`user-content-${decoded}`);
}
