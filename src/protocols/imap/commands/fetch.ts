/**
 * Messages are read: FETCH (RFC 9051 §6.4.5, RFC 3516, RFC 7162).
 *
 * @module
 */

import { type ListedMessage, MailStoreError, type StoredMessage } from "../../../stores/mod.ts";
import type { Cursor } from "../codec/cursor.ts";
import { formatDateTime } from "../codec/date.ts";
import { ResponseWriter } from "../codec/response_writer.ts";
import { decodedPart } from "../message/decoded_part.ts";
import { writeEnvelope, writeStructure } from "../message/format_structure.ts";
import type { MessageReader } from "../message/message_reader.ts";
import { filterFields, findSection } from "../message/section.ts";
import { type CommandResult, flagWords, type ImapSession, Refusal } from "../server/session.ts";
import { parseNumberSet, placesOf } from "../server/sets.ts";
import { Turns } from "../../wire/internal.ts";
import type { MailboxView } from "../server/view.ts";
import { type FetchRequest, parseFetchItems, type SectionItem } from "./fetch_items.ts";
import { reportVanished } from "./select.ts";

/** Messages whose facts are found together. */
const BATCH = 500;
/** Sections up to this size are sent from memory, in bytes. */
const SMALL_BYTES = 65_536;

/** `FETCH` and `UID FETCH` */
export async function fetch(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
): Promise<CommandResult> {
  const view = session.selected;
  args.space();
  const set = parseNumberSet(args);
  args.space();
  const items = parseFetchItems(args);
  const { changedSince, vanished } = await parseModifiers(session, args, isUid);
  if (items.simple.has("MODSEQ")) await session.useModseq();
  let places = placesOf(set, view, isUid);
  if (places === undefined) {
    // A client that asks for all of nothing has made no mistake.
    if (view.messages.length > 0) throw new Refusal("BAD", "no message has this number");
    places = [];
  }
  if (vanished) await reportVanished(session, view, set === "$" ? [] : set);
  if (changedSince !== undefined) {
    places = places.filter((place) => view.messages[place]!.modseq > changedSince);
  }
  const writer = new FetchWriter(session, view, items, isUid, changedSince !== undefined);
  for (let at = 0; at < places.length; at += BATCH) {
    await writer.write(places.slice(at, at + BATCH));
  }
  return writer.hasMissing && !isUid
    ? { status: "NO", text: "[EXPUNGEISSUED] some messages are gone" }
    : { status: "OK", text: "done" };
}

/** `(CHANGEDSINCE 12 VANISHED)` */
async function parseModifiers(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
): Promise<{ readonly changedSince: number | undefined; readonly vanished: boolean }> {
  let changedSince: number | undefined;
  let vanished = false;
  if (!args.atEnd) {
    args.space();
    args.expect("(");
    for (args.spaces(); !args.skip(")"); args.spaces()) {
      const word = args.atom().toUpperCase();
      if (word === "CHANGEDSINCE") {
        args.space();
        changedSince = Number(args.bigNumber());
      } else if (word === "VANISHED") vanished = true;
      else args.fail(`unknown modifier ${word.slice(0, 50)}`);
    }
    if (!args.atEnd) args.fail("too many arguments");
  }
  if (vanished && (!isUid || changedSince === undefined || !session.enabled.has("QRESYNC"))) {
    throw new Refusal("BAD", "VANISHED requires UID FETCH, CHANGEDSINCE and QRESYNC");
  }
  if (changedSince !== undefined) await session.useModseq();
  return { changedSince, vanished };
}

/** Writes the responses. */
class FetchWriter {
  readonly #session: ImapSession;
  readonly #view: MailboxView;
  readonly #items: FetchRequest;
  readonly #isUid: boolean;
  readonly #withModseq: boolean;
  readonly #reader: MessageReader;
  /** Whether size and date are needed, which the folder must find out. */
  readonly #needsFacts: boolean;
  readonly #setsSeen: boolean;
  readonly #turns: Turns;
  /** Whether a message was gone. */
  hasMissing = false;

  constructor(
    session: ImapSession,
    view: MailboxView,
    items: FetchRequest,
    isUid: boolean,
    withModseq: boolean,
  ) {
    this.#session = session;
    this.#view = view;
    this.#items = items;
    this.#isUid = isUid;
    this.#withModseq = withModseq || items.simple.has("MODSEQ");
    this.#reader = view.reader;
    this.#turns = new Turns(session.options.signal);
    const { simple, sections } = items;
    const hasFacts = simple.has("INTERNALDATE") || simple.has("RFC822.SIZE");
    this.#needsFacts = hasFacts || simple.has("BODY") || simple.has("BODYSTRUCTURE") ||
      sections.some(({ section }) => !isHeader(section));
    this.#setsSeen = !view.isReadOnly && sections.some(({ isPeek }) => !isPeek);
  }

  /** Writes the responses for some messages. */
  async write(places: readonly number[]): Promise<void> {
    const view = this.#view;
    const uids = places.map((place) => view.messages[place]!.uid);
    const facts = new Map<number, StoredMessage>();
    if (this.#needsFacts) {
      for (const message of await view.folder.describe(uids)) facts.set(message.uid, message);
    }
    const seen = this.#setsSeen ? await this.#markSeen(places) : new Set();
    for (const place of places) {
      const message = view.messages[place]!;
      const fact = facts.get(message.uid);
      if (this.#needsFacts && fact === undefined) {
        this.hasMissing = true;
        continue;
      }
      try {
        await this.#message(place, message, fact, seen.has(message.uid));
      } catch (error) {
        if (!(error instanceof MailStoreError && error.kind === "missing")) throw error;
        this.hasMissing = true;
      }
      await this.#turns.pause();
    }
  }

