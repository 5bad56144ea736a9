/**
 * Data of the report, in compact form: there may be thousands of pages.
 *
 * @module
 */

/** A page: URL, title, status, outcome, milliseconds, bytes, links from the start, pages that link to it, its worst finding. */
export type ReportPage = readonly [
  url: string,
  title: string,
  status: number,
  outcome: string,
  ms: number,
  bytes: number,
  depth: number,
  inbound: number,
  worst: number,
];

/** A page that makes a link: its number, or its URL if it has none, and the text of the link. */
export type ReportLink = readonly [page: number | string, text: string];

/** A finding: severity (0 error, 1 unclear, 2 warning, 3 note), problem, URL, reason, whether it counts, its pages. */
export type ReportFinding = readonly [
  severity: number,
  problem: string,
  url: string,
  reason: string,
  isFailure: boolean,
  pages: readonly ReportLink[],
  pageCount: number,
];

/** A rectangle of the picture, in parts of the whole: position, name, page or -1, parent or -1, worst finding, pages. */
export type ReportArea = readonly [
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  name: string,
  page: number,
  parent: number,
  worst: number,
  pages: number,
];

/** All of it. */
export interface ReportData {
  /** The starts of the crawl. */
  readonly title: string;
  /** When it ended, and how long it took. */
  readonly when: string;
  /** Names and numbers of the summary. */
  readonly counts: readonly (readonly [name: string, count: number])[];
  /** Pages and other URLs. */
  readonly pages: readonly ReportPage[];
  /** Pages that each page links to, by their numbers. */
  readonly links: readonly (readonly number[])[];
  /** The findings. */
  readonly findings: readonly ReportFinding[];
  /** The picture; the first area is the whole. */
  readonly areas: readonly ReportArea[];
  /** Description of omitted data; empty if complete. */
  readonly leftOut: string;
}

/** Names of severities, the worst first; a page without a finding has the number behind them. */
export const SEVERITIES = ["error", "unclear", "warning", "note"] as const;
