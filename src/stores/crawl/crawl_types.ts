/**
 * URLs, links and results of a crawl.
 *
 * @module
 */

/** How a URL is requested. */
export type CrawlMode = "read" | "check" | "sitemap";

/** All modes, the higher ones last: a checked URL can be read later. */
export const MODES: readonly CrawlMode[] = ["check", "sitemap", "read"];

/** A URL that waits for its request. */
export interface WaitingUrl {
  /** Its number. */
  readonly id: number;
  /** The URL, without a fragment. */
  readonly url: string;
  /** Its server's number. */
  readonly host: number;
  /** How it is to be requested. */
  readonly mode: CrawlMode;
  /** Number of links from the start. */
  readonly depth: number;
  /** Number of redirects that led to it. */
  readonly hops: number;
  /** Number of requests that failed for a while. */
  readonly attempts: number;
  /** Validators of the last crawl. */
  readonly etag: string | undefined;
  readonly modified: string | undefined;
}

/** A server with URLs that wait. */
export interface WaitingHost {
  /** Its number. */
  readonly id: number;
  /** Its name and port. */
  readonly name: string;
}

/** The result of a request. */
export interface CrawlResult {
  /** The outcome in a word. */
  readonly outcome: string;
  /** The status code; undefined if there was no response. */
  readonly status?: number | undefined;
  /** Why it failed. */
  readonly reason?: string | undefined;
  /** Where it redirects to. */
  readonly redirect?: number | undefined;
  /** The fragment of the redirect. */
  readonly redirectFragment?: string | undefined;
  /** Media type. */
  readonly type?: string | undefined;
  /** Size in bytes. */
  readonly bytes?: number | undefined;
  /** Time to the head of the response, in milliseconds. */
  readonly ms?: number | undefined;
  /** Title of the page. */
  readonly title?: string | undefined;
  /** Names that fragments may point to, one a line; undefined if the resource was not read. */
  readonly anchors?: string | undefined;
  /** The page that this one says is the original. */
  readonly canonical?: number | undefined;
  /** Validators for the next crawl. */
  readonly etag?: string | undefined;
  readonly modified?: string | undefined;
  /** A number that pages with the same title and links share. */
  readonly twin?: number | undefined;
  /** The links of the page. */
  readonly links?: readonly CrawlLink[] | undefined;
}

/** A URL with its result. */
export interface CrawledUrl extends Omit<CrawlResult, "links" | "anchors" | "twin"> {
  /** Whether it is a page whose anchors are known. */
  readonly isPage: boolean;
  /** Its number. */
  readonly id: number;
  /** The URL. */
  readonly url: string;
  /** How it was requested. */
  readonly mode: CrawlMode;
  /** Number of links from the start. */
  readonly depth: number;
}

/** A link of a page. */
export interface CrawlLink {
  /** The target. */
  readonly target: number;
  /** Why. */
  readonly kind: string;
  /** The fragment, as written; empty if there is none. */
  readonly fragment: string;
  /** The text of the link. */
  readonly text: string;
  /** How the target is to be requested because of this link. */
  readonly mode: CrawlMode;
}

/** The links of one document. */
export interface CrawledLinks {
  /** The document. */
  readonly source: number;
  /** How it was read. */
  readonly mode: CrawlMode;
  /** Its links, each target and fragment once. */
  readonly links: readonly CrawlLink[];
}

/** Finding about one URL that does not follow from results. */
export interface CrawlNote {
  /** The URL. */
  readonly url: number;
  /** The problem in a word. */
  readonly problem: string;
  /** The details. */
  readonly text: string;
}
