/**
 * Records results, and adds the URLs to request next.
 *
 * @module
 */

import { delay } from "../../../net/internal.ts";
import type { CrawlLink, CrawlMode, CrawlStore, WaitingUrl } from "../../../stores/internal.ts";
import type { ReadDocument } from "../sources/document.ts";
import type { ResourceResult } from "../sources/link_source.ts";
import { LinkTargets } from "./link_targets.ts";
import { anchorLines, twinOf } from "./page_facts.ts";
import type { RobotOptions } from "./robot_options.ts";
import { TrapDetector } from "./traps.ts";
import { hostOf, MAX_TWINS, MAX_URL, normaliseUrl } from "./url_rules.ts";

/** A certificate that ends sooner is a finding, in days. */
const SOON_DAYS = 21;
/** Sitemaps that list sitemaps, one inside the other: more than sitemaps.org knows. */
const MAX_SITEMAP_LEVELS = 3;
/** Links of one page that are recorded; further ones are noted. */
const MAX_LINKS = 200_000;
/** Links that are recorded before other tasks run. */
const LINKS_AT_ONCE = 2000;

/** Links of a document. */
interface RecordedLinks {
  readonly list: CrawlLink[];
  /** Numbers of their targets, by URL. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Whether no target was left out because there are too many URLs. */
  readonly isComplete: boolean;
}

/** Records results of a crawl. */
export class Recorder {
  readonly #options: RobotOptions;
  readonly #store: CrawlStore;
  readonly #targets: LinkTargets;
  readonly #traps: TrapDetector;
  readonly #certificates = new Set<string>();
  #urls: number;
  /** Finished pages that are nearer to the start than their links know. */
  readonly #nearer: number[] = [];
  /** Whether hosts without a lane may have URLs waiting. */
  hasNewHosts = true;

