/**
 * The robot: requests each URL of a site once, politely, and records the results.
 *
 * @module
 */

import { RecentMap } from "../../../net/internal.ts";
import type { CrawlStore, WaitingUrl } from "../../../stores/internal.ts";
import type { ResourceResult } from "../sources/link_source.ts";
import { HostTurns } from "./host_turns.ts";
import { Recorder } from "./recorder.ts";
import type { RobotOptions } from "./robot_options.ts";
import { hostOf, MAX_REDIRECTS } from "./url_rules.ts";

/** URLs of one host that are kept ready. */
const READY_URLS = 64;
/** Hosts that have their turns at once. */
const MAX_HOSTS = 500;
/** Hosts whose turns are remembered. */
const KNOWN_HOSTS = 10_000;
/** How often results are made to survive, in milliseconds. */
const COMMIT_MS = 500;
/** The first wait before another attempt, in milliseconds; each next one is twice as long. */
const RETRY_MS = 1000;
/** Longest wait of a timer, in milliseconds: the platform's own overflows. */
const MAX_TIMER_MS = 60_000;
const MS_A_YEAR = 365 * 86_400_000;

/** The URLs of one host. */
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
  readonly #recorder: Recorder;
  readonly #lanes = new Map<string, Lane>();
  readonly #turns = new RecentMap<string, HostTurns>(KNOWN_HOSTS);
  #running = 0;
  #changed = Promise.withResolvers<void>();
  #failure: { readonly error: unknown } | undefined;
  #committed = 0;

  /**
   * @param options How it behaves.
   */
  constructor(options: RobotOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#recorder = new Recorder(options);
  }

  /**
   * Gives the turns of a URL's host, also for requests that no queue knows of, such as that for `robots.txt`.
   * @param url The URL.
   * @returns The turns.
   */
  turnsOf(url: URL): HostTurns {
    const name = hostOf(url);
    return this.#lanes.get(name)?.turns ?? this.#newTurns(name);
  }

  /**
   * Crawls until nothing is left, or from where an earlier crawl was interrupted.
   * @throws The signal's reason.
   */
  async run(): Promise<void> {
    for (const url of this.#options.starts) this.#recorder.start(url);
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
    if (next !== Infinity) {
      timer = setTimeout(() => this.#changed.resolve(), Math.min(next - now, MAX_TIMER_MS));
    }
    await this.#changed.promise;
    clearTimeout(timer);
    return true;
  }

  /** Gives turns to hosts that have URLs waiting. */
  #fillLanes(): void {
    for (const lane of this.#lanes.values()) this.#fill(lane);
    if (this.#lanes.size >= MAX_HOSTS || !this.#recorder.hasNewHosts) return;
    this.#recorder.hasNewHosts = false;
    for (const { id, name } of this.#store.waitingHosts(MAX_HOSTS * 2)) {
      if (this.#lanes.has(name)) continue;
      if (this.#lanes.size >= MAX_HOSTS) {
        this.#recorder.hasNewHosts = true;
        break;
      }
      const lane: Lane = { id, name, turns: this.#newTurns(name), ready: [], later: [], after: 0 };
      this.#fill(lane);
      if (lane.ready.length > 0) this.#lanes.set(name, lane);
    }
  }

  #newTurns(name: string): HostTurns {
    const known = this.#turns.get(name);
    if (known !== undefined) return known;
    const { perHost = 1, delayFor = () => 100 } = this.#options;
    const turns = new HostTurns({ perHost, delayMs: delayFor(name) });
    this.#turns.set(name, turns);
    return turns;
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
    this.#recorder.hasNewHosts = true;
  }

  /** Starts requests to a host as its pace allows; returns the time of its next turn. */
  #serve(lane: Lane): number {
    while (this.#running < (this.#options.total ?? 20)) {
      const now = Date.now();
      this.#fill(lane);
      const due = lane.later.findIndex(({ at }) => at <= now);
      if (due < 0 && lane.ready.length === 0) {
        return lane.later.reduce((first, { at }) => Math.min(first, at), Infinity);
      }
      const readyAt = lane.turns.readyAt(now);
      if (readyAt > now) return readyAt;
      const item = due >= 0 ? lane.later.splice(due, 1)[0]!.item : lane.ready.shift()!;
      // A link found in the meantime may have raised its mode.
      const current = this.#store.current(item.id);
      if (current === undefined) continue;
      lane.turns.begin();
      this.#running++;
      this.#handle(lane, { ...current, attempts: item.attempts }).catch((error) => {
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
      // Interrupted requests are repeated when the crawl is resumed.
      if (signal.aborted) return;
      throw error;
    }
    if (signal.aborted && result.outcome !== "ok") return;
    const { maxPauseMs = 120_000 } = this.#options;
    if (result.pauseMs !== undefined && result.pauseMs > maxPauseMs) {
      const reason = `${result.reason}, for ${waitText(result.pauseMs)} (--max-wait)`;
      result = { ...result, reason };
    }
    if (this.#isTriedAgain(lane, item, url, result)) return;
    const { mode, depth } = this.#store.current(item.id) ?? item;
    const isFar = item.depth > this.#options.scope.maxDepth;
    // Its mode was raised during the request: it waits again.
    if (mode !== item.mode || (isFar && depth < item.depth)) return;
    // A shorter way to it may have been found during the request.
    await this.#recorder.record({ ...item, depth: Math.min(depth, item.depth) }, url, result);
    this.#options.onResult?.({ ...result, url: item.url });
  }

  async #request(lane: Lane, item: WaitingUrl, url: URL): Promise<ResourceResult> {
    const { robots, sources, signal, maxPauseMs = 120_000 } = this.#options;
    const { turns } = lane;
    const gone = turns.goneOf(originOf(url));
    if (gone !== undefined) return { ...gone, reason: `${gone.reason} (not tried again)` };
    if (item.hops > MAX_REDIRECTS && item.mode !== "sitemap") {
      return { outcome: "failed", reason: `more than ${MAX_REDIRECTS} redirects` };
    }
    const isWeb = url.protocol === "http:" || url.protocol === "https:";
    if (isWeb && robots !== undefined) {
      const rules = await robots.rulesFor(url, signal);
      if (rules.failure !== undefined) {
        return { outcome: "failed", ...rules.judgement, reason: rules.failure };
      }
      if (item.depth === 0) this.#recorder.addSitemaps(item, rules.sitemaps);
      if (!rules.allows(url)) return { outcome: "robots", reason: "disallowed by robots.txt" };
      const delayMs = rules.delayMs ?? 0;
      if (delayMs > maxPauseMs) {
        const reason = `robots.txt asks for ${waitText(delayMs)} between requests (--max-wait)`;
        return { outcome: "limited", reason };
      }
      turns.slowTo(delayMs);
    }
    await turns.turn(signal);
    return await sources.get(url.protocol)!.request({
      url,
      mode: item.mode,
      etag: item.etag,
      modified: item.modified,
      turn: () => turns.turn(signal),
      signal,
    });
  }

  /** Puts a URL back if another attempt may help. */
  #isTriedAgain(lane: Lane, item: WaitingUrl, url: URL, result: ResourceResult): boolean {
    const { retries = 2, maxPauseMs = 120_000 } = this.#options;
    const { turns } = lane;
    const origin = originOf(url);
    const { missed, pauseMs = 0, reason = "not reached" } = result;
    if (missed === undefined) turns.reached(origin);
    else turns.missed(origin, { outcome: result.outcome, reason }, missed === "for good");
    if (pauseMs > maxPauseMs) {
      turns.giveUp(origin, { outcome: "limited", reason });
      return false;
    }
    const now = Date.now();
    if (pauseMs > 0) turns.pauseUntil(now + pauseMs);
    if (result.mayPass !== true || item.attempts >= retries) return false;
    if (turns.goneOf(origin) !== undefined) return false;
    this.#store.retry(item.id);
    const at = now + (result.pauseMs ?? RETRY_MS * 2 ** item.attempts);
    lane.later.push({ at, item: { ...item, attempts: item.attempts + 1 } });
    return true;
  }
}

/** A wait in words; those of any size are read as the longest possible one. */
function waitText(ms: number): string {
  return ms > MS_A_YEAR ? "more than a year" : `${Number((ms / 1000).toFixed(1))} s`;
}

/** The service of a URL: other ports of a host may be open although this one is not. */
function originOf({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}
