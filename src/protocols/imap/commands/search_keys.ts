/**
 * The keys of a search (RFC 9051 §6.4.4, RFC 5032, RFC 7162).
 *
 * @module
 */

import type { Cursor } from "../codec/cursor.ts";
import { parseDay } from "../codec/date.ts";
import { type NumberSet, parseNumberSet, toNumberSet } from "../server/sets.ts";
import { Refusal } from "../server/session.ts";

/** A criterion. */
export type SearchKey =
  | { readonly kind: "all" }
  | { readonly kind: "flag"; readonly flag: string; readonly has: boolean }
  | { readonly kind: "set"; readonly set: NumberSet; readonly isUid: boolean }
  | {
    readonly kind: "day";
    readonly of: "received" | "sent";
    readonly test: "before" | "on" | "since";
    /** The day as `20261130`. */
    readonly day: number;
  }
  | { readonly kind: "age"; readonly isOlder: boolean; readonly seconds: number }
  | { readonly kind: "size"; readonly isLarger: boolean; readonly bytes: number }
  | { readonly kind: "modseq"; readonly modseq: number }
  | { readonly kind: "header"; readonly name: string; readonly text: string }
  | { readonly kind: "body"; readonly text: string; readonly withHeader: boolean }
  | { readonly kind: "not"; readonly key: SearchKey }
  | { readonly kind: "or"; readonly keys: readonly SearchKey[] }
  | { readonly kind: "and"; readonly keys: readonly SearchKey[] };

/** Deepest nesting. */
const MAX_DEPTH = 50;
/** Most keys. */
const MAX_KEYS = 1000;

const FLAGS: Readonly<Record<string, string>> = {
  ANSWERED: "\\Answered",
  DELETED: "\\Deleted",
  DRAFT: "\\Draft",
  FLAGGED: "\\Flagged",
  SEEN: "\\Seen",
};
const DAYS: Readonly<Record<string, readonly ["received" | "sent", "before" | "on" | "since"]>> = {
  BEFORE: ["received", "before"],
  ON: ["received", "on"],
  SINCE: ["received", "since"],
  SENTBEFORE: ["sent", "before"],
  SENTON: ["sent", "on"],
  SENTSINCE: ["sent", "since"],
};

/** Brings a text into the form in which texts are compared, whatever their case. */
export function comparable(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * Reads the keys up to the end of the command.
 *
 * @param args At the first key.
 * @returns The criterion that all of them make.
 * @throws {ProtocolError} If they are malformed.
 */
export function parseSearchKeys(args: Cursor): SearchKey {
  return new KeyReader(args).all();
}

class KeyReader {
  readonly #args: Cursor;
  #count = 0;

  constructor(args: Cursor) {
    this.#args = args;
  }

  all(): SearchKey {
    const keys = [this.#key(0)];
    while (!this.#args.atEnd) {
      this.#args.space();
      if (this.#args.atEnd) break;
      keys.push(this.#key(0));
    }
    return keys.length === 1 ? keys[0]! : { kind: "and", keys };
  }

  #key(depth: number): SearchKey {
    const args = this.#args;
    if (depth > MAX_DEPTH) args.fail(`keys are nested more than ${MAX_DEPTH} deep`);
    if (++this.#count > MAX_KEYS) args.fail(`there are more than ${MAX_KEYS} keys`);
    if (args.skip("(")) return this.#list(depth);
    const word = args.atom();
    const name = word.toUpperCase();
    const flag = FLAGS[name.replace(/^UN/, "")];
    if (flag !== undefined) return { kind: "flag", flag, has: !name.startsWith("UN") };
    const day = DAYS[name];
    if (day !== undefined) return { kind: "day", of: day[0], test: day[1], day: this.#day() };
    switch (name) {
      case "ALL":
      case "OLD":
        // No message is recent here.
        return { kind: "all" };
      case "NEW":
      case "RECENT":
        return { kind: "not", key: { kind: "all" } };
      case "KEYWORD":
      case "UNKEYWORD":
        return { kind: "flag", flag: this.#word(), has: name === "KEYWORD" };
      case "FROM":
      case "TO":
      case "CC":
      case "BCC":
      case "SUBJECT":
        return { kind: "header", name, text: this.#text() };
      case "HEADER":
        return { kind: "header", name: this.#text(), text: this.#text() };
      case "BODY":
      case "TEXT":
        return { kind: "body", text: this.#text(), withHeader: name === "TEXT" };
      case "LARGER":
      case "SMALLER":
        return { kind: "size", isLarger: name === "LARGER", bytes: this.#number() };
      case "OLDER":
      case "YOUNGER":
        return { kind: "age", isOlder: name === "OLDER", seconds: this.#number() };
      case "MODSEQ":
        return this.#modseq();
      case "UID":
        args.space();
        return { kind: "set", set: parseNumberSet(args), isUid: true };
      case "NOT":
        args.space();
        return { kind: "not", key: this.#key(depth + 1) };
      case "OR": {
        args.space();
        const one = this.#key(depth + 1);
        args.space();
        return { kind: "or", keys: [one, this.#key(depth + 1)] };
      }
    }
    const set = toNumberSet(word);
    if (set === undefined) return args.fail(`unknown key ${word.slice(0, 50)}`);
    return { kind: "set", set, isUid: false };
  }

  #list(depth: number): SearchKey {
    const keys: SearchKey[] = [];
    do {
      this.#args.spaces();
      keys.push(this.#key(depth + 1));
      this.#args.spaces();
    } while (!this.#args.skip(")"));
    return { kind: "and", keys };
  }

  #word(): string {
    this.#args.space();
    return this.#args.atom();
  }

  #text(): string {
    this.#args.space();
    return comparable(this.#args.text() ?? "nil");
  }

  #number(): number {
    this.#args.space();
    return this.#args.number();
  }

  #modseq(): SearchKey {
    const args = this.#args;
    args.space();
    // The name and kind of metadata: all have the same sequence here.
    if (args.next === '"') {
      args.astring();
      args.space();
      args.atom();
      args.space();
    }
    return { kind: "modseq", modseq: Number(args.bigNumber()) };
  }

  /** A day as `30-Nov-2026`, with quotes or without. */
  #day(): number {
    this.#args.space();
    const found = parseDay(this.#args.astring());
    if (found === undefined) throw new Refusal("BAD", "a date is like 30-Nov-2026");
    return found.year * 10_000 + found.month * 100 + found.day;
  }
}
