/**
 * Messages that meet a search: cheap facts are tested first, texts last.
 *
 * @module
 */

import {
  decodeWords,
  type Entity,
  type Header,
  MessageLimitError,
  parseMessage,
} from "../../../mime/mod.ts";
import { type ListedMessage, MailStoreError, type StoredMessage } from "../../../stores/mod.ts";
import { type ImapSession, Refusal } from "../server/session.ts";
import { placesOf } from "../server/sets.ts";
import type { MailboxView } from "../server/view.ts";
import { Turns } from "../../wire/internal.ts";
import { comparable, type SearchKey } from "./search_keys.ts";

/** Messages whose facts are found together. */
const BATCH = 500;
/** Of larger messages only the header is searched, in bytes. */
const MAX_SEARCHED_BYTES = 64 * 1024 * 1024;

/** The known facts of a message. */
interface Known {
  readonly place: number;
  readonly message: ListedMessage;
  fact?: StoredMessage | undefined;
  header?: Header | undefined;
  /** Its header and its texts, in comparable form. */
  fields?: string | undefined;
  texts?: readonly string[] | undefined;
}

/** Searches one mailbox. */
export class Matcher {
  readonly #session: ImapSession;
  readonly #view: MailboxView;
  readonly #sets = new Map<SearchKey, Uint8Array>();
  /** Which sets of flags have the flag of a key: most messages have the same few sets. */
  readonly #flags = new Map<SearchKey, WeakMap<ReadonlySet<string>, boolean>>();
  readonly #now: number;
  readonly #turns: Turns;

  constructor(session: ImapSession, view: MailboxView) {
    this.#session = session;
    this.#view = view;
    this.#now = (session.options.now?.() ?? new Date()).getTime();
    this.#turns = new Turns(session.options.signal);
  }

  /**
   * Finds messages.
   * @param key The criterion.
   * @returns Their places from 0, ascending.
   */
  async find(key: SearchKey): Promise<number[]> {
    const found: number[] = [];
    let open: Known[] = [];
    for (const [place, message] of this.#view.messages.entries()) {
      if (place % 100 === 0) await this.#turns.pause();
      const known = { place, message };
      const result = this.#test(key, known);
      if (result === true) found.push(place);
      else if (result === undefined) open.push(known);
      if (open.length === BATCH) {
        await this.#decide(key, open, found);
        open = [];
      }
    }
    await this.#decide(key, open, found);
    return found.sort((one, other) => one - other);
  }

  /** Looks deeper at messages that are undecided. */
  async #decide(key: SearchKey, open: readonly Known[], found: number[]): Promise<void> {
    if (open.length === 0) return;
    const facts = await this.#view.folder.describe(open.map(({ message }) => message.uid));
    const byUid = new Map(facts.map((fact) => [fact.uid, fact]));
    for (const known of open) {
      known.fact = byUid.get(known.message.uid);
      if (known.fact === undefined) continue;
      let result = this.#test(key, known);
      try {
        if (result === undefined) {
          known.header = (await this.#view.reader.header(known.message.uid)).root.header;
          result = this.#test(key, known);
        }
        if (result === undefined) {
          const text = await this.#text(known.fact);
          known.fields = comparableHeader(text.header);
          known.texts = comparableTexts(text);
          result = this.#test(key, known);
        }
      } catch (error) {
        if (!(error instanceof MailStoreError && error.kind === "missing")) throw error;
        result = false;
      }
      known.header = known.fields = known.texts = undefined;
      if (result === true) found.push(known.place);
      await this.#turns.pause();
    }
  }

