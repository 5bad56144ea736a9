/**
 * The state of a crawl: URLs, links and results in an embedded database.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { RecentMap } from "../../net/internal.ts";
import { NetwrightError, UsageError } from "../../net/mod.ts";
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from "./crawl_schema.ts";

/** How a URL is requested. */
export type CrawlMode = "read" | "check" | "sitemap";

const MODES: readonly CrawlMode[] = ["check", "sitemap", "read"];

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
  /** How the link wants its target to be requested. */
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

/** URLs whose numbers are kept in memory. */
const KNOWN_URLS = 100_000;
/** Servers whose numbers are kept in memory. */
const KNOWN_HOSTS = 20_000;
/** Columns of {@link WaitingUrl}. */
const WAITING = "id, url, host, mode, depth, hops, attempts, etag, modified";
/** Columns of {@link CrawledUrl}. */
const COLUMNS =
  "id, url, mode, depth, outcome, status, reason, redirect, redirect_fragment, type, bytes, ms, title, " +
  "anchors IS NOT NULL AS isPage, canonical, etag, modified";
/** Memory of the database for pages of its file, in KiB. */
const CACHE_KIB = 32 * 1024;

/**
 * The state of a crawl. Writes belong to a transaction until {@link commit}: a killed process loses at most that
 * transaction, never half of a page's result.
 */
