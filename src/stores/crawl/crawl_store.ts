/**
 * The state of a crawl: URLs, links and results in an embedded database.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { RecentMap } from "../../net/internal.ts";
import { CrawlResults } from "./crawl_results.ts";
import {
  fromLinks,
  type Row,
  toLinks,
  toWaiting,
  type UrlRow,
  WAITING_COLUMNS,
} from "./crawl_rows.ts";
import {
  type CrawlLink,
  type CrawlMode,
  type CrawlResult,
  MODES,
  type WaitingHost,
  type WaitingUrl,
} from "./crawl_types.ts";
import { openDatabase } from "./open_database.ts";

/** A document that was read in another mode has other links. */
const FORGET_VALIDATORS =
  "etag = CASE mode WHEN ?1 THEN etag END, modified = CASE mode WHEN ?1 THEN modified END";
/** URLs whose numbers are kept in memory. */
const KNOWN_URLS = 100_000;
/** Servers whose numbers are kept in memory. */
const KNOWN_HOSTS = 20_000;

/**
 * The state of a crawl. Writes belong to a transaction until {@link commit}: a killed process loses at most that
 * transaction, never half of a page's result.
 */
export class CrawlStore extends CrawlResults implements Disposable {
  readonly #known = new RecentMap<string, number>(KNOWN_URLS);
  readonly #hosts = new RecentMap<string, number>(KNOWN_HOSTS);
  /** Changes of the number of URLs that wait, by server. */
  readonly #waiting = new Map<number, number>();
  #inTransaction = false;

  private constructor(database: DatabaseSync) {
    super(database);
  }

  /**
   * Opens a state file.
   * @param path The file; memory if absent.
   * @returns The store.
   * @throws {UsageError} If the file is something else, or of another version.
   * @throws {NetwrightError} If it cannot be opened, or another run uses it.
   */
  static async open(path?: string): Promise<CrawlStore> {
    return new CrawlStore(await openDatabase(path));
  }

  /** Writes a value of the crawl as a whole. */
  setMeta(key: string, value: string): void {
    this.#begin();
    this.prepare("INSERT OR REPLACE INTO meta VALUES(?, ?)").run(key, value);
  }

  /**
   * Adds a URL, or updates it: a shorter distance from the start, a higher mode.
   * @param url The URL, normalised.
   * @param host The server that takes its turns with it.
   * @param mode How it is to be requested.
   * @param depth Number of links from the start.
   * @param hops Number of redirects that led to it.
   * @param isSettled Whether a shorter way does not matter once it was requested.
   * @returns Its number, whether it is new, and whether it is a finished one whose links are nearer to the start now.
   */
  add(
    url: string,
    host: string,
    mode: CrawlMode,
    depth: number,
    hops: number = 0,
    isSettled: (depth: number) => boolean = () => true,
  ): { readonly id: number; readonly isNew: boolean; readonly isNearer: boolean } {
    const rank = MODES.indexOf(mode);
    const known = this.#known.get(url);
    // Of most links of a site the target is known, and nothing about it changes.
    if (known !== undefined && (known & 3) >= rank) {
      const least = (known >> 2) % 64;
      const isExact = least < 63 || isSettled(Infinity);
      if (isExact && least <= Math.min(depth, 63)) {
        return { id: Math.floor(known / 256), isNew: false, isNearer: false };
      }
    }
    this.#begin();
    const hostId = this.hostNumber(host);
    const { changes, lastInsertRowid } = this.prepare(
      "INSERT INTO urls(url, host, mode, depth, hops) VALUES(?, ?, ?, ?, ?) ON CONFLICT(url) DO NOTHING",
    ).run(url, hostId, rank, depth, hops);
    if (changes === 1) {
      const id = Number(lastInsertRowid);
      this.#count(hostId, 1);
      this.#remember(url, id, rank, depth);
      return { id, isNew: true, isNearer: false };
    }
    const row = this.prepare("SELECT id, mode, depth, state, host FROM urls WHERE url = ?")
      .get(url) as unknown as UrlRow;
    const isNew = this.#improve(row, rank, depth, hops, isSettled);
    const [better, nearer] = isNew
      ? [rank, depth]
      : [Math.max(rank, row.mode), Math.min(depth, row.depth)];
    this.#remember(url, row.id, better, nearer);
    const isNearer = row.state === 1 && depth < row.depth && !isSettled(Infinity);
    return { id: row.id, isNew, isNearer };
  }

