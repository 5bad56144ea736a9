/**
 * The robot: requests each URL of a site once, politely, and records what became of it.
 *
 * @module
 */

import type { CrawlLink, CrawlMode, CrawlStore, WaitingUrl } from "../../../stores/internal.ts";
import type { DocumentLink, ReadDocument } from "../sources/document.ts";
import { HostTurns } from "./host_turns.ts";
import type { ResourceResult } from "../sources/link_source.ts";
import type { RobotOptions } from "./robot_options.ts";
import { TrapDetector } from "./traps.ts";
import { hostOf, MAX_URL, normaliseUrl } from "./url_rules.ts";

/** URLs of one host that are kept ready. */
const READY_URLS = 64;
/** Hosts that have their turns at once. */
const MAX_HOSTS = 500;
/** How often results are made to survive, in milliseconds. */
const COMMIT_MS = 500;
/** Maximum number of redirects one after the other. */
export const MAX_REDIRECTS = 20;
/** Pages with one and the same content after which further ones are not followed. */
const MAX_TWINS = 25;
/** A certificate that ends sooner is a finding, in days. */
const SOON_DAYS = 21;
/** The first wait before another attempt, in milliseconds; each next one is twice as long. */
const RETRY_MS = 1000;

/** Kinds of references that are pages most often; all others are only checked. */
const READ_KINDS: ReadonlySet<string> = new Set([
  ...["link", "frame", "refresh", "canonical", "stylesheet", "sitemap", "other"],
]);
/** Names of files that are no documents. */
const NO_DOCUMENT =
  /\.(?:png|jpe?g|gif|webp|avif|svgz?|ico|bmp|tiff?|mp[34]|m4[av]|webm|og[gva]|wav|flac|avi|mov|mkv|pdf|zip|gz|tgz|bz2|xz|7z|rar|tar|dmg|iso|exe|msi|deb|rpm|jar|war|woff2?|ttf|otf|eot|docx?|xlsx?|pptx?|od[tsp]|epub|js|mjs|json|map|wasm|bin|apk)$/i;

/** A link's target, taken apart. */
interface LinkFacts {
  readonly target: URL;
  readonly url: string;
  readonly fragment: string;
  readonly isIgnored: boolean;
}

/** Links that are kept taken apart. */
const MAX_FACTS = 20_000;

interface Lane {
  readonly id: number;
  readonly name: string;
  readonly turns: HostTurns;
  readonly ready: WaitingUrl[];
  /** URLs that are tried again later. */
  readonly later: { readonly at: number; readonly item: WaitingUrl }[];
  /** The last number that was taken from the store. */
  after: number;
}

/** Crawls a site. */
export class Robot {
  readonly #options: RobotOptions;
  readonly #store: CrawlStore;
  readonly #lanes = new Map<string, Lane>();
  readonly #traps: TrapDetector;
  readonly #twins = new Map<string, number>();
  readonly #facts = new Map<string, LinkFacts>();
  readonly #certificates = new Set<string>();
  #running = 0;
  #urls = 0;
  #changed = Promise.withResolvers<void>();
  #failure: { readonly error: unknown } | undefined;
  #committed = 0;
  /** Whether hosts without a lane may have URLs waiting. */
  #hasNewHosts = true;

  /**
   * @param options How it behaves.
   */
  constructor(options: RobotOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#traps = new TrapDetector(options.traps);
  }

  /**
   * Waits for a turn of a URL's host that no queue knows of, such as that for `robots.txt`.
   * @param url The URL.
   */
  async turn(url: URL): Promise<void> {
    const lane = this.#lanes.get(hostOf(url));
    if (lane === undefined) return;
    lane.turns.extra(Date.now());
    await Promise.resolve();
  }