  /** Marks messages as read; gives those that were not before. */
  async #markSeen(places: readonly number[]): Promise<Set<number>> {
    const unseen = places.map((place) => this.#view.messages[place]!)
      .filter(({ flags }) => !flags.has("\\Seen")).map(({ uid }) => uid);
    if (unseen.length === 0) return new Set();
    const change = { mode: "add", flags: ["\\Seen"] } as const;
    const { messages } = await this.#view.folder.changeFlags(unseen, change);
    this.#view.set(messages);
    return new Set(unseen);
  }

  async #message(
    place: number,
    message: ListedMessage,
    fact: StoredMessage | undefined,
    isMarked: boolean,
  ): Promise<void> {
    const { simple, sections } = this.#items;
    const out = new ResponseWriter().add(`${place + 1} FETCH (`);
    let separator = "";
    const next = (text: string) => {
      out.add(separator + text);
      separator = " ";
    };
    if (this.#isUid || simple.has("UID")) next(`UID ${message.uid}`);
    if (simple.has("FLAGS") || isMarked) next(`FLAGS ${flagWords(message.flags)}`);
    if (this.#withModseq || isMarked && this.#session.enabled.has("CONDSTORE")) {
      next(`MODSEQ (${message.modseq})`);
    }
    if (simple.has("INTERNALDATE")) next(`INTERNALDATE "${formatDateTime(fact!.received)}"`);
    if (simple.has("RFC822.SIZE")) next(`RFC822.SIZE ${fact!.sizeBytes}`);
    if (simple.has("BODYSTRUCTURE") || simple.has("BODY")) {
      const { root, bytes } = await this.#reader.whole(message.uid, fact!.sizeBytes, true);
      for (const name of ["BODY", "BODYSTRUCTURE"] as const) {
        if (!simple.has(name)) continue;
        next(`${name} `);
        writeStructure(root, bytes, out, name === "BODYSTRUCTURE");
      }
    }
    if (simple.has("ENVELOPE")) {
      const { root } = await this.#reader.header(message.uid);
      next("ENVELOPE ");
      writeEnvelope(root.header, out);
    }
    for (const item of sections) {
      next(`${item.label} `);
      await this.#section(message.uid, fact, item, out);
    }
    if (sections.length > 0) this.#session.counts.read++;
    await this.#session.connection.untagged(out.add(")").pieces);
  }

  async #section(
    uid: number,
    fact: StoredMessage | undefined,
    item: SectionItem,
    out: ResponseWriter,
  ): Promise<void> {
    const { section, partial, decoded } = item;
    if (decoded !== "no") return await this.#decoded(uid, fact!.sizeBytes, item, out);
    const isWhole = section.numbers.length === 0 && section.kind === "";
    if (isWhole) {
      return await this.#range(uid, { start: 0, end: fact!.sizeBytes }, partial, out);
    }
    const { root } = isHeader(section)
      ? await this.#reader.header(uid)
      : await this.#reader.whole(uid, fact!.sizeBytes, false);
    const place = findSection(root, section);
    if (place === undefined) return void out.add("NIL");
    if (!place.isFiltered) return await this.#range(uid, place, partial, out);
    const fields = withoutNul(filterFields(await this.#reader.bytes(uid, place), section));
    out.literal(partial === undefined ? fields : cut(fields, partial));
  }

  /** Adds bytes of a message. */
  async #range(
    uid: number,
    { start, end }: { readonly start: number; readonly end: number },
    partial: SectionItem["partial"],
    out: ResponseWriter,
  ): Promise<void> {
    const first = Math.min(end, start + (partial?.origin ?? 0));
    const range = { start: first, end: Math.min(end, first + (partial?.count ?? Infinity)) };
    const size = range.end - range.start;
    if (size <= SMALL_BYTES) {
      return void out.literal(withoutNul(await this.#reader.bytes(uid, range)));
    }
    out.literal({ size, content: exactly(this.#reader.stream(uid, range), size) });
  }

  /** Adds a part without its transfer encoding, or the size of it (RFC 3516). */
  async #decoded(
    uid: number,
    sizeBytes: number,
    { section, partial, decoded }: SectionItem,
    out: ResponseWriter,
  ): Promise<void> {
    const { root, bytes } = await this.#reader.whole(uid, sizeBytes, true);
    const content = decodedPart(root, bytes, section.numbers);
    if (content === "unknown") {
      throw new Refusal("NO", "[UNKNOWN-CTE] the encoding of a part is unknown");
    }
    if (content === undefined) return void out.add(decoded === "size" ? "0" : "NIL");
    if (decoded === "size") return void out.add(`${content.length}`);
    out.literal(partial === undefined ? content : cut(content, partial), content.includes(0));
  }
}

/** Whether only the header of the message is needed. */
function isHeader({ numbers, kind }: SectionItem["section"]): boolean {
  return numbers.length === 0 && kind.startsWith("HEADER");
}

function cut(
  bytes: Uint8Array,
  { origin, count }: { readonly origin: number; readonly count: number },
): Uint8Array {
  return bytes.subarray(origin, origin + count);
}

/** Replaces NUL, which no literal may hold but those of BINARY (RFC 9051 §4.3.1). */
function withoutNul(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0) ? bytes.map((byte) => byte === 0 ? 0x80 : byte) : bytes;
}

/** Passes a stream on, which must have the size that was announced: else the connection cannot go on. */
async function* exactly(
  content: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const piece of content) {
    if (piece.length > left) break;
    left -= piece.length;
    yield withoutNul(piece);
  }
  if (left !== 0) throw new Error(`a message has not the size of ${size} bytes that it had`);
}