  /** Adds a finding. */
  note(url: number, problem: string, text: string): void {
    this.#begin();
    this.prepare("INSERT INTO notes VALUES(?, ?, ?)").run(url, problem, text);
  }

  /** Removes the findings of a page that was requested once more, or those of one problem. */
  forget(id: number, problem?: string): void {
    this.#begin();
    this.prepare("DELETE FROM notes WHERE url = ?1 AND problem = ifnull(?2, problem)")
      .run(id, problem ?? null);
  }

  /** Lists servers that have URLs waiting, the oldest first. */
  waitingHosts(limit: number): WaitingHost[] {
    this.#writeCounts();
    return this.prepare("SELECT id, name FROM hosts WHERE waiting > 0 ORDER BY id LIMIT ?")
      .all(limit) as unknown as WaitingHost[];
  }

  /** Gets URLs of a server that wait, the oldest first, beginning behind a number. */
  waiting(host: number, after: number, limit: number): WaitingUrl[] {
    const rows = this.prepare(
      `SELECT ${WAITING_COLUMNS} FROM urls WHERE host = ? AND state = 0 AND id > ? ORDER BY id LIMIT ?`,
    ).all(host, after, limit);
    return rows.map((row) => toWaiting(row as Row));
  }

  /** Reads the current row of a waiting URL; undefined if it no longer waits. */
  current(id: number): WaitingUrl | undefined {
    const row = this.prepare(`SELECT ${WAITING_COLUMNS} FROM urls WHERE id = ? AND state = 0`).get(
      id,
    );
    return row === undefined ? undefined : toWaiting(row as Row);
  }

  /** The number of a URL; undefined if it is not known. */
  numberOf(url: string): number | undefined {
    const known = this.#known.get(url);
    if (known !== undefined) return Math.floor(known / 256);
    return this.prepare("SELECT id FROM urls WHERE url = ? AND state < 2").get(url)?.id as
      | number
      | undefined;
  }

  /** Reads the URLs of pages that have queries. */
  *queries(): Generator<string> {
    const rows = this.database.prepare(
      "SELECT url FROM urls WHERE state < 2 AND mode > 0 AND url LIKE '%?%' ORDER BY id",
    ).iterate();
    for (const { url } of rows) yield url as string;
  }

  /** Counts pages with the same title and links. */
  twins(twin: number): number {
    return this.prepare("SELECT count(*) AS n FROM urls WHERE twin = ? AND state = 1").get(twin)!
      .n as number;
  }

  /** Counts a request that is to be tried again. */
  retry(id: number): void {
    this.#begin();
    this.prepare("UPDATE urls SET attempts = attempts + 1 WHERE id = ?").run(id);
  }

  /** Records the result of a URL; an unchanged one keeps its content. */
  finish({ id, host }: Pick<WaitingUrl, "id" | "host">, result: CrawlResult): void {
    this.#begin();
    const { changes } = result.outcome === "unchanged"
      ? this.prepare(
        "UPDATE urls SET state = 1, outcome = ?, status = ?, reason = NULL, redirect = NULL, ms = ? " +
          "WHERE id = ? AND state = 0",
      ).run(result.outcome, result.status ?? null, result.ms ?? null, id)
      : this.prepare(
        "UPDATE urls SET state = 1, outcome = ?, status = ?, reason = ?, redirect = ?, redirect_fragment = ?, " +
          "type = ?, bytes = ?, ms = ?, title = ?, anchors = ?, canonical = ?, etag = ?, modified = ?, links = ?, " +
          "twin = ? " +
          "WHERE id = ? AND state = 0",
      ).run(
        result.outcome,
        result.status ?? null,
        result.reason ?? null,
        result.redirect ?? null,
        result.redirectFragment ?? null,
        result.type ?? null,
        result.bytes ?? null,
        result.ms ?? null,
        result.title ?? null,
        result.anchors ?? null,
        result.canonical ?? null,
        result.etag ?? null,
        result.modified ?? null,
        fromLinks(result.links),
        result.twin ?? null,
        id,
      );
    if (changes === 1) this.#count(host, -1);
  }

