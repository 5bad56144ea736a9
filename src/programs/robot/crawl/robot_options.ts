/**
 * How a robot behaves.
 *
 * @module
 */

import type { CrawlStore } from "../../../stores/internal.ts";
import type { LinkSource, ResourceResult } from "../sources/link_source.ts";
import type { RobotsCache } from "../rules/robots_cache.ts";
import type { TrapLimits } from "./traps.ts";

/** Which resources are read, and which are only checked. */
export interface CrawlScope {
  /** Hosts with ports whose pages are read; a start that leads to its `www.` or TLS adds one. */
  readonly hosts: Set<string>;
  /** Paths below which pages are read; all if there are none. */
  readonly paths: readonly string[];
  /** Whether a URL's pages are read as far as patterns are concerned. */
  readonly includes: (url: string) => boolean;
  /** Maximum number of links from the start to a page that is read. */
  readonly maxDepth: number;
  /** Whether links that lead elsewhere are checked. */
  readonly external: boolean;
  /** Whether a URL is left out altogether. */
  readonly ignores: (url: string) => boolean;
  /** Names of parameters that do not count. */
  readonly ignoredParameters: readonly string[];
}

/** How a {@link Robot} behaves. */
export interface RobotOptions {
  /** The state of the crawl. */
  readonly store: CrawlStore;
  /** The URLs to begin with. */
  readonly starts: readonly URL[];
  /** Which resources are read. */
  readonly scope: CrawlScope;
  /** Where resources are found, by the scheme of their URLs with its colon. */
  readonly sources: ReadonlyMap<string, LinkSource>;
  /** The files `robots.txt`; they are not asked for if absent. */
  readonly robots?: RobotsCache | undefined;
  /** Maximum number of requests at once. @default {20} */
  readonly total?: number | undefined;
  /** Maximum number of requests to one host at once. @default {1} */
  readonly perHost?: number | undefined;
  /** Minimum time between two requests to a host, in milliseconds. @default {100} */
  readonly delayFor?: ((host: string) => number) | undefined;
  /** How often a request is tried again. @default {2} */
  readonly retries?: number | undefined;
  /** Maximum time that a server may ask to be left alone, in milliseconds. @default {120_000} */
  readonly maxPauseMs?: number | undefined;
  /** Maximum number of URLs. @default {1_000_000} */
  readonly maxUrls?: number | undefined;
  /** Limits of what counts as made up. */
  readonly traps?: TrapLimits | undefined;
  /** Called when a URL has its result. */
  readonly onResult?: ((result: ResourceResult & { readonly url: string }) => void) | undefined;
  /** Aborting it ends the crawl; it can be resumed. */
  readonly signal: AbortSignal;
}