  /**
   * Crawls until nothing is left, or from where an earlier crawl was interrupted.
   * @throws What the signal was aborted with.
   */
  async run(): Promise<void> {
    const { starts, scope } = this.#options;
    for (const url of starts) {
      const { url: text } = normaliseUrl(url, scope.ignoredParameters);
      this.#store.add(text, hostOf(url), "read", 0, 0, this.#isSettled);
    }
    this.#urls = this.#store.counts().urls;
    this.#store.commit();
    const onAbort = (): void => this.#changed.resolve();
    this.#options.signal.addEventListener("abort", onAbort);
    try {
      while (await this.#step());
    } finally {
      this.#options.signal.removeEventListener("abort", onAbort);
      while (this.#running > 0) {
        this.#changed = Promise.withResolvers();
        await this.#changed.promise;
      }
      this.#store.commit();
    }
  }

  /** Begins as many requests as may run, and waits for a change; false if nothing is left. */
  async #step(): Promise<boolean> {
    this.#options.signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#changed = Promise.withResolvers();
    this.#fillLanes();
    let next = Infinity;
    for (const lane of this.#lanes.values()) {
      next = Math.min(next, this.#serve(lane));
      if (this.#running >= (this.#options.total ?? 20)) break;
    }
    if (this.#lanes.size === 0) return false;
    const now = Date.now();
    if (now - this.#committed > COMMIT_MS) {
      this.#store.commit();
      this.#committed = now;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (next !== Infinity) timer = setTimeout(() => this.#changed.resolve(), next - now);
    await this.#changed.promise;
    clearTimeout(timer);
    return true;
  }

  /** Gives turns to hosts that have URLs waiting. */
  #fillLanes(): void {
    for (const lane of this.#lanes.values()) this.#fill(lane);
    if (this.#lanes.size >= MAX_HOSTS || !this.#hasNewHosts) return;
    this.#hasNewHosts = false;
    for (const { id, name } of this.#store.waitingHosts(MAX_HOSTS * 2)) {
      if (this.#lanes.has(name) || this.#lanes.size >= MAX_HOSTS) continue;
      const { perHost = 1, delayFor = () => 100 } = this.#options;
      const turns = new HostTurns({ perHost, delayMs: delayFor(name) });
      const lane: Lane = { id, name, turns, ready: [], later: [], after: 0 };
      this.#fill(lane);
      if (lane.ready.length > 0) this.#lanes.set(name, lane);
    }
  }

  #fill(lane: Lane): void {
    if (lane.ready.length === 0) {
      const items = this.#store.waiting(lane.id, lane.after, READY_URLS);
      lane.ready.push(...items);
      lane.after = items.at(-1)?.id ?? lane.after;
    }
    if (lane.ready.length + lane.later.length + lane.turns.running > 0) return;
    this.#lanes.delete(lane.name);
    // Some of its URLs may be waiting again.
    this.#hasNewHosts = true;
  }

  /** Begins what a host may have begun; gives the time of its next turn. */
  #serve(lane: Lane): number {
    while (this.#running < (this.#options.total ?? 20)) {
      const now = Date.now();
      this.#fill(lane);
      const due = lane.later.findIndex(({ at }) => at <= now || lane.turns.gone !== undefined);
      if (due < 0 && lane.ready.length === 0) {
        return lane.later.reduce((first, { at }) => Math.min(first, at), Infinity);
      }
      const readyAt = lane.turns.gone === undefined ? lane.turns.readyAt(now) : now;
      if (readyAt > now) return readyAt;
      const item = due >= 0 ? lane.later.splice(due, 1)[0]!.item : lane.ready.shift()!;
      lane.turns.begin(now);
      this.#running++;
      this.#handle(lane, item).catch((error) => {
        this.#failure ??= { error };
      }).finally(() => {
        lane.turns.end();
        this.#running--;
        this.#changed.resolve();
      });
    }
    return Infinity;
  }

  async #handle(lane: Lane, item: WaitingUrl): Promise<void> {
    const { signal } = this.#options;
    const url = new URL(item.url);
    let result: ResourceResult;
    try {
      result = await this.#request(lane, item, url);
    } catch (error) {
      // What was interrupted is done again when the crawl is resumed.
      if (signal.aborted) return;
      throw error;
    }
    if (signal.aborted && result.outcome !== "ok") return;
    if (this.#isTriedAgain(lane, item, result)) return;
    this.#record(item, url, result);
    this.#options.onResult?.({ ...result, url: item.url });
  }

  async #request(lane: Lane, item: WaitingUrl, url: URL): Promise<ResourceResult> {
    const { robots, sources, signal } = this.#options;
    if (lane.turns.gone !== undefined) {
      return { outcome: "failed", reason: `${lane.turns.gone} (not tried again)` };
    }
    if (item.hops > MAX_REDIRECTS) {
      return { outcome: "failed", reason: `more than ${MAX_REDIRECTS} redirects` };
    }
    const isWeb = url.protocol === "http:" || url.protocol === "https:";
    if (isWeb && robots !== undefined) {
      const rules = await robots.rulesFor(url, signal);
      if (rules.failure !== undefined) {
        return { outcome: "failed", ...rules.judgement, reason: rules.failure };
      }
      if (item.depth === 0) this.#addSitemaps(item, rules.sitemaps);
      if (rules.delayMs !== undefined) lane.turns.slowTo(rules.delayMs);
      if (!rules.allows(url)) return { outcome: "robots", reason: "disallowed by robots.txt" };
    }
    return await sources.get(url.protocol)!.request({
      url,
      mode: item.mode,
      etag: item.etag,
      modified: item.modified,
      signal,
    });
  }

  /** Puts a URL back if another attempt may help. */
  #isTriedAgain(lane: Lane, item: WaitingUrl, result: ResourceResult): boolean {
    const { retries = 2, maxPauseMs = 120_000 } = this.#options;
    const { turns } = lane;
    const now = Date.now();
    if (result.missed === undefined) turns.reached();
    else turns.missed(result.reason ?? "not reached", result.missed === "for good");
    if (result.pauseMs !== undefined && result.pauseMs <= maxPauseMs) {
      turns.pauseUntil(now + result.pauseMs);
    }
    if (result.mayPass !== true || item.attempts >= retries || turns.gone !== undefined) {
      return false;
    }
    if ((result.pauseMs ?? 0) > maxPauseMs) return false;
    this.#store.retry(item.id);
    const at = now + (result.pauseMs ?? RETRY_MS * 2 ** item.attempts);
    lane.later.push({ at, item: { ...item, attempts: item.attempts + 1 } });
    return true;
  }

