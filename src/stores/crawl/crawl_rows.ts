/**
 * Rows of the database as values.
 *
 * @module
 */

import { type CrawledUrl, type CrawlLink, MODES, type WaitingUrl } from "./crawl_types.ts";

/** Columns of {@link WaitingUrl}. */
export const WAITING_COLUMNS = "id, url, host, mode, depth, hops, attempts, etag, modified";
/** Columns of {@link CrawledUrl}. */
export const RESULT_COLUMNS =
  "id, url, mode, depth, outcome, status, reason, redirect, redirect_fragment, type, bytes, ms, title, " +
  "anchors IS NOT NULL AS isPage, canonical, etag, modified";

/** What decides about a URL that is known. */
export type UrlRow = Readonly<Record<"id" | "mode" | "depth" | "state" | "host", number>>;

/** A row of the database. */
export type Row = Readonly<Record<string, string | number | null>>;

function withoutNulls(row: Row): Record<string, string | number | undefined> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined]));
}

/** Converts a row of {@link WAITING_COLUMNS}. */
export function toWaiting(row: Row): WaitingUrl {
  return { ...withoutNulls(row), mode: MODES[row.mode as number]! } as unknown as WaitingUrl;
}

/** Converts a row of {@link RESULT_COLUMNS}. */
export function toCrawledUrl(row: Row): CrawledUrl {
  const { redirect_fragment, mode, ...rest } = withoutNulls(row);
  return {
    ...rest,
    mode: MODES[mode as number]!,
    redirectFragment: redirect_fragment,
    isPage: rest.isPage === 1,
  } as unknown as CrawledUrl;
}

/** Parses the links of a page. */
export function toLinks(text: string): CrawlLink[] {
  const list = JSON.parse(text) as (readonly [number, string, string, string, number])[];
  return list.map(([target, kind, fragment, text, rank]) => ({
    target,
    kind,
    fragment,
    text,
    mode: MODES[rank]!,
  }));
}

/** Formats the links of a page. */
export function fromLinks(links: readonly CrawlLink[] | undefined): string | null {
  if (links === undefined) return null;
  return JSON.stringify(
    links.map(({ target, kind, fragment, text, mode }) => [
      ...[target, kind, fragment, text, MODES.indexOf(mode)],
    ]),
  );
}