  /** Reads the links of a page, with the URLs of their targets. */
  linksOf(id: number): (CrawlLink & { readonly url: string })[] {
    const text = this.prepare("SELECT links FROM urls WHERE id = ?").get(id)?.links;
    if (typeof text !== "string") return [];
    const statement = this.prepare("SELECT url FROM urls WHERE id = ?");
    return toLinks(text).map((link) => ({
      ...link,
      url: statement.get(link.target)!.url as string,
    }));
  }

  /** Makes everything so far survive. */
  commit(): void {
    if (!this.#inTransaction) return;
    this.#writeCounts();
    this.database.exec("COMMIT");
    this.#inTransaction = false;
  }

  /** Removes everything but values of the crawl as a whole. */
  clear(): void {
    this.commit();
    this.#known.clear();
    this.#hosts.clear();
    this.database.exec("DELETE FROM notes; DELETE FROM urls; DELETE FROM hosts");
  }

  /** Begins a new crawl: all that is known stays, and counts once the new crawl has reached it. */
  restart(): void {
    this.commit();
    this.#known.clear();
    this.database.exec(
      "UPDATE urls SET state = 2, attempts = 0; UPDATE hosts SET waiting = 0",
    );
  }

  /** Closes the file; uncommitted writes are lost. */
  [Symbol.dispose](): void {
    this.clearStatements();
    this.database.close();
  }

  /**
   * Gives the number of a server.
   * @param name Its name and port.
   */
  hostNumber(name: string): number {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    this.prepare("INSERT OR IGNORE INTO hosts(name) VALUES(?)").run(name);
    const { id } = this.prepare("SELECT id FROM hosts WHERE name = ?").get(name) as { id: number };
    this.#hosts.set(name, id);
    return id;
  }

  #writeCounts(): void {
    const statement = this.prepare("UPDATE hosts SET waiting = waiting + ? WHERE id = ?");
    for (const [host, change] of this.#waiting) statement.run(change, host);
    this.#waiting.clear();
  }

  #count(host: number, change: number): void {
    this.#waiting.set(host, (this.#waiting.get(host) ?? 0) + change);
  }

  /** Updates a known URL; returns whether the current crawl had not reached it. */
  #improve(
    { id, mode, depth, state, host }: UrlRow,
    rank: number,
    newDepth: number,
    hops: number,
    isSettled: (depth: number) => boolean,
  ): boolean {
    if (state === 2) {
      this.prepare(
        `UPDATE urls SET state = 0, mode = ?1, depth = ?2, hops = ?3, ${FORGET_VALIDATORS} WHERE id = ?4`,
      ).run(rank, newDepth, hops, id);
      this.#count(host, 1);
      return true;
    }
    const better = Math.max(rank, mode);
    const nearer = Math.min(newDepth, depth);
    if (better === mode && nearer === depth) return false;
    const isAgain = state === 1 && (better > mode || !isSettled(depth));
    this.prepare(
      `UPDATE urls SET mode = ?1, depth = ?2, state = ?3, ${FORGET_VALIDATORS} WHERE id = ?4`,
    ).run(better, nearer, isAgain ? 0 : state, id);
    if (isAgain) this.#count(host, 1);
    return false;
  }

  #remember(url: string, id: number, rank: number, depth: number): void {
    this.#known.set(url, id * 256 + Math.min(depth, 63) * 4 + rank);
  }

  #begin(): void {
    if (this.#inTransaction) return;
    this.database.exec("BEGIN");
    this.#inTransaction = true;
  }
}
