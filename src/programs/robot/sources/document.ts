/**
 * References of documents: HTML, CSS, sitemaps, Markdown.
 *
 * @module
 */

import { cssLinks, type PageLink, readPage } from "../../web/mod.ts";
import { markdownToHtml } from "./markdown.ts";
import { isSitemap, readSitemap } from "./sitemap.ts";

/** A kind of document that is read. */
export type DocumentKind = "html" | "css" | "xml" | "markdown" | "text";

/** A reference of a document. */
export interface DocumentLink {
  /** Why: a kind of the page's, `sitemap` or `page` of a sitemap. */
  readonly kind: string;
  /** The absolute URL; undefined if malformed. */
  readonly url: string | undefined;
  /** The reference as written. */
  readonly written: string;
  /** The text of the link. */
  readonly text: string;
  /** Whether robots are asked not to follow it. */
  readonly isNofollow: boolean;
  /** Whether browsers load it together with the page. */
  readonly isLoaded: boolean;
}

/** A document that was read. */
export interface ReadDocument {
  /** Its title. */
  readonly title: string;
  /** Its references. */
  readonly links: readonly DocumentLink[];
  /** Names that fragments may point to; undefined if it is not a page. */
  readonly anchors: ReadonlySet<string> | undefined;
  /** The page that it says is the original. */
  readonly canonical: string | undefined;
  /** What its relative references are resolved against, if it says so itself. */
  readonly base?: string | undefined;
}

const TYPES: Readonly<Record<string, DocumentKind>> = {
  "text/html": "html",
  "application/xhtml+xml": "html",
  "image/svg+xml": "html",
  "text/css": "css",
  "text/markdown": "markdown",
  "text/x-markdown": "markdown",
  "application/xml": "xml",
  "text/xml": "xml",
  "application/rss+xml": "xml",
  "application/atom+xml": "xml",
  "application/x-gzip": "xml",
  "application/gzip": "xml",
  "text/plain": "text",
};

/**
 * Says how a document is read.
 *
 * @param type The media type.
 * @param path The path of its URL, which counts for types that many documents have.
 * @param isSitemapExpected Whether it was named as a sitemap.
 * @returns The kind; undefined if it is not read.
 */
export function documentKind(
  type: string,
  path: string,
  isSitemapExpected: boolean,
): DocumentKind | undefined {
  const kind = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (kind === "text") {
    return isSitemapExpected ? "text" : /\.(?:md|markdown)$/i.test(path) ? "markdown" : undefined;
  }
  if (/gzip$/.test(type) && !isSitemapExpected && !/\.xml\.gz$/i.test(path)) return undefined;
  return kind;
}

/** Relations that name a server only, or nothing that is to be loaded. */
const NOT_CHECKED: ReadonlySet<string> = new Set(["preconnect", "dns-prefetch", "profile"]);
const LOADED: ReadonlySet<string> = new Set([
  ...["image", "script", "stylesheet", "frame", "media", "icon"],
]);

/**
 * Reads a document.
 *
 * @param kind How.
 * @param text Its text.
 * @param url Where it came from.
 * @param isNofollow Whether its server asks robots not to follow its links.
 * @returns Its references; none if it is XML other than a sitemap.
 * @throws {LimitError} If it has too many references.
 */
export async function readDocument(
  kind: DocumentKind,
  text: string,
  url: string,
  isNofollow: boolean,
): Promise<ReadDocument> {
  switch (kind) {
    case "css":
      return {
        ...NOTHING,
        links: cssLinks(text).map(({ written, isImport }) => ({
          kind: isImport ? "stylesheet" : "image",
          url: resolve(written, url),
          written,
          text: "",
          isNofollow,
          isLoaded: true,
        })),
      };
    case "xml":
    case "text":
      return kind === "text" || isSitemap(text) ? await readList(text, url, isNofollow) : NOTHING;
    case "markdown":
      return await readHtmlDocument(await markdownToHtml(text), url, isNofollow);
    case "html":
      return await readHtmlDocument(text, url, isNofollow);
  }
}

const NOTHING: ReadDocument = { title: "", links: [], anchors: undefined, canonical: undefined };

async function readHtmlDocument(
  html: string,
  url: string,
  isNofollow: boolean,
): Promise<ReadDocument> {
  const page = await readPage(html, url, { withForms: false });
  const { robots, title, anchors } = page;
  const noneFollowed = isNofollow || robots.includes("nofollow") || robots.includes("none");
  const links: DocumentLink[] = [];
  let canonical: string | undefined;
  for (const link of page.links) {
    if (link.isPosted === true || link.rel.some((word) => NOT_CHECKED.has(word))) continue;
    const isCanonical = link.element === "link" && link.rel.includes("canonical");
    if (isCanonical) canonical ??= link.url;
    links.push({
      kind: isCanonical ? "canonical" : link.kind,
      url: link.url,
      written: link.written,
      text: link.text,
      isNofollow: noneFollowed || link.rel.includes("nofollow"),
      isLoaded: LOADED.has(link.kind) && isLoaded(link),
    });
  }
  const base = page.base === url ? undefined : page.base;
  return { title, links, anchors, canonical, base };
}

/** An image of a link is loaded; an `a` or `link` of the same kind need not be. */
function isLoaded({ element, kind }: PageLink): boolean {
  return element !== "a" && (element !== "link" || kind !== "image");
}

async function readList(text: string, url: string, isNofollow: boolean): Promise<ReadDocument> {
  const { sitemaps, pages, others } = await readSitemap(text);
  const link = (kind: string) => (written: string): DocumentLink => ({
    kind,
    url: resolve(written, url),
    written,
    text: "",
    isNofollow,
    isLoaded: false,
  });
  return {
    ...NOTHING,
    links: [
      ...sitemaps.map(link("sitemap")),
      ...pages.map(link("link")),
      ...others.map(link("other")),
    ],
  };
}

function resolve(written: string, base: string): string | undefined {
  return URL.canParse(written, base) ? new URL(written, base).href : undefined;
}
