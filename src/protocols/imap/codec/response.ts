/**
 * Responses of an IMAP server, typed (RFC 9051 §7).
 *
 * @module
 */

import { Cursor, decodeText, type ImapValue } from "./cursor.ts";
import { type FetchData, readFetch } from "./fetch_data.ts";
import type { ResponseParts } from "./response_reader.ts";

/** The code of a status response, such as `[UIDNEXT 4392]`. */
export interface ResponseCode {
  /** Its name in upper case. */
  readonly name: string;
  /** What follows the name. */
  readonly values: readonly ImapValue[];
}

/** `OK`, `NO`, `BAD`, `BYE` or `PREAUTH`. */
export interface StatusResponse {
  /** Which of them. */
  readonly status: string;
  /** The code in brackets. */
  readonly code: ResponseCode | undefined;
  /** Text for people; not clean. */
  readonly text: string;
}

/** A mailbox in a list. */
export interface ListData {
  /** Attributes, such as `\Noselect`, in the server's spelling. */
  readonly attributes: readonly string[];
  /** The character between levels; undefined if names have no levels. */
  readonly delimiter: string | undefined;
  /** The name as the server writes it, a character for each byte. */
  readonly name: string;
}

/** Results of a search (RFC 4731, RFC 9051 §7.3.4). */
export interface SearchData {
  /** The tag of the command; undefined in the older form. */
  readonly tag: string | undefined;
  /** The numbers, in the order of the server; those of `ALL` as a set. */
  readonly numbers: readonly number[] | string;
  /** Values of `MIN`, `MAX`, `COUNT` and others. */
  readonly values: ReadonlyMap<string, ImapValue>;
  /** The largest modification sequence of the messages found (RFC 7162). */
  readonly modseq: bigint | undefined;
}

/** A response of a server. */
export type ImapResponse =
  | { readonly kind: "continue"; readonly text: string }
  | { readonly kind: "tagged"; readonly tag: string } & StatusResponse
  | { readonly kind: "status" } & StatusResponse
  | { readonly kind: "capability"; readonly names: readonly string[] }
  | { readonly kind: "enabled"; readonly names: readonly string[] }
  | { readonly kind: "flags"; readonly flags: readonly string[] }
  | { readonly kind: "exists" | "recent" | "expunge"; readonly number: number }
  | { readonly kind: "fetch"; readonly data: FetchData }
  | { readonly kind: "list" | "lsub"; readonly data: ListData }
  | {
    readonly kind: "mailbox-status";
    readonly name: string;
    readonly values: ReadonlyMap<string, ImapValue>;
  }
  | { readonly kind: "search" | "sort"; readonly data: SearchData }
  | { readonly kind: "thread"; readonly threads: ImapValue }
  | { readonly kind: "vanished"; readonly earlier: boolean; readonly uids: string }
  | { readonly kind: "namespace"; readonly values: readonly ImapValue[] }
  | { readonly kind: "id"; readonly values: ImapValue }
  | { readonly kind: "unknown"; readonly name: string };

const STATUS: ReadonlySet<string> = new Set(["OK", "NO", "BAD", "BYE", "PREAUTH"]);
/** Maximum number of results of a search. */
const MAX_RESULTS = 10_000_000;

/**
 * Reads a response.
 *
 * @param parts Its text and literals.
 * @returns The response.
 * @throws {ProtocolError} If it is malformed.
 */
export function readResponse(parts: ResponseParts): ImapResponse {
  const cursor = new Cursor(parts);
  if (cursor.skip("+")) {
    cursor.spaces();
    return { kind: "continue", text: cursor.rest() };
  }
  const tag = cursor.atom();
  cursor.space();
  if (tag !== "*") {
    const status = cursor.atom().toUpperCase();
    if (!STATUS.has(status)) cursor.fail("a status is missing");
    return { kind: "tagged", tag, ...readStatus(cursor, status) };
  }
  const first = cursor.next;
  if (first >= "0" && first <= "9") {
    const number = cursor.number();
    cursor.space();
    return readNumbered(cursor, number, cursor.atom().toUpperCase());
  }
  const name = cursor.atom().toUpperCase();
  if (STATUS.has(name)) return { kind: "status", ...readStatus(cursor, name) };
  return readData(cursor, name);
}

function readStatus(cursor: Cursor, status: string): StatusResponse {
  cursor.spaces();
  if (!cursor.skip("[")) return { status, code: undefined, text: decodeText(cursor.rest()) };
  const name = cursor.codeAtom().toUpperCase();
  const values: ImapValue[] = [];
  while (true) {
    cursor.spaces();
    // Some servers forget the end.
    if (cursor.skip("]") || cursor.atEnd) break;
    values.push(readCodeValue(cursor));
  }
  cursor.spaces();
  return { status, code: { name, values }, text: decodeText(cursor.rest()) };
}

function readCodeValue(cursor: Cursor): ImapValue {
  const first = cursor.next;
  if (first === "(" || first === '"' || first === "") return cursor.value();
  if (first === ")") cursor.fail('"(" is missing');
  return decodeText(cursor.codeAtom());
}

