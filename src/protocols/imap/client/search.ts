/**
 * SEARCH, SORT and THREAD (RFC 9051 §6.4.4, RFC 4731, RFC 5256).
 *
 * @module
 */

import { ProtocolError, UnsupportedError, UsageError } from "../../../net/mod.ts";
import type { CommandPiece } from "../codec/command_piece.ts";
import type { ImapValue } from "../codec/cursor.ts";
import type { SearchData } from "../codec/response.ts";
import { needsCharset, searchPieces, type SearchQuery } from "../codec/search_query.ts";
import { parseUidSet } from "../codec/uid_set.ts";
import type { SelectedSession } from "./selected.ts";

/** Number of results of a search, and the first and last of them. */
export interface SearchSummary {
  /** How many messages there are. */
  readonly count: number;
  /** The smallest identifier; undefined if there are none. */
  readonly min: number | undefined;
  /** The largest identifier; undefined if there are none. */
  readonly max: number | undefined;
}

/** What messages are sorted by. */
export type SortKey = "arrival" | "cc" | "date" | "from" | "size" | "subject" | "to";

/** A message of a conversation, and the responses to it. */
export interface ImapThread {
  /** The message; undefined if it is not there, but responses to it are. */
  readonly uid: number | undefined;
  /** Responses to it. */
  readonly responses: readonly ImapThread[];
}

/** Maximum number of results. */
const MAX_RESULTS = 10_000_000;

/**
 * Finds messages.
 *
 * @param session The session.
 * @param query The criteria.
 * @returns Their identifiers, ascending.
 */
export async function search(session: SelectedSession, query: SearchQuery): Promise<number[]> {
  const isExtended = hasExtendedSearch(session);
  const data = await run(session, "UID SEARCH", isExtended ? "RETURN (ALL) " : "", query);
  return numbersOf(session, data).sort((a, b) => a - b);
}

/**
 * Counts messages.
 *
 * @param session The session.
 * @param query The criteria.
 * @returns How many there are, and the first and last of them.
 */
export async function summarize(
  session: SelectedSession,
  query: SearchQuery,
): Promise<SearchSummary> {
  if (!hasExtendedSearch(session)) {
    const uids = await search(session, query);
    return { count: uids.length, min: uids[0], max: uids.at(-1) };
  }
  const data = await run(session, "UID SEARCH", "RETURN (COUNT MIN MAX) ", query);
  const value = (name: string): number | undefined => {
    const text = data.values.get(name);
    return typeof text === "string" && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
  };
  return { count: value("COUNT") ?? 0, min: value("MIN"), max: value("MAX") };
}

/**
 * Finds messages, in an order of the server's making.
 *
 * @param session The session.
 * @param keys Keys of the order, the first one first; with `-` in front, descending.
 * @param query The criteria.
 * @returns Their identifiers in this order.
 * @throws {UnsupportedError} If the server cannot sort.
 */
export async function sort(
  session: SelectedSession,
  keys: readonly (SortKey | `-${SortKey}`)[],
  query: SearchQuery,
): Promise<number[]> {
  demand(session, "SORT");
  const order = keys.map((key) => {
    const name = key.replace(/^-/, "").toUpperCase();
    if (!/^(?:ARRIVAL|CC|DATE|FROM|SIZE|SUBJECT|TO)$/.test(name)) {
      throw new UsageError(`${JSON.stringify(key)} is not a key for sorting`);
    }
    return key.startsWith("-") ? `REVERSE ${name}` : name;
  });
  if (order.length === 0) throw new UsageError("a key for sorting is missing");
  const data = await run(session, "UID SORT", `(${order.join(" ")}) UTF-8 `, query);
  return numbersOf(session, data);
}

/**
 * Finds conversations.
 *
 * @param session The session.
 * @param query The criteria.
 * @returns The first message of each, and the responses to it.
 * @throws {UnsupportedError} If the server cannot find them.
 */
export async function thread(session: SelectedSession, query: SearchQuery): Promise<ImapThread[]> {
  const algorithm = ["REFERENCES", "REFS", "ORDEREDSUBJECT"]
    .find((name) => session.capabilities.has(`THREAD=${name}`));
  if (algorithm === undefined) demand(session, "THREAD=REFERENCES");
  let threads: ImapValue = [];
  await session.execute({
    verb: "UID THREAD",
    pieces: [`${algorithm} UTF-8 `, ...searchPieces(query, session.hasUtf8Names)],
    topic: "search",
    onData(response) {
      if (response.kind !== "thread") return false;
      threads = response.threads;
      return true;
    },
  });
  return Array.isArray(threads) ? threads.map((value) => toThread(value)) : [];
}

/** Reads `(3 6 (4 23) (44 7 96))`: 6 responds to 3, and has two responses. */
function toThread(value: ImapValue): ImapThread {
  if (!Array.isArray(value)) return { uid: Number(value), responses: [] };
  const branch = value.findIndex((entry) => Array.isArray(entry));
  const line = (branch < 0 ? value : value.slice(0, branch)) as readonly ImapValue[];
  const branches = branch < 0 ? [] : value.slice(branch).map((entry) => toThread(entry));
  let responses: readonly ImapThread[] = branches;
  for (let at = line.length - 1; at > 0; at--) {
    responses = [{ uid: Number(line[at]), responses }];
  }
  return { uid: line.length === 0 ? undefined : Number(line[0]), responses };
}

function hasExtendedSearch({ capabilities, provider }: SelectedSession): boolean {
  if (provider?.hasBrokenExtendedSearch) return false;
  return capabilities.has("ESEARCH") || capabilities.has("IMAP4REV2");
}

function demand(session: SelectedSession, capability: string): void {
  if ([...session.capabilities].some((name) => name === capability || name === `${capability}=*`)) {
    return;
  }
  throw new UnsupportedError(`the server does not offer ${capability}`, {
    operation: "search",
    peer: session.peer,
  });
}

async function run(
  session: SelectedSession,
  verb: string,
  options: string,
  query: SearchQuery,
): Promise<SearchData> {
  const isBounded = query.uids !== undefined || !session.provider?.needsSearchRange;
  const keys = searchPieces(isBounded ? query : { ...query, uids: "1:*" }, session.hasUtf8Names);
  // With UTF-8 in quotes a charset must not be named (RFC 6855 §3).
  const charset = verb === "UID SEARCH" && !session.hasUtf8Names && needsCharset(keys)
    ? "CHARSET UTF-8 "
    : "";
  const pieces: readonly CommandPiece[] = [options + charset, ...keys];
  let data: SearchData | undefined;
  const numbers: number[] = [];
  await session.execute({
    verb,
    pieces,
    topic: "search",
    onData(response) {
      if (response.kind !== "search" && response.kind !== "sort") return false;
      data = response.data;
      // Some servers send long results in several lines.
      if (typeof data.numbers !== "string" && numbers.length < MAX_RESULTS) {
        for (const number of data.numbers) numbers.push(number);
      }
      return true;
    },
  });
  if (data !== undefined && typeof data.numbers === "string") return data;
  return { tag: undefined, values: new Map(), modseq: undefined, ...data, numbers };
}

function numbersOf(session: SelectedSession, { numbers }: SearchData): number[] {
  if (typeof numbers !== "string") return [...numbers];
  const found = numbers === "" ? [] : parseUidSet(numbers, MAX_RESULTS);
  if (found !== undefined) return found;
  throw new ProtocolError("malformed results of a search", {
    operation: "search",
    peer: session.peer,
  });
}