  /**
   * @param options How the robot behaves.
   */
  constructor(options: RobotOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#targets = new LinkTargets(options.scope);
    this.#traps = new TrapDetector(options.traps);
    this.#urls = this.#store.counts().urls;
    const { hosts } = options.scope;
    for (const host of JSON.parse(this.#store.meta("sisters") ?? "[]")) hosts.add(host);
    // Restores the counters of an interrupted crawl.
    for (const url of this.#store.queries()) this.#traps.check(new URL(url));
  }

  /** Adds a URL to begin with. */
  start(url: URL): void {
    const { url: text } = normaliseUrl(url, this.#options.scope.ignoredParameters);
    if (this.#store.add(text, hostOf(url), "read", 0, 0, this.#isSettled).isNew) this.#urls++;
  }

  /**
   * Records a result.
   * @param item The URL.
   * @param url The same, parsed.
   * @param result What became of it.
   */
  async record(item: WaitingUrl, url: URL, result: ResourceResult): Promise<void> {
    const { document, location, certificateUntil } = result;
    const store = this.#store;
    store.forget(item.id, result.outcome === "unchanged" ? "certificate-ends" : undefined);
    this.#noteCertificate(item, url, certificateUntil);
    if (result.unread !== undefined) store.note(item.id, "unread", result.unread);
    const to = location === undefined ? undefined : this.#redirect(item, url, location);
    if (result.outcome === "unchanged") {
      for (const link of store.linksOf(item.id)) this.#add(item, link.url, new URL(link.url), link);
    }
    const twin = document?.anchors === undefined ? undefined : twinOf(url, document);
    const isTwin = this.#isTwin(twin);
    const links = document === undefined
      ? undefined
      : await this.#links(item, url, document, isTwin);
    const canonical = document?.canonical === undefined
      ? undefined
      : links!.numbers.get(this.#targets.of(document.canonical).url);
    // Those of a document whose links are not all recorded, or not as they are, would hide them from the next crawl.
    const { etag, modified } = links?.isComplete === true && !isTwin ? result : {};
    store.finish(item, {
      outcome: to?.isFailed === true ? "failed" : result.outcome,
      status: result.status,
      reason: to?.reason ?? (result.isPermanent === true ? "permanent" : result.reason),
      redirect: to?.id,
      redirectFragment: to?.fragment,
      type: result.type,
      bytes: result.bytes,
      ms: result.ms,
      title: document?.title,
      anchors: document?.anchors === undefined ? undefined : anchorLines(document.anchors),
      canonical,
      etag,
      modified,
      links: links?.list,
      twin,
    });
    this.#spread();
  }

  /** Tells the links of finished pages that there is a shorter way to them. */
  #spread(): void {
    for (let id; (id = this.#nearer.pop()) !== undefined;) {
      const page = this.#store.url(id);
      if (page === undefined) continue;
      for (const link of this.#store.linksOf(id)) {
        this.#add({ ...page, hops: 0 }, link.url, new URL(link.url), link);
      }
      const target = page.redirect === undefined ? undefined : this.#store.url(page.redirect);
      if (target === undefined) continue;
      const { mode, depth } = page;
      this.#addUrl(target.url, hostOf(new URL(target.url)), mode, depth, 1);
    }
  }

  #addUrl(
    url: string,
    host: string,
    mode: CrawlMode,
    depth: number,
    hops: number,
  ): { readonly id: number; readonly isNew: boolean } {
    const { id, isNew, isNearer } = this.#store.add(url, host, mode, depth, hops, this.#isSettled);
    if (isNearer) this.#nearer.push(id);
    return { id, isNew };
  }

  /** Adds the sitemaps that a server's `robots.txt` names. */
  addSitemaps(item: WaitingUrl, sitemaps: readonly string[]): void {
    for (const text of sitemaps) {
      const url = new URL(text);
      // A file may name sitemaps of other hosts only for them (sitemaps.org): they are not ours.
      if (!this.#options.scope.hosts.has(url.host) || !this.#options.sources.has(url.protocol)) {
        continue;
      }
      const { isNew } = this.#store.add(normaliseUrl(url).url, hostOf(url), "sitemap", item.depth);
      if (isNew) this.#urls++;
      this.hasNewHosts = true;
    }
  }

  #redirect(item: WaitingUrl, from: URL, location: URL): {
    readonly id?: number;
    readonly fragment?: string;
    readonly reason?: string;
    readonly isFailed?: boolean;
  } {
    const { scope } = this.#options;
    const isWeb = location.protocol === "http:" || location.protocol === "https:";
    if (!isWeb && (location.protocol !== "file:" || from.protocol !== "file:")) {
      return { reason: `redirects to ${location.protocol}`, isFailed: true };
    }
    const { url, fragment } = normaliseUrl(location, scope.ignoredParameters);
    if (url.length > MAX_URL) {
      return { reason: "redirects to a URL that is too long", isFailed: true };
    }
    // A start that leads to another host, such as from http to https, takes the site with it.
    if (item.depth === 0 && isSister(from, location) && !scope.hosts.has(location.host)) {
      scope.hosts.add(location.host);
      const sisters = JSON.parse(this.#store.meta("sisters") ?? "[]");
      this.#store.setMeta("sisters", JSON.stringify([...sisters, location.host]));
    }
    const wanted = this.#targets.modeFor(location, item.mode === "sitemap" ? "sitemap" : "link", {
      from: item.mode,
      isNofollow: item.mode === "check",
    });
    if (wanted === undefined) return { reason: `to ${url}, which is not checked` };
    if (scope.ignores(location.href)) return { reason: `to ${url}, which is ignored` };
    const { id } = this.#addUrl(url, hostOf(location), wanted, item.depth, item.hops + 1);
    this.hasNewHosts = true;
    return { id, fragment };
  }

  /** Adds the targets of a document's links. */
  async #links(
    item: WaitingUrl,
    base: URL,
    document: ReadDocument,
    isTwin: boolean,
  ): Promise<RecordedLinks> {
    const { sources } = this.#options;
    const list: CrawlLink[] = [];
    const numbers = new Map<string, number>();
    const seen = new Set<string>();
    let isComplete = true;
    let count = 0;
    for (const link of document.links) {
      if (++count % LINKS_AT_ONCE === 0) await delay(0);
      if (list.length >= MAX_LINKS) {
        this.#store.note(item.id, "trap", `more than ${MAX_LINKS} links`);
        break;
      }
      if (link.url === undefined) {
        this.#store.note(item.id, "malformed-url", link.written.slice(0, 500));
        continue;
      }
      const facts = this.#targets.of(link.url);
      const { target, url, fragment } = facts;
      if (target.protocol === "file:" && base.protocol !== "file:") {
        this.#store.note(item.id, "local-file", link.url.slice(0, 500));
        continue;
      }
      if (!sources.has(target.protocol) || facts.isIgnored) continue;
      if (base.protocol === "https:" && target.protocol === "http:" && link.isLoaded) {
        this.#store.note(item.id, "mixed-content", link.url.slice(0, 500));
      }
      if (url.length > MAX_URL) {
        this.#store.note(item.id, "malformed-url", `${url.slice(0, 200)}… is too long`);
        continue;
      }
      const isNofollow = link.isNofollow || isTwin;
      const mode = this.#targets.modeFor(target, link.kind, { from: item.mode, isNofollow });
      if (mode === undefined) continue;
      const key = fragment === "" ? url : `${url}#${fragment}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const id = this.#add(item, url, target, { kind: link.kind, mode });
      if (id === undefined) {
        isComplete = false;
        continue;
      }
      numbers.set(url, id);
      list.push({ target: id, kind: link.kind, fragment, text: link.text.slice(0, 80), mode });
    }
    return { list, numbers, isComplete };
  }

  /** Adds the target of a link; undefined if there are too many URLs. */
  #add(
    item: Pick<WaitingUrl, "mode" | "depth" | "hops">,
    url: string,
    target: URL,
    { kind, mode }: Pick<CrawlLink, "kind" | "mode">,
  ): number | undefined {
    const { maxUrls = 1_000_000, scope } = this.#options;
    const isFull = this.#urls >= maxUrls;
    if (isFull && this.#store.numberOf(url) === undefined) {
      this.#store.setMeta("full", String(maxUrls));
      return undefined;
    }
    // Sitemaps are as far away as what names them; their pages are a link further.
    const depth = kind === "sitemap" ? item.depth : item.depth + 1;
    const level = kind === "sitemap" && item.mode === "sitemap" ? item.hops + 1 : 0;
    const { id, isNew } = this.#addUrl(
      url,
      hostOf(target),
      depth > scope.maxDepth && mode === "read" ? "check" : mode,
      depth,
      level,
    );
    if (!isNew) return id;
    this.#urls++;
    this.hasNewHosts = true;
    const trap = level > MAX_SITEMAP_LEVELS
      ? `sitemaps list sitemaps more than ${MAX_SITEMAP_LEVELS} deep`
      : mode === "check" || target.protocol === "file:"
      ? undefined
      : this.#traps.check(target);
    if (trap !== undefined) {
      this.#store.finish({ id, host: this.#store.hostNumber(hostOf(target)) }, {
        outcome: "trap",
        reason: trap,
      });
    }
    return id;
  }

  /** Whether many pages have had the very same title and links: then the server makes them up. */
  #isTwin(twin: number | undefined): boolean {
    if (twin === undefined) return false;
    return this.#store.twins(twin) >= MAX_TWINS;
  }

  #noteCertificate(item: WaitingUrl, url: URL, until: Date | undefined): void {
    if (until === undefined || this.#certificates.has(url.host)) return;
    this.#certificates.add(url.host);
    const days = Math.floor((until.getTime() - Date.now()) / 86_400_000);
    if (days >= SOON_DAYS) return;
    const text = `${url.origin}/ ends ${until.toISOString().slice(0, 10)}, in ${days} days`;
    this.#store.note(item.id, "certificate-ends", text);
  }

  /** Whether it does not matter how far from the start a URL is. */
  readonly #isSettled = (depth: number): boolean => depth <= this.#options.scope.maxDepth;
}

/** Whether two hosts are one site: TLS or not, with or without `www.`. */
function isSister(one: URL, other: URL): boolean {
  const bare = (name: string): string => name.replace(/^www\./, "");
  return bare(one.hostname) === bare(other.hostname) && one.port === "" && other.port === "";
}