  async #text({ uid, sizeBytes }: StoredMessage): Promise<Entity> {
    const end = Math.min(sizeBytes, MAX_SEARCHED_BYTES);
    const bytes = await this.#view.reader.bytes(uid, { start: 0, end });
    try {
      const maxHeaderBytes = MAX_SEARCHED_BYTES;
      return parseMessage(bytes, { maxDepth: 60, maxParts: 2000, maxHeaderBytes });
    } catch (error) {
      if (!(error instanceof MessageLimitError) || error.root === undefined) throw error;
      return error.root;
    }
  }

  /** Tests a message; undefined if more must be known. */
  #test(key: SearchKey, known: Known): boolean | undefined {
    const { message, fact, header, fields, texts } = known;
    switch (key.kind) {
      case "all":
        return true;
      case "flag":
        return this.#hasFlag(message.flags, key) === key.has;
      case "set":
        return this.#places(key)[known.place] === 1;
      case "modseq":
        return message.modseq >= key.modseq;
      case "size":
        if (fact === undefined) return undefined;
        return key.isLarger ? fact.sizeBytes > key.bytes : fact.sizeBytes < key.bytes;
      case "age": {
        if (fact === undefined) return undefined;
        const age = (this.#now - fact.received.getTime()) / 1000;
        return key.isOlder ? age >= key.seconds : age <= key.seconds;
      }
      case "day":
        if (key.of === "received") {
          return fact === undefined ? undefined : compareDay(dayOf(fact.received, 0), key);
        }
        if (header === undefined) return undefined;
        return compareDay(sentDay(header), key);
      case "header":
        if (header === undefined) return undefined;
        return header.all(key.name).some((value) => includes(decodeWords(value), key.text));
      case "body":
        if (key.text === "") return true;
        if (texts === undefined) return undefined;
        if (key.withHeader && fields!.includes(key.text)) return true;
        return texts.some((text) => text.includes(key.text));
      case "not": {
        const result = this.#test(key.key, known);
        return result === undefined ? undefined : !result;
      }
      case "or":
        return this.#some(key.keys, known, true);
      case "and":
        return this.#some(key.keys, known, false);
    }
  }

  /** Whether any key has this result; else all have the other, or it is not known. */
  #some(keys: readonly SearchKey[], known: Known, wanted: boolean): boolean | undefined {
    let isOpen = false;
    for (const key of keys) {
      const result = this.#test(key, known);
      if (result === wanted) return wanted;
      if (result === undefined) isOpen = true;
    }
    return isOpen ? undefined : !wanted;
  }

  #hasFlag(flags: ReadonlySet<string>, key: SearchKey & { readonly kind: "flag" }): boolean {
    let known = this.#flags.get(key);
    if (known === undefined) this.#flags.set(key, known = new WeakMap());
    let has = known.get(flags);
    if (has === undefined) known.set(flags, has = hasFlag(flags, key.flag));
    return has;
  }

  #places(key: SearchKey & { readonly kind: "set" }): Uint8Array {
    let places = this.#sets.get(key);
    if (places === undefined) {
      const found = placesOf(key.set, this.#view, key.isUid);
      if (found === undefined && this.#view.messages.length > 0) {
        throw new Refusal("BAD", "no message has this number");
      }
      places = new Uint8Array(this.#view.messages.length);
      for (const place of found ?? []) places[place] = 1;
      this.#sets.set(key, places);
    }
    return places;
  }
}

/** Whether a message has a flag, whatever the case of its letters. */
function hasFlag(flags: ReadonlySet<string>, flag: string): boolean {
  if (flags.has(flag)) return true;
  if (flag.startsWith("\\")) return false;
  const lower = flag.toLowerCase();
  for (const known of flags) if (known.toLowerCase() === lower) return true;
  return false;
}

function includes(text: string, part: string): boolean {
  return part === "" || comparable(text).includes(part);
}

/** A header as text is searched in it: a line for each field, decoded. */
function comparableHeader({ fields }: Header): string {
  return comparable(fields.map(({ name, value }) => `${name}: ${decodeWords(value)}`).join("\n"));
}

/** The texts of a message, the headers of messages in it, and those of its parts. */
function comparableTexts(message: Entity): string[] {
  const texts: string[] = [];
  for (const entity of message.walk()) {
    if (entity !== message) texts.push(comparableHeader(entity.header));
    const isText = entity.kind === "leaf" && entity.type.startsWith("text/");
    if (isText) texts.push(comparable(entity.text));
  }
  return texts;
}

/** A day as `20261130`. */
function dayOf(date: Date, offsetMinutes: number): number {
  const local = new Date(date.getTime() + offsetMinutes * 60_000);
  return local.getUTCFullYear() * 10_000 + (local.getUTCMonth() + 1) * 100 + local.getUTCDate();
}

/** The day in `Date`, as its writer had it. */
function sentDay(header: Header): number | undefined {
  const { date } = header;
  return date === undefined ? undefined : dayOf(date.date, date.offsetMinutes ?? 0);
}

function compareDay(day: number | undefined, key: SearchKey & { readonly kind: "day" }): boolean {
  if (day === undefined) return false;
  if (key.test === "on") return day === key.day;
  return key.test === "before" ? day < key.day : day >= key.day;
}
