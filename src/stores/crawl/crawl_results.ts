/**
 * Results of a crawl, read from its state.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { RESULT_COLUMNS, toCrawledUrl, toLinks } from "./crawl_rows.ts";
import { type CrawledLinks, type CrawledUrl, type CrawlNote, MODES } from "./crawl_types.ts";

/** Reads the results of a crawl. */
export class CrawlResults {
  /** The database. */
  protected readonly database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * @param database The database.
   */
  constructor(database: DatabaseSync) {
    this.database = database;
  }

  /** Number of URLs of this crawl, and of those that were requested. */
  counts(): { readonly urls: number; readonly done: number } {
    const { urls, done } = this.prepare(
      "SELECT (SELECT count(*) FROM urls WHERE state < 2) AS urls, (SELECT count(*) FROM urls WHERE state = 1) AS done",
    ).get() as Record<string, number>;
    return { urls: urls!, done: done! };
  }

  /**
   * Reads URLs that were requested, ordered.
   * @param condition An expression of SQL that selects among them; never from a user or a peer.
   */
  *urls(condition = "1"): Generator<CrawledUrl> {
    const rows = this.database.prepare(
      `SELECT ${RESULT_COLUMNS} FROM urls WHERE state = 1 AND (${condition}) ORDER BY url`,
    ).iterate();
    for (const row of rows) yield toCrawledUrl(row as Record<string, string | number | null>);
  }

  /** Reads the names that fragments of a page may point to, one a line; undefined if it was not read. */
  anchors(id: number): string | undefined {
    return this.prepare("SELECT anchors FROM urls WHERE id = ?").get(id)?.anchors as
      | string
      | undefined ?? undefined;
  }

  /** Reads one URL. */
  url(id: number): CrawledUrl | undefined {
    const row = this.prepare(`SELECT ${RESULT_COLUMNS} FROM urls WHERE id = ?`).get(id);
    return row === undefined ? undefined : toCrawledUrl(row as Record<string, string>);
  }

  /** Reads the links of all documents. */
  *links(): Generator<CrawledLinks> {
    const rows = this.database.prepare(
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
      const row of this.database.prepare(
        "SELECT notes.* FROM notes JOIN urls ON urls.id = notes.url WHERE urls.state = 1",
      ).iterate()
    ) {
      yield row as unknown as CrawlNote;
    }
  }

  /** Reads the first URL of each group of more pages than that with the same title and links. */
  *twinGroups(size: number): Generator<string> {
    const rows = this.database.prepare(
      "SELECT min(url) AS url FROM urls WHERE twin IS NOT NULL AND state = 1 GROUP BY twin HAVING count(*) > ?",
    ).iterate(size);
    for (const { url } of rows) yield url as string;
  }

  /** Reads a value of the crawl as a whole. */
  meta(key: string): string | undefined {
    return this.prepare("SELECT value FROM meta WHERE key = ?").get(key)?.value as
      | string
      | undefined;
  }

  /** Forgets prepared statements, before the database is closed. */
  protected clearStatements(): void {
    this.#statements.clear();
  }

  /** Prepares a statement once. */
  protected prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      this.#statements.set(sql, statement = this.database.prepare(sql));
    }
    return statement;
  }
}
