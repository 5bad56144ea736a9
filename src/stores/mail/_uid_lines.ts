/**
 * The list of messages as a file: its lines are only added, and the last of a message counts.
 *
 * The first is `2 UIDVALIDITY UIDNEXT MODSEQ MARK`. Then `UID MODSEQ :FLAGS NAME` is a message, `UID MODSEQ :FLAGS` its
 * flags since, `X MODSEQ UID` its removal, and `S SIZE NAME` the size with CRLF of a message
 * whose name does not have it.
 *
 * @module
 */

import type { Keywords } from "./_keyword_file.ts";

/** A message in the list. */
export interface UidEntry {
  readonly uid: number;
  /** The part of its file's name that stays while flags change. */
  readonly base: string;
  /** When it was changed last. */
  modseq: number;
  /** The letters of its flags then; undefined in a list of the older form. */
  letters: string | undefined;
}

/** The content of the file. */
export interface UidState {
  readonly uidValidity: number;
  uidNext: number;
  /** The modification sequence of the last change. */
  modseq: number;
  /** Messages by the names that stay. */
  readonly entries: Map<string, UidEntry>;
  /** The same by their numbers. */
  readonly numbers: Map<number, UidEntry>;
  /** Keywords by their letters. */
  keywords: Keywords;
  /** Changes with them. */
  keywordChanges: number;
  /** Keywords that an earlier form of the list had, which are to go into their own file. */
  readonly formerKeywords: string[];
  /** Sizes with CRLF, by the names of messages, where the names do not have them. */
  readonly sizes: Map<string, number>;
  /** Lines that say nothing any more. */
  stale: number;
}

/**
 * Begins a list.
 *
 * @param uidValidity Its UIDVALIDITY.
 * @returns A list without messages.
 */
export function emptyState(uidValidity: number): UidState {
  return {
    uidValidity,
    uidNext: 1,
    modseq: 1,
    entries: new Map(),
    numbers: new Map(),
    keywords: [],
    keywordChanges: 0,
    formerKeywords: [],
    sizes: new Map(),
    stale: 0,
  };
}

/**
 * Reads the first line.
 *
 * @param head The line.
 * @returns A list without messages; undefined if the line is malformed.
 */
export function parseHead(head: string): UidState | undefined {
  const [, form, validity, next, modseq] =
    /^([12]) (\d{1,10}) (\d{1,10})(?: (\d{1,15}) [0-9a-f]+)?$/.exec(head) ?? [];
  if (validity === undefined || (form === "2") !== (modseq !== undefined)) return undefined;
  const state = emptyState(Number(validity));
  state.uidNext = Number(next);
  state.modseq = Number(modseq ?? 1);
  return state;
}

/**
 * Reads further lines.
 *
 * @param state The list; they are added to it.
 * @param text Lines, each with its line feed. Malformed ones are passed over: a crash has cut them.
 */
export function parseLines(state: UidState, text: string): void {
  for (let start = 0, end; (end = text.indexOf("\n", start)) >= 0; start = end + 1) {
    parseLine(state, text.slice(start, end));
  }
}

function parseLine(state: UidState, line: string): void {
  const space = line.indexOf(" ");
  const first = line.slice(0, space);
  const rest = line.slice(space + 1);
  if (space < 1 || rest === "") return;
  if (first === "K") {
    // Lists had their keywords themselves before.
    const [, place, keyword = rest] = /^(\d{1,2}) (\S+)$/.exec(rest) ?? [];
    state.formerKeywords[Number(place ?? state.formerKeywords.length)] = keyword;
  } else if (first === "S") {
    const [, size, name] = /^(\d{1,15}) (.+)$/.exec(rest) ?? [];
    if (name !== undefined) state.sizes.set(unescapeName(name), Number(size));
  } else if (first === "X") {
    const [, modseq, uid] = /^(\d{1,15}) (\d{1,10})$/.exec(rest) ?? [];
    if (uid !== undefined) removeEntry(state, Number(uid), Number(modseq));
  } else {
    const uid = toNumber(first);
    if (uid !== undefined) parseMessage(state, uid, rest);
  }
}

