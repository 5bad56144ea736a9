/**
 * Searches, built from an object (RFC 9051 §6.4.4, RFC 5032, RFC 7162, RFC 8474, Gmail's extensions).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { astring, type CommandPiece, quoted } from "./command_piece.ts";
import { formatDate } from "./date.ts";
import { formatUidSet, type UidSet } from "./uid_set.ts";

/** Criteria of a search; a message must meet all of them. */
export interface SearchQuery {
  /** Identifiers of messages. */
  readonly uids?: UidSet;
  /** Whether it has the flag `\Seen`. */
  readonly seen?: boolean;
  /** Whether it has the flag `\Answered`. */
  readonly answered?: boolean;
  /** Whether it has the flag `\Flagged`. */
  readonly flagged?: boolean;
  /** Whether it has the flag `\Deleted`. */
  readonly deleted?: boolean;
  /** Whether it has the flag `\Draft`. */
  readonly draft?: boolean;
  /** A keyword that it has. */
  readonly keyword?: string;
  /** A keyword that it does not have. */
  readonly withoutKeyword?: string;
  /** Text in `From`. */
  readonly from?: string;
  /** Text in `To`. */
  readonly to?: string;
  /** Text in `Cc`. */
  readonly cc?: string;
  /** Text in `Bcc`. */
  readonly bcc?: string;
  /** Text in `Subject`. */
  readonly subject?: string;
  /** Text in its body. */
  readonly body?: string;
  /** Text in its header or body. */
  readonly text?: string;
  /** Text in fields of the header, by their names; an empty text asks for the field only. Of several texts, all. */
  readonly header?: Readonly<Record<string, string | readonly string[]>>;
  /** Received before this day. */
  readonly before?: Date;
  /** Received on this day. */
  readonly on?: Date;
  /** Received on this day or later. */
  readonly since?: Date;
  /** Its `Date` is before this day. */
  readonly sentBefore?: Date;
  /** Its `Date` is this day. */
  readonly sentOn?: Date;
  /** Its `Date` is this day or later. */
  readonly sentSince?: Date;
  /** Received within so many seconds; needs WITHIN. */
  readonly youngerSeconds?: number;
  /** Received longer ago, in seconds; needs WITHIN. */
  readonly olderSeconds?: number;
  /** Larger than so many bytes. */
  readonly larger?: number;
  /** Smaller than so many bytes. */
  readonly smaller?: number;
  /** Changed at this modification sequence or later; needs CONDSTORE. */
  readonly modseq?: bigint;
  /** An identifier of RFC 8474; needs OBJECTID. */
  readonly emailId?: string;
  /** An identifier of a conversation; needs OBJECTID. */
  readonly threadId?: string;
  /** A search as Gmail's page takes it; needs Gmail. */
  readonly gmail?: string;
  /** At least one of these. */
  readonly any?: readonly SearchQuery[];
  /** None of these. */
  readonly none?: readonly SearchQuery[];
}

/** Fields for flags, and their keys. */
const FLAGS = {
  seen: "SEEN",
  answered: "ANSWERED",
  flagged: "FLAGGED",
  deleted: "DELETED",
  draft: "DRAFT",
} as const;
/** Fields for text, and their keys. */
const TEXTS = {
  from: "FROM",
  to: "TO",
  cc: "CC",
  bcc: "BCC",
  subject: "SUBJECT",
  body: "BODY",
  text: "TEXT",
  gmail: "X-GM-RAW",
} as const;
/** Fields for words, and their keys. */
const WORDS = {
  keyword: "KEYWORD",
  withoutKeyword: "UNKEYWORD",
  emailId: "EMAILID",
  threadId: "THREADID",
} as const;
/** Fields for days, and their keys. */
const DAYS = {
  before: "BEFORE",
  on: "ON",
  since: "SINCE",
  sentBefore: "SENTBEFORE",
  sentOn: "SENTON",
  sentSince: "SENTSINCE",
} as const;
/** Fields for numbers, and their keys. */
const NUMBERS = {
  youngerSeconds: "YOUNGER",
  olderSeconds: "OLDER",
  larger: "LARGER",
  smaller: "SMALLER",
} as const;
/** Deepest nesting of queries. */
const MAX_DEPTH = 50;
/** Names of header fields. */
const FIELD_NAME = /^[\x21-\x39\x3b-\x7e]{1,200}$/;

/**
 * Writes a search.
 *
 * @param query The criteria; all messages if there are none.
 * @param utf8 Whether the server takes UTF-8 in quotes.
 * @returns The keys.
 * @throws {UsageError} If a criterion cannot be one.
 */