  #record(item: WaitingUrl, url: URL, result: ResourceResult): void {
    const { document, location, certificateUntil } = result;
    const store = this.#store;
    if (item.mode !== "check" && document !== undefined) store.forget(item.id);
    this.#noteCertificate(item, url, certificateUntil);
    const to = location === undefined ? undefined : this.#redirect(item, url, location);
    if (result.outcome === "unchanged") {
      store.reviveLinks(item.id, item.depth + 1);
      this.#hasNewHosts = true;
    }
    const links = document === undefined ? undefined : this.#links(item, url, document);
    const canonical = document?.canonical === undefined
      ? undefined
      : this.#numberOf(document.canonical, links!.numbers);
    store.finish(item, {
      outcome: to?.reason === undefined ? result.outcome : "failed",
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
      etag: result.etag,
      modified: result.modified,
      links: links?.list,
    });
  }

  #redirect(
    item: WaitingUrl,
    from: URL,
    location: URL,
  ): { readonly id?: number; readonly fragment?: string; readonly reason?: string } {
    if (location.protocol !== "http:" && location.protocol !== "https:") {
      return { reason: `redirects to ${location.protocol}` };
    }
    const { url, fragment } = normaliseUrl(location, this.#options.scope.ignoredParameters);
    if (url.length > MAX_URL) return { reason: "redirects to a URL that is too long" };
    // A start that leads to another host, such as from http to https, takes the site with it.
    if (item.depth === 0 && this.#isSisterOf(from, location)) {
      (this.#options.scope.hosts as Set<string>).add(location.host);
    }
    const mode = item.mode === "check"
      ? "check"
      : this.#modeFor(location, "link", item.mode, false) ?? "check";
    const { id } = this.#store.add(
      url,
      hostOf(location),
      mode,
      item.depth,
      item.hops + 1,
      this.#isSettled,
    );
    this.#hasNewHosts = true;
    return { id, fragment };
  }

  /** Whether two hosts are one site: TLS or not, with or without `www.`. */
  #isSisterOf(one: URL, other: URL): boolean {
    const bare = (name: string): string => name.replace(/^www\./, "");
    return bare(one.hostname) === bare(other.hostname) && one.port === "" && other.port === "";
  }

  #addSitemaps(item: WaitingUrl, sitemaps: readonly string[]): void {
    for (const text of sitemaps) {
      const url = new URL(text);
      // A file may name sitemaps of other hosts only for them (sitemaps.org): they are not ours.
      if (!this.#options.scope.hosts.has(url.host) || !this.#options.sources.has(url.protocol)) {
        continue;
      }
      this.#store.add(normaliseUrl(url).url, hostOf(url), "sitemap", item.depth, 0);
      this.#hasNewHosts = true;
    }
  }

  /** Adds the targets of a document's links. */
  #links(
    item: WaitingUrl,
    base: URL,
    document: ReadDocument,
  ): { readonly list: CrawlLink[]; readonly numbers: ReadonlyMap<string, number> } {
    const { sources } = this.#options;
    const list: CrawlLink[] = [];
    const numbers = new Map<string, number>();
    const seen = new Set<string>();
    const isTwin = this.#isTwin(item, base, document);
    for (const link of document.links) {
      if (link.url === undefined) {
        this.#store.note(item.id, "malformed-url", link.written.slice(0, 500));
        continue;
      }
      const facts = this.#factsOf(link.url);
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
      const mode = this.#modeFor(target, link.kind, item.mode, link.isNofollow || isTwin);
      if (mode === undefined) continue;
      const key = fragment === "" ? url : `${url}#${fragment}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const id = this.#add(item, url, target, mode, link);
      if (id === undefined) continue;
      numbers.set(url, id);
      list.push({ target: id, kind: link.kind, fragment, text: link.text.slice(0, 80) });
    }
    return { list, numbers };
  }

  /** Most links of a site lead to what others lead to: they are taken apart once. */
  #factsOf(text: string): LinkFacts {
    let facts = this.#facts.get(text);
    if (facts !== undefined) return facts;
    const { ignores, ignoredParameters } = this.#options.scope;
    const target = new URL(text);
    facts = { target, ...normaliseUrl(target, ignoredParameters), isIgnored: ignores(text) };
    if (this.#facts.size >= MAX_FACTS) this.#facts.clear();
    this.#facts.set(text, facts);
    return facts;
  }

  /** Adds the target of a link, unless it looks made up. */
  #add(
    item: WaitingUrl,
    url: string,
    target: URL,
    mode: CrawlMode,
    { kind }: DocumentLink,
  ): number | undefined {
    // Sitemaps are as far away as what names them; their pages are a link further.
    const depth = kind === "sitemap" ? item.depth : item.depth + 1;
    const isFar = depth > this.#options.scope.maxDepth;
    const { id, isNew } = this.#store.add(
      url,
      hostOf(target),
      isFar && mode === "read" ? "check" : mode,
      depth,
      0,
      this.#isSettled,
    );
    if (!isNew) return id;
    this.#urls++;
    if (!this.#lanes.has(hostOf(target))) this.#hasNewHosts = true;
    const trap = mode === "check" ? undefined : this.#traps.check(target);
    const isFull = this.#urls > (this.#options.maxUrls ?? 1_000_000);
    if (trap !== undefined || isFull) {
      this.#store.finish({ id, host: this.#store.hostNumber(hostOf(target)) }, {
        outcome: trap === undefined ? "skipped" : "trap",
        reason: trap ?? "the limit of URLs was reached",
      });
    }
    return id;
  }

  /** What is to be done with a link's target; undefined if nothing is. */
  #modeFor(url: URL, kind: string, from: CrawlMode, isNofollow: boolean): CrawlMode | undefined {
    const { hosts, paths, includes, external } = this.#options.scope;
    const isHere = hosts.has(url.host) &&
      (url.protocol === "http:" || url.protocol === "https:" || url.protocol === "file:");
    if (!isHere) return external || url.protocol === "file:" ? "check" : undefined;
    if (kind === "sitemap") return "sitemap";
    const isBelow = paths.length === 0 || paths.some((path) => url.pathname.startsWith(path));
    if (isNofollow || !isBelow || !includes(url.href)) return "check";
    return (READ_KINDS.has(kind) || from === "sitemap") && !NO_DOCUMENT.test(url.pathname)
      ? "read"
      : "check";
  }

  /** Whether many pages have had the very same content: then the server makes them up. */
  #isTwin(item: WaitingUrl, url: URL, { links, anchors, title }: ReadDocument): boolean {
    if (anchors === undefined || links.length === 0) return false;
    const first = links.slice(0, 50).map(({ written }) => written).join("\n");
    const key = `${url.host}\n${links.length}\n${anchors.size}\n${title}\n${first}`;
    const count = (this.#twins.get(key) ?? 0) + 1;
    if (this.#twins.size >= 10_000) this.#twins.clear();
    this.#twins.set(key, count);
    if (count <= MAX_TWINS) return false;
    if (count === MAX_TWINS + 1) {
      this.#store.note(item.id, "trap", `${MAX_TWINS} pages have the same title and links`);
    }
    return true;
  }

  #numberOf(text: string, numbers: ReadonlyMap<string, number>): number | undefined {
    return numbers.get(normaliseUrl(new URL(text), this.#options.scope.ignoredParameters).url);
  }

  #noteCertificate(item: WaitingUrl, url: URL, until: Date | undefined): void {
    if (until === undefined || this.#certificates.has(url.host)) return;
    this.#certificates.add(url.host);
    const days = Math.floor((until.getTime() - Date.now()) / 86_400_000);
    if (days >= SOON_DAYS) return;
    const text = `${url.host}: ends ${until.toISOString().slice(0, 10)}, in ${days} days`;
    this.#store.note(item.id, "certificate-ends", text);
  }

  /** Whether it does not matter how far from the start a URL is. */
  readonly #isSettled = (depth: number): boolean => depth <= this.#options.scope.maxDepth;
}

function anchorLines(anchors: ReadonlySet<string>): string {
  return [...anchors].filter((name) => name !== "" && !/[\r\n]/.test(name)).join("\n");
}