export class CrawlStore implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #known = new RecentMap<string, number>(KNOWN_URLS);
  readonly #hosts = new RecentMap<string, number>(KNOWN_HOSTS);
  /** Changes of the number of URLs that wait, by server. */
  readonly #waiting = new Map<number, number>();
  #inTransaction = false;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Opens a state file.
   * @param path The file; memory if absent.
   * @returns The store.
   * @throws {UsageError} If the file is something else, or of another version.
   */
  static async open(path?: string): Promise<CrawlStore> {
    const { DatabaseSync } = await import("node:sqlite");
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path ?? ":memory:");
      const kind = Number(pragma(database, "application_id"));
      const version = Number(pragma(database, "user_version"));
      const isNew = database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()!.n === 0;
      if (!isNew && (kind !== APPLICATION_ID || version !== SCHEMA_VERSION)) {
        const what = kind === APPLICATION_ID ? "of another version" : "another program's database";
        throw new UsageError(`${path}: this state file is ${what}`);
      }
      database.exec(
        `PRAGMA cache_size = -${CACHE_KIB}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;` +
          `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};` +
          `PRAGMA temp_store = MEMORY; ${SCHEMA}`,
      );
    } catch (cause) {
      database?.close();
      if (cause instanceof UsageError) throw cause;
      const text = cause instanceof Error ? cause.message : String(cause);
      if (/not a database|malformed|corrupt/i.test(text)) {
        throw new UsageError(`${path}: not a state file of a crawl`, { cause });
      }
      const isInUse = /locked|busy/i.test(text);
      throw new NetwrightError(isInUse ? "in use by another run" : `cannot be opened: ${text}`, {
        operation: "open a state file",
        peer: path,
        cause,
      });
    }
    return new CrawlStore(database);
  }

  /** Reads a value of the crawl as a whole. */
  meta(key: string): string | undefined {
    return this.#prepare("SELECT value FROM meta WHERE key = ?").get(key)?.value as
      | string
      | undefined;
  }

  /** Writes a value of the crawl as a whole. */
  setMeta(key: string, value: string): void {
    this.#begin();
    this.#prepare("INSERT OR REPLACE INTO meta VALUES(?, ?)").run(key, value);
  }

  /**
   * Adds a URL, or updates it: a shorter distance from the start, a higher mode.
   * @param url The URL, normalised.
   * @param host The server that takes its turns with it.
   * @param mode How it is to be requested.
   * @param depth Number of links from the start.
   * @param hops Number of redirects that led to it.
   * @param isSettled Whether a shorter way does not matter once it was requested.
   * @returns Its number, and whether it is new.
   */
  add(
    url: string,
    host: string,
    mode: CrawlMode,
    depth: number,
    hops: number = 0,
    isSettled: (depth: number) => boolean = () => true,
  ): { readonly id: number; readonly isNew: boolean } {
    const rank = MODES.indexOf(mode);
    const known = this.#known.get(url);
    // Of most links of a site the target is known, and nothing about it changes.
    if (known !== undefined && (known & 3) >= rank && (known >> 2) % 64 <= Math.min(depth, 63)) {
      return { id: Math.floor(known / 256), isNew: false };
    }
    this.#begin();
    const hostId = this.hostNumber(host);
    const { changes, lastInsertRowid } = this.#prepare(
      "INSERT INTO urls(url, host, mode, depth, hops) VALUES(?, ?, ?, ?, ?) ON CONFLICT(url) DO NOTHING",
    ).run(url, hostId, rank, depth, hops);
    if (changes === 1) {
      const id = Number(lastInsertRowid);
      this.#count(hostId, 1);
      this.#remember(url, id, rank, depth);
      return { id, isNew: true };
    }
    const row = this.#prepare("SELECT id, mode, depth, state, host FROM urls WHERE url = ?")
      .get(url) as unknown as UrlRow;
    const isNew = this.#improve(row, rank, depth, hops, isSettled);
    const [better, nearer] = isNew
      ? [rank, depth]
      : [Math.max(rank, row.mode), Math.min(depth, row.depth)];
    this.#remember(url, row.id, better, nearer);
    return { id: row.id, isNew };
  }

  /** Adds a finding. */
  note(url: number, problem: string, text: string): void {
    this.#begin();
    this.#prepare("INSERT INTO notes VALUES(?, ?, ?)").run(url, problem, text);
  }

  /** Removes the findings of a page that is read once more. */
  forget(id: number): void {
    this.#begin();
    this.#prepare("DELETE FROM notes WHERE url = ?").run(id);
  }

  /** Lists servers that have URLs waiting, the oldest first. */
  waitingHosts(limit: number): WaitingHost[] {
    this.#writeCounts();
    return this.#prepare("SELECT id, name FROM hosts WHERE waiting > 0 ORDER BY id LIMIT ?")
      .all(limit) as unknown as WaitingHost[];
  }

  /** Gets URLs of a server that wait, the oldest first, beginning behind a number. */
  waiting(host: number, after: number, limit: number): WaitingUrl[] {
    const rows = this.#prepare(
      "SELECT id, url, host, mode, depth, hops, attempts, etag, modified FROM urls " +
        "WHERE host = ? AND state = 0 AND id > ? ORDER BY id LIMIT ?",
    ).all(host, after, limit) as Record<string, string | number | null>[];
    return rows.map((row) => ({
      ...withoutNulls(row),
      mode: MODES[row.mode as number]!,
    })) as unknown as WaitingUrl[];
  }

  /** Reads the current row of a waiting URL; undefined if it no longer waits. */
  current(id: number): WaitingUrl | undefined {
    const row = this.#prepare(`SELECT ${WAITING} FROM urls WHERE id = ? AND state = 0`).get(id);
    return row === undefined ? undefined : toWaiting(row as Row);
  }

  /** The number of a URL; undefined if it is not known. */
  numberOf(url: string): number | undefined {
    const known = this.#known.get(url);
    if (known !== undefined) return Math.floor(known / 256);
    return this.#prepare("SELECT id FROM urls WHERE url = ? AND state < 2").get(url)?.id as
      | number
      | undefined;
  }

  /** Reads the URLs of pages that have queries. */
  *queries(): Generator<string> {
    const rows = this.#database.prepare(
      "SELECT url FROM urls WHERE state < 2 AND mode > 0 AND url LIKE '%?%' ORDER BY id",
    ).iterate();
    for (const { url } of rows) yield url as string;
  }

  /** Counts pages with the same title and links. */
  twins(twin: number): number {
    return this.#prepare("SELECT count(*) AS n FROM urls WHERE twin = ? AND state = 1").get(twin)!
      .n as number;
  }

  /** Reads the first URL of each group of more pages than that with the same title and links. */
  *twinGroups(size: number): Generator<string> {
    const rows = this.#database.prepare(
      "SELECT min(url) AS url FROM urls WHERE twin IS NOT NULL AND state = 1 GROUP BY twin HAVING count(*) > ?",
    ).iterate(size);
    for (const { url } of rows) yield url as string;
  }

  /** Counts a request that is to be tried again. */
  retry(id: number): void {
    this.#begin();
    this.#prepare("UPDATE urls SET attempts = attempts + 1 WHERE id = ?").run(id);
  }

  /** Records the result of a URL; an unchanged one keeps its content. */
  finish({ id, host }: Pick<WaitingUrl, "id" | "host">, result: CrawlResult): void {
    this.#begin();
    const { changes } = result.outcome === "unchanged"
      ? this.#prepare(
        "UPDATE urls SET state = 1, outcome = ?, status = ?, reason = NULL, redirect = NULL, ms = ? " +
          "WHERE id = ? AND state = 0",
      ).run(result.outcome, result.status ?? null, result.ms ?? null, id)
      : this.#prepare(
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
        result.links === undefined ? null : JSON.stringify(
          result.links.map(({ target, kind, fragment, text, mode }) => [
            ...[target, kind, fragment, text, MODES.indexOf(mode)],
          ]),
        ),
        result.twin ?? null,
        id,
      );
    if (changes === 1) this.#count(host, -1);
  }

  /**
   * Adds the targets of an unchanged page, as the last crawl had them.
   * @param id The page.
   * @param depth Number of links from the start to them.
   * @param isFar Whether targets at this depth are only checked.
   * @param isSettled As in {@link add}.
   */
  reviveLinks(
    id: number,
    depth: number,
    isFar: boolean,
    isSettled: (depth: number) => boolean,
  ): void {
    const text = this.#prepare("SELECT links FROM urls WHERE id = ?").get(id)?.links;
    if (typeof text !== "string") return;
    this.#begin();
    const statement = this.#prepare("SELECT id, mode, depth, state, host FROM urls WHERE id = ?");
    for (const { target, mode } of toLinks(text)) {
      const row = statement.get(target) as UrlRow | undefined;
      const rank = MODES.indexOf(isFar && mode === "read" ? "check" : mode);
      if (row !== undefined) this.#improve(row, rank, depth, 0, isSettled);
    }
  }

  /** Makes everything so far survive. */
  commit(): void {
    if (!this.#inTransaction) return;
    this.#writeCounts();
    this.#database.exec("COMMIT");
    this.#inTransaction = false;
  }

  /** Number of URLs of this crawl, and of those that were requested. */
  counts(): { readonly urls: number; readonly done: number } {
    const { urls, done } = this.#prepare(
      "SELECT (SELECT count(*) FROM urls WHERE state < 2) AS urls, (SELECT count(*) FROM urls WHERE state = 1) AS done",
    ).get() as Record<string, number>;
    return { urls: urls!, done: done! };
  }

  /** Removes everything but values of the crawl as a whole. */
  clear(): void {
    this.commit();
    this.#known.clear();
    this.#hosts.clear();
    this.#database.exec("DELETE FROM notes; DELETE FROM urls; DELETE FROM hosts");
  }

  /** Begins a new crawl: all that is known stays, and counts once the new crawl has reached it. */
  restart(): void {
    this.commit();
    this.#known.clear();
    this.#database.exec(
      "UPDATE urls SET state = 2, attempts = 0; UPDATE hosts SET waiting = 0",
    );
  }

  /**
   * Reads URLs that were requested, ordered.
   * @param condition An expression of SQL that selects among them; never from a user or a peer.
   */
  *urls(condition = "1"): Generator<CrawledUrl> {
    const rows = this.#database.prepare(
      `SELECT ${COLUMNS} FROM urls WHERE state = 1 AND (${condition}) ORDER BY url`,
    ).iterate();
    for (const row of rows) yield toCrawledUrl(row as Record<string, string | number | null>);
  }

  /** Reads the names that fragments of a page may point to, one a line; undefined if it was not read. */
  anchors(id: number): string | undefined {
    return this.#prepare("SELECT anchors FROM urls WHERE id = ?").get(id)?.anchors as
      | string
      | undefined ?? undefined;
  }

  /** Reads one URL. */
  url(id: number): CrawledUrl | undefined {
    const row = this.#prepare(`SELECT ${COLUMNS} FROM urls WHERE id = ?`).get(id);
    return row === undefined ? undefined : toCrawledUrl(row as Record<string, string>);
  }

  /** Reads the links of all documents. */
  *links(): Generator<CrawledLinks> {
    const rows = this.#database.prepare(
      "SELECT id, mode, links FROM urls WHERE state = 1 AND links IS NOT NULL ORDER BY id",
    ).iterate();
    for (const { id, mode, links } of rows) {
      yield {
        source: id as number,
        mode: MODES[mode as number]!,
        links: toLinks(links as string),
      };
    }
  }

  /** Reads the findings. */
  *notes(): Generator<CrawlNote> {
    for (
      const row of this.#database.prepare(
        "SELECT notes.* FROM notes JOIN urls ON urls.id = notes.url WHERE urls.state = 1",
      ).iterate()
    ) {
      yield row as unknown as CrawlNote;
    }
  }

  /** Closes the file; uncommitted writes are lost. */
  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#database.close();
  }

  /**
   * Gives the number of a server.
   * @param name Its name and port.
   */
  hostNumber(name: string): number {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    this.#prepare("INSERT OR IGNORE INTO hosts(name) VALUES(?)").run(name);
    const { id } = this.#prepare("SELECT id FROM hosts WHERE name = ?").get(name) as { id: number };
    this.#hosts.set(name, id);
    return id;
  }

  #writeCounts(): void {
    const statement = this.#prepare("UPDATE hosts SET waiting = waiting + ? WHERE id = ?");
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
      this.#prepare("UPDATE urls SET state = 0, mode = ?, depth = ?, hops = ? WHERE id = ?")
        .run(rank, newDepth, hops, id);
      this.#count(host, 1);
      return true;
    }
    const better = Math.max(rank, mode);
    const nearer = Math.min(newDepth, depth);
    if (better === mode && nearer === depth) return false;
    const isAgain = state === 1 && (better > mode || !isSettled(depth));
    this.#prepare("UPDATE urls SET mode = ?, depth = ?, state = ? WHERE id = ?")
      .run(better, nearer, isAgain ? 0 : state, id);
    if (isAgain) this.#count(host, 1);
    return false;
  }

  #remember(url: string, id: number, rank: number, depth: number): void {
    this.#known.set(url, id * 256 + Math.min(depth, 63) * 4 + rank);
  }

  #begin(): void {
    if (this.#inTransaction) return;
    this.#database.exec("BEGIN");
    this.#inTransaction = true;
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      this.#statements.set(sql, statement = this.#database.prepare(sql));
    }
    return statement;
  }
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()![name];
}

/** What decides about a URL that is known. */
type UrlRow = Readonly<Record<"id" | "mode" | "depth" | "state" | "host", number>>;

type Row = Readonly<Record<string, string | number | null>>;

function withoutNulls(row: Row): Record<string, string | number | undefined> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined]));
}

function toWaiting(row: Row): WaitingUrl {
  return { ...withoutNulls(row), mode: MODES[row.mode as number]! } as unknown as WaitingUrl;
}

function toCrawledUrl(row: Row): CrawledUrl {
  const { redirect_fragment, mode, ...rest } = withoutNulls(row);
  return {
    ...rest,
    mode: MODES[mode as number]!,
    redirectFragment: redirect_fragment,
  } as unknown as CrawledUrl;
}

function toLinks(text: string): CrawlLink[] {
  const list = JSON.parse(text) as (readonly [number, string, string, string, number])[];
  return list.map(([target, kind, fragment, text, rank]) => ({
    target,
    kind,
    fragment,
    text,
    mode: MODES[rank]!,
  }));
}
