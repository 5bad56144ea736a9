/**
 * Sitemaps: lists of a site's pages (sitemaps.org protocol 0.90), also RSS, Atom and plain text.
 *
 * @module
 */

import { type HtmlHandler, readHtml } from "../../web/mod.ts";

/** Content of a sitemap. */
export interface Sitemap {
  /** Further sitemaps, as written. */
  readonly sitemaps: readonly string[];
  /** Pages, as written. */
  readonly pages: readonly string[];
  /** Pictures and other versions of the pages, as written. */
  readonly others: readonly string[];
}

/** Maximum size of a sitemap in bytes, decompressed (sitemaps.org). */
export const MAX_SITEMAP_BYTES = 50 * 1024 * 1024;
/** Maximum number of URLs of a sitemap (sitemaps.org). */
export const MAX_SITEMAP_URLS = 50_000;

/**
 * Checks whether XML is a sitemap or a feed.
 *
 * @param text Its beginning.
 * @returns Whether the first element is one of a sitemap, RSS or Atom.
 */
export function isSitemap(text: string): boolean {
  const head = text.slice(0, 65_536);
  let at = 0;
  // Skips the prolog in linear time: each step advances.
  while (true) {
    while (/\s|\ufeff/.test(head.charAt(at))) at++;
    const end = head.startsWith("<!--", at)
      ? head.indexOf("-->", at) + 3
      : /^<[?!]/.test(head.slice(at, at + 2))
      ? head.indexOf(">", at) + 1
      : 0;
    if (end <= at) break;
    at = end;
  }
  return /^<(?:[\w-]{1,32}:)?(?:urlset|sitemapindex|rss|feed)[\s>]/i.test(head.slice(at, at + 64));
}

/**
 * Reads a sitemap.
 *
 * @param text Its text.
 * @returns The listed URLs.
 *
 * @example One page
 * ```ts
 * import { readSitemap } from "./sitemap.ts";
 * const { pages } = await readSitemap("<urlset><url><loc>http://a.example/</loc></url></urlset>");
 * if (pages.join() !== "http://a.example/") throw new Error(pages.join());
 * ```
 */
export async function readSitemap(text: string): Promise<Sitemap> {
  const sitemaps: string[] = [];
  const pages: string[] = [];
  const others: string[] = [];
  if (!/^\s*<|^\ufeff\s*</.test(text)) {
    for (const [line] of text.matchAll(/[^\r\n\ufeff]+/g)) {
      if (pages.length >= MAX_SITEMAP_URLS) break;
      const url = line.trim();
      if (url !== "") pages.push(url);
    }
    return { sitemaps, pages, others };
  }
  /** Elements around, without their prefixes. */
  const path: string[] = [];
  let current = "";
  const add = (list: string[], written: string): void => {
    const url = written.trim();
    if (url !== "" && list.length < MAX_SITEMAP_URLS) list.push(url);
  };
  const handler: HtmlHandler = {
    open(name, attributes) {
      const local = name.slice(name.indexOf(":") + 1);
      if (path.length < 16) path.push(local);
      current = "";
      if (local !== "link" || attributes.href === undefined) return;
      if (path.at(-2) === "entry") {
        if ((attributes.rel ?? "alternate") === "alternate") add(pages, attributes.href);
      } else if (path.at(-2) === "url") add(others, attributes.href);
    },
    close(name) {
      const local = name.slice(name.indexOf(":") + 1);
      const at = path.lastIndexOf(local);
      if (at < 0) return;
      const parent = path[at - 1];
      if (local === "loc") {
        add(parent === "sitemap" ? sitemaps : parent === "url" ? pages : others, current);
      } else if (local === "link" && (parent === "item" || parent === "channel")) {
        add(pages, current);
      }
      path.length = at;
      current = "";
    },
    text(piece) {
      if (current.length < 8192) current += piece;
    },
  };
  await readHtml(text, handler, true);
  return { sitemaps, pages, others };
}