function readNumbered(cursor: Cursor, number: number, name: string): ImapResponse {
  switch (name) {
    case "EXISTS":
      return { kind: "exists", number };
    case "RECENT":
      return { kind: "recent", number };
    case "EXPUNGE":
      return { kind: "expunge", number };
    case "FETCH":
      if (number === 0) cursor.fail("a message has the number 0");
      cursor.space();
      return { kind: "fetch", data: readFetch(cursor, number) };
  }
  return { kind: "unknown", name };
}

function readData(cursor: Cursor, name: string): ImapResponse {
  cursor.spaces();
  switch (name) {
    case "CAPABILITY":
      return { kind: "capability", names: wordsOf(cursor) };
    case "ENABLED":
      return { kind: "enabled", names: wordsOf(cursor) };
    case "FLAGS":
      return { kind: "flags", flags: cursor.words() };
    case "LIST":
    case "XLIST":
      return { kind: "list", data: readList(cursor) };
    case "LSUB":
      return { kind: "lsub", data: readList(cursor) };
    case "STATUS":
      return readMailboxStatus(cursor);
    case "SEARCH":
      return { kind: "search", data: readSearch(cursor) };
    case "SORT":
      return { kind: "sort", data: readSearch(cursor) };
    case "ESEARCH":
      return { kind: "search", data: readExtendedSearch(cursor) };
    case "THREAD":
      return { kind: "thread", threads: valuesOf(cursor) };
    case "VANISHED":
      return readVanished(cursor);
    case "NAMESPACE":
      return { kind: "namespace", values: valuesOf(cursor) };
    case "ID":
      return { kind: "id", values: cursor.value() };
  }
  return { kind: "unknown", name };
}

function wordsOf(cursor: Cursor): string[] {
  const words: string[] = [];
  for (cursor.spaces(); !cursor.atEnd; cursor.spaces()) words.push(cursor.atom());
  return words;
}

function valuesOf(cursor: Cursor): ImapValue[] {
  const values: ImapValue[] = [];
  for (cursor.spaces(); !cursor.atEnd; cursor.spaces()) values.push(cursor.value());
  return values;
}

function readList(cursor: Cursor): ListData {
  const attributes = cursor.words();
  cursor.space();
  const delimiter = cursor.text() ?? undefined;
  cursor.space();
  const name = cursor.astring();
  return { attributes, delimiter: delimiter === "" ? undefined : delimiter, name };
}

function readMailboxStatus(cursor: Cursor): ImapResponse {
  const name = cursor.astring();
  cursor.spaces();
  return { kind: "mailbox-status", name, values: pairs(cursor.value()) };
}

/** Names and values in turn. */
function pairs(list: ImapValue): Map<string, ImapValue> {
  const values = new Map<string, ImapValue>();
  if (!Array.isArray(list)) return values;
  for (let at = 0; at + 1 < list.length; at += 2) {
    const name = list[at] as ImapValue;
    if (typeof name === "string") values.set(name.toUpperCase(), list[at + 1]!);
  }
  return values;
}

function readSearch(cursor: Cursor): SearchData {
  const numbers: number[] = [];
  let modseq: bigint | undefined;
  for (cursor.spaces(); !cursor.atEnd; cursor.spaces()) {
    if (cursor.skip("(")) {
      if (cursor.atom().toUpperCase() !== "MODSEQ") cursor.fail("an unknown result");
      cursor.space();
      modseq = cursor.bigNumber();
      cursor.expect(")");
      continue;
    }
    if (numbers.length === MAX_RESULTS) cursor.fail("too many results");
    numbers.push(cursor.number());
  }
  return { tag: undefined, numbers, values: new Map(), modseq };
}

function readExtendedSearch(cursor: Cursor): SearchData {
  let tag: string | undefined;
  if (cursor.skip("(")) {
    if (cursor.atom().toUpperCase() !== "TAG") cursor.fail("TAG is missing");
    cursor.space();
    tag = cursor.text() ?? undefined;
    cursor.expect(")");
    cursor.spaces();
  }
  const values = new Map<string, ImapValue>();
  while (!cursor.atEnd) {
    const name = cursor.atom().toUpperCase();
    cursor.spaces();
    if (name === "UID") continue;
    values.set(name, cursor.value());
    cursor.spaces();
  }
  const [all, modseq] = [values.get("ALL"), values.get("MODSEQ")];
  return {
    tag,
    numbers: typeof all === "string" ? all : "",
    values,
    modseq: typeof modseq === "string" && /^\d{1,19}$/.test(modseq) ? BigInt(modseq) : undefined,
  };
}

function readVanished(cursor: Cursor): ImapResponse {
  let earlier = false;
  if (cursor.next === "(") {
    earlier = cursor.words().some((word) => word.toUpperCase() === "EARLIER");
    cursor.spaces();
  }
  return { kind: "vanished", earlier, uids: cursor.atom() };
}