export function searchPieces(query: SearchQuery, utf8: boolean): CommandPiece[] {
  const writer = new QueryWriter(utf8);
  writer.query(query, 0);
  return writer.pieces.length === 0 ? ["ALL"] : writer.pieces;
}

/**
 * Checks whether a search has text that is not ASCII, so that its charset must be named.
 *
 * @param pieces The keys.
 * @returns Whether it has.
 */
export function needsCharset(pieces: readonly CommandPiece[]): boolean {
  return pieces.some((piece) => typeof piece === "string" ? /[^\0-\x7f]/.test(piece) : true);
}

class QueryWriter {
  readonly pieces: CommandPiece[] = [];
  readonly #utf8: boolean;

  constructor(utf8: boolean) {
    this.#utf8 = utf8;
  }

  query(query: SearchQuery, depth: number): void {
    if (depth > MAX_DEPTH) throw new UsageError("a search is nested too deep");
    if (query.uids !== undefined) this.#uids(query.uids);
    for (const [field, key] of entries(FLAGS)) {
      const value = query[field];
      if (value !== undefined) this.#key(value ? key : `UN${key}`);
    }
    for (const [field, key] of entries(WORDS)) this.#word(key, query[field]);
    for (const [field, key] of entries(TEXTS)) {
      const value = query[field];
      if (value !== undefined) this.#key(`${key} `, quoted(value, this.#utf8));
    }
    for (const [name, values] of Object.entries(query.header ?? {})) {
      for (const value of typeof values === "string" ? [values] : values) this.#field(name, value);
    }
    for (const [field, key] of entries(DAYS)) {
      const value = query[field];
      if (value === undefined) continue;
      if (Number.isNaN(value.getTime())) throw new UsageError(`${key} takes a date`);
      this.#key(`${key} ${formatDate(value)}`);
    }
    for (const [field, key] of entries(NUMBERS)) this.#number(key, query[field]);
    if (query.modseq !== undefined) this.#key(`MODSEQ ${BigInt(query.modseq)}`);
    this.#any(query.any, depth);
    for (const inner of query.none ?? []) {
      this.#key("NOT ");
      this.#group(inner, depth);
    }
  }

  #key(...pieces: CommandPiece[]): void {
    if (this.pieces.length > 0 && !this.#isJoined()) this.pieces.push(" ");
    this.pieces.push(...pieces);
  }

  /** Whether the next key follows without a space. */
  #isJoined(): boolean {
    const last = this.pieces.at(-1);
    return typeof last === "string" && /[ (]$/.test(last);
  }

  #uids(uids: UidSet): void {
    const sets = formatUidSet(uids, 1_000_000);
    // A message is in no empty set.
    this.#key(sets.length === 0 ? "NOT ALL" : `UID ${sets[0]}`);
  }

  #word(key: string, value: string | undefined): void {
    if (value === undefined) return;
    const piece = astring(value);
    if (typeof piece !== "string" || piece.startsWith('"')) {
      throw new UsageError(`${JSON.stringify(value.slice(0, 80))} is not a word`);
    }
    this.#key(`${key} ${piece}`);
  }

  #field(name: string, value: string): void {
    if (!FIELD_NAME.test(name)) {
      throw new UsageError(`${JSON.stringify(name.slice(0, 80))} is not a name of a header field`);
    }
    this.#key("HEADER ", astring(name), " ", quoted(value, this.#utf8));
  }

  #number(key: string, value: number | undefined): void {
    if (value === undefined) return;
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new UsageError(`${key} takes a whole number, not ${value}`);
    }
    this.#key(`${key} ${value}`);
  }

  /** `OR` takes two keys: of more, the rest is one. */
  #any(queries: readonly SearchQuery[] | undefined, depth: number): void {
    if (queries === undefined) return;
    if (queries.length === 0) return this.#key("NOT ALL");
    queries.forEach((query, index) => {
      if (index < queries.length - 1) this.#key("OR ");
      this.#group(query, depth);
    });
  }

  #group(query: SearchQuery, depth: number): void {
    const inner = new QueryWriter(this.#utf8);
    inner.query(query, depth + 1);
    this.#key("(", ...(inner.pieces.length === 0 ? ["ALL"] : inner.pieces), ")");
  }
}

function entries<T extends object>(table: T): [keyof T, T[keyof T]][] {
  return Object.entries(table) as [keyof T, T[keyof T]][];
}
