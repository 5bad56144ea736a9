/**
 * Targets of links: normalised URL and crawl mode.
 *
 * @module
 */

import { RecentMap } from "../../../net/internal.ts";
import type { CrawlMode } from "../../../stores/internal.ts";
import type { CrawlScope } from "./robot_options.ts";
import { normaliseUrl } from "./url_rules.ts";

/** A parsed link target. */
export interface LinkTarget {
  /** The URL as written, absolute. */
  readonly target: URL;
  /** The URL, normalised. */
  readonly url: string;
  /** Its fragment. */
  readonly fragment: string;
  /** Whether an ignore pattern matches. */
  readonly isIgnored: boolean;
}

/** Maximum number of cached targets. */
const MAX_TARGETS = 10_000;
/** Longest link that is kept, in characters. */
const MAX_KEPT = 500;

/** Kinds of references that are pages most often; all others are only checked. */
const READ_KINDS: ReadonlySet<string> = new Set([
  ...["link", "frame", "refresh", "canonical", "stylesheet", "sitemap", "other"],
]);
/** File names that are not documents. */
const NO_DOCUMENT =
  /\.(?:png|jpe?g|gif|webp|avif|svgz?|ico|bmp|tiff?|mp[34]|m4[av]|webm|og[gva]|wav|flac|avi|mov|mkv|pdf|zip|gz|tgz|bz2|xz|7z|rar|tar|dmg|iso|exe|msi|deb|rpm|jar|war|woff2?|ttf|otf|eot|docx?|xlsx?|pptx?|od[tsp]|epub|js|mjs|json|map|wasm|bin|apk)$/i;

/** Parses links; cached, because most targets repeat across pages. */
export class LinkTargets {
  readonly #scope: CrawlScope;
  readonly #known = new RecentMap<string, LinkTarget>(MAX_TARGETS);

  /**
   * @param scope Which resources are read, and which are only checked.
   */
  constructor(scope: CrawlScope) {
    this.#scope = scope;
  }

  /**
   * Parses a link.
   * @param text The absolute URL.
   * @returns The target.
   */
  of(text: string): LinkTarget {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const { ignores, ignoredParameters } = this.#scope;
    const target = new URL(text);
    const made = { target, ...normaliseUrl(target, ignoredParameters), isIgnored: ignores(text) };
    if (text.length <= MAX_KEPT) this.#known.set(text, made);
    return made;
  }

  /**
   * Determines the crawl mode of a target.
   * @param url The target.
   * @param kind Why it is referred to.
   * @param source How the document that refers to it was read, and whether robots are not to follow the link.
   * @returns The mode; undefined if the target is not requested.
   */
  modeFor(
    url: URL,
    kind: string,
    { from, isNofollow }: { readonly from: CrawlMode; readonly isNofollow: boolean },
  ): CrawlMode | undefined {
    const { hosts, paths, includes, external } = this.#scope;
    const isHere = hosts.has(url.host) && /^(?:https?|file):$/.test(url.protocol);
    if (!isHere) return external || url.protocol === "file:" ? "check" : undefined;
    if (kind === "sitemap") return "sitemap";
    const isBelow = paths.length === 0 || paths.some((path) => url.pathname.startsWith(path));
    if (isNofollow || !isBelow || !includes(url.href)) return "check";
    return (READ_KINDS.has(kind) || from === "sitemap") && !NO_DOCUMENT.test(url.pathname)
      ? "read"
      : "check";
  }
}
