/**
 * Where news is kept: groups of articles, each with a number in every group that it was posted to (RFC 3977 §6).
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { NetwrightError } from "../../net/mod.ts";

/** Whether articles may be posted to a group: freely, not at all, or after a moderator's approval. */
export type NewsGroupStatus = "y" | "n" | "m";

/** Settings of a group. */
export interface NewsGroupSettings {
  /** Its name (RFC 5536 §3.1.4). */
  readonly name: string;
  /** Its topic. @default {""} */
  readonly description?: string | undefined;
  /** Whether articles may be posted. @default {"y"} */
  readonly status?: NewsGroupStatus | undefined;
}

/** A group and the articles that it holds now. */
export interface NewsGroup {
  /** Its name. */
  readonly name: string;
  /** Its topic. */
  readonly description: string;
  /** Whether articles may be posted. */
  readonly status: NewsGroupStatus;
  /** When it was made. */
  readonly created: Date;
  /** The lowest number of an article; larger than {@link high} in an empty group. */
  readonly low: number;
  /** The highest number that an article ever had. */
  readonly high: number;
  /** Number of articles. */
  readonly count: number;
}

/** An article to be kept. */
export interface NewArticle {
  /** Its identifier, with brackets. */
  readonly messageId: string;
  /** The groups that it is put into; all of them must be there. */
  readonly groups: readonly string[];
  /** Its header without `Xref`, each line ending with CRLF, without the empty line. */
  readonly header: Uint8Array;
  /** Its body, lines ending with CRLF. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Its fields in overviews, as bytes: subject, from, date, identifier and references, with tabs between. */
  readonly overview: Uint8Array;
  /** Articles that are removed at the same moment: those that it cancels or supersedes. @default none */
  readonly removes?: readonly string[] | undefined;
}

/** An article in a list, or the memory of one. */
export interface StoredArticle {
  /** Its identifier, with brackets. */
  readonly messageId: string;
  /** When it came. */
  readonly arrived: Date;
  /** Its number in each group; none if it is not there any more. */
  readonly places: ReadonlyMap<string, number>;
}

/** Numbers of articles from one to another, both included. */
export interface NumberRange {
  /** The first. */
  readonly first: number;
  /** The last. */
  readonly last: number;
}

/** Groups and articles. */
export interface NewsStore {
  /** The server's name in `Xref`. */
  readonly name: string;
  /** Lists all groups, by name. */
  groups(): Promise<readonly NewsGroup[]>;
  /** Finds a group; undefined if there is none. */
  group(name: string): Promise<NewsGroup | undefined>;
  /**
   * Makes groups, or changes their settings.
   * @throws {NewsStoreError} `name` if no group can be called so.
   */
  setGroup(...settings: readonly NewsGroupSettings[]): Promise<void>;
  /**
   * Lists the numbers of the articles of a group.
   * @param group Its name.
   * @param range Which numbers.
   * @returns The numbers, in order; none if there is no such group.
   */
  numbers(group: string, range: NumberRange): Promise<readonly number[]>;
  /**
   * Reads the overview of a group.
   * @param group Its name.
   * @param range Which numbers.
   * @returns Lines as in the response to OVER, ending with CRLF, in pieces that may end within a line; undefined if
   *   the range is empty.
   */
  overview(group: string, range: NumberRange): Promise<AsyncIterable<Uint8Array> | undefined>;
  /**
   * Finds an article by its identifier.
   * @returns The article, also after its removal; undefined if it was never seen.
   */
  find(messageId: string): Promise<StoredArticle | undefined>;
  /**
   * Reads an article.
   * @param group The group.
   * @param number Its number there.
   * @returns Its text, lines ending with CRLF or LF; undefined if it is not there.
   */
  read(group: string, number: number): Promise<AsyncIterable<Uint8Array> | undefined>;
  /**
   * Lists articles that came at a time or later.
   * @param since The time.
   * @returns The articles that are still there, the oldest first.
   */
  since(since: Date): Promise<readonly StoredArticle[]>;
  /**
   * Keeps an article. It is safe when this resolves: whole, and on the disk if the store is there.
   * @returns The stored article.
   * @throws {NewsStoreError} `duplicate` if there is or was one with this identifier; `missing` if a group, or an article
   *   that it removes, is not there.
   */
  add(article: NewArticle): Promise<StoredArticle>;
  /**
   * Removes articles for good; their identifiers are remembered.
   * @param messageIds Their identifiers; those that are not there are passed over.
   * @returns How many were removed.
   */
  remove(messageIds: Iterable<string>): Promise<number>;
  /**
   * Removes articles that have been kept for long enough, and forgets identifiers.
   * @param keepMs How long articles of a group are kept, in milliseconds; one in several groups stays as long as in any.
   * @param rememberMs How long identifiers of others are remembered, in milliseconds.
   * @returns How many were removed.
   */
  expire(keepMs: (group: string) => number, rememberMs: number): Promise<number>;
}

/** The reason for a failure of a store. */
export type NewsStoreFailure = "duplicate" | "missing" | "name";

/** A store could not execute a request. */
export class NewsStoreError extends NetwrightError {
  /** Why. */
  readonly kind: NewsStoreFailure;

  /**
   * Describes a failure.
   * @param kind Why.
   * @param reason The same in words.
   */
  constructor(kind: NewsStoreFailure, reason: string) {
    super(reason, { operation: "keep news" });
    this.kind = kind;
  }
}

/**
 * Checks the name of a group (RFC 5536 §3.1.4): components of lower-case letters, digits, `+`, `-` and `_`, none of them
 * only of digits, with dots between.
 *
 * @param name The name.
 * @returns The name.
 * @throws {NewsStoreError} `name` if no group can be called so.
 */
export function checkGroupName(name: string): string {
  const components = name.split(".");
  const isValid = name.length <= 200 &&
    components.every((part) => /^[a-z0-9+_-]+$/i.test(part) && !/^\d+$/.test(part)) &&
    // Reserved words of paths and commands (RFC 5536 §3.1.4).
    !components.some((part) => /^(?:all|ctl)$/i.test(part)) &&
    !/^(?:control|example|poster|to)$/i.test(name);
  if (isValid) return name;
  throw new NewsStoreError("name", `no group can be called ${JSON.stringify(name.slice(0, 200))}`);
}

/**
 * Writes the value of the field `Xref` (RFC 5536 §3.2.14).
 *
 * @param name The server's name.
 * @param places The number in each group.
 * @returns The value.
 */
export function formatXref(name: string, places: ReadonlyMap<string, number>): string {
  return [name, ...Array.from(places, ([group, number]) => `${group}:${number}`)].join(" ");
}

/**
 * Formats a line of an overview without its number (RFC 3977 §8.3).
 *
 * @param article The article.
 * @param bytes Its size in bytes, lines ending with CRLF.
 * @param lines Number of lines of its body.
 * @param xref The value of `Xref`.
 * @returns The fields with tabs between.
 */
export function formatOverview(
  { overview }: NewArticle,
  bytes: number,
  lines: number,
  xref: string,
): Uint8Array {
  return concat([overview, new TextEncoder().encode(`\t${bytes}\t${lines}\tXref: ${xref}`)]);
}