function parseMessage(state: UidState, uid: number, rest: string): void {
  const colon = rest.indexOf(" :");
  const modseq = colon < 0 ? undefined : toNumber(rest.slice(0, colon));
  // The older form has the name only.
  if (modseq === undefined) {
    return addEntry(state, { uid, base: unescapeName(rest), modseq: 1, letters: undefined });
  }
  const space = rest.indexOf(" ", colon + 2);
  const letters = rest.slice(colon + 2, space < 0 ? undefined : space);
  state.modseq = Math.max(state.modseq, modseq);
  if (space >= 0) {
    return addEntry(state, { uid, base: unescapeName(rest.slice(space + 1)), modseq, letters });
  }
  const entry = state.numbers.get(uid);
  if (entry === undefined) return;
  entry.modseq = modseq;
  entry.letters = letters;
  state.stale++;
}

/** Reads a number of up to 15 digits; undefined if it is none. */
function toNumber(text: string): number | undefined {
  if (text.length === 0 || text.length > 15) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Adds a message.
 *
 * @param state The list.
 * @param entry The message.
 */
export function addEntry(state: UidState, entry: UidEntry): void {
  const before = state.entries.get(entry.base);
  if (before !== undefined) {
    state.numbers.delete(before.uid);
    // Entries stay in the order of their numbers.
    state.entries.delete(entry.base);
    state.stale++;
  }
  state.entries.set(entry.base, entry);
  state.numbers.set(entry.uid, entry);
  state.uidNext = Math.max(state.uidNext, entry.uid + 1);
}

/**
 * Removes a message.
 *
 * @param state The list.
 * @param uid Its number.
 * @param modseq When.
 */
export function removeEntry(state: UidState, uid: number, modseq: number): void {
  state.modseq = Math.max(state.modseq, modseq);
  const entry = state.numbers.get(uid);
  if (entry === undefined) return;
  state.numbers.delete(uid);
  // The name may have another number by now.
  if (state.entries.get(entry.base) === entry) {
    state.entries.delete(entry.base);
    state.sizes.delete(entry.base);
  }
  state.stale += 2;
}

/**
 * Writes a message.
 *
 * @param entry The message.
 * @returns Its line.
 */
export function messageLine({ uid, base, modseq, letters = "" }: UidEntry): string {
  return `${uid} ${modseq} :${letters} ${escapeName(base)}\n`;
}

/**
 * Writes flags that have changed.
 *
 * @param entry The message.
 * @returns The line.
 */
export function flagsLine({ uid, modseq, letters = "" }: UidEntry): string {
  return `${uid} ${modseq} :${letters}\n`;
}

/**
 * Writes a counted size.
 *
 * @param name The name that stays.
 * @param size The size with CRLF, in bytes.
 * @returns The line.
 */
export function sizeLine(name: string, size: number): string {
  return `S ${size} ${escapeName(name)}\n`;
}

/**
 * Writes a whole list.
 *
 * @param state The list.
 * @returns The file's content; its first line is unlike that of any other file.
 */
export function formatState(state: UidState): string {
  const mark = crypto.randomUUID().slice(0, 8);
  let text = `2 ${state.uidValidity} ${state.uidNext} ${state.modseq} ${mark}\n`;
  for (const keyword of state.formerKeywords) text += `K ${keyword}\n`;
  for (const entry of state.entries.values()) text += messageLine(entry);
  for (const [name, size] of state.sizes) text += sizeLine(name, size);
  return text;
}

/** Writes a name in one line, whatever it holds. */
function escapeName(name: string): string {
  return /[\x00-\x1f\x7f]|^=/.test(name) ? `=${encodeURIComponent(name.toWellFormed())}` : name;
}

function unescapeName(text: string): string {
  if (!text.startsWith("=")) return text;
  try {
    return decodeURIComponent(text.slice(1));
  } catch {
    return text;
  }
}
