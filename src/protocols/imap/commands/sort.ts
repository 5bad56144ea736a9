/**
 * Messages in order and in conversations: SORT and THREAD (RFC 5256).
 *
 * @module
 */

import { baseSubject } from "../../../mime/internal.ts";
import { decodeWords, type Header, type MailAddress } from "../../../mime/mod.ts";
import type { StoredMessage } from "../../../stores/mod.ts";
import type { Cursor } from "../codec/cursor.ts";
import { threadByReferences, threadBySubject } from "../message/thread.ts";
import type { CommandResult, ImapSession } from "../server/session.ts";
import { Turns } from "../../wire/internal.ts";
import { Matcher } from "./match.ts";
import { checkCharset } from "./search.ts";
import { comparable, parseSearchKeys } from "./search_keys.ts";

const KEYS = ["ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO"] as const;
type Key = typeof KEYS[number];

/** Messages that are compared. */
interface Sorted {
  readonly place: number;
  readonly values: readonly (number | string)[];
}

/** Most keys of an order. */
const MAX_KEYS = 20;

/** `SORT` and `UID SORT` */
export async function sort(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
): Promise<CommandResult> {
  args.space();
  const order = parseOrder(args);
  const places = await findPlaces(session, args);
  const needsHeader = order.some(({ key }) => key !== "ARRIVAL" && key !== "SIZE");
  const rows: Sorted[] = [];
  await forEach(session, places, needsHeader, (place, fact, header) => {
    rows.push({ place, values: order.map(({ key }) => valueOf(key, fact, header)) });
  });
  rows.sort((one, other) => {
    for (const [index, { isReversed }] of order.entries()) {
      const [first, second] = [one.values[index]!, other.values[index]!];
      if (first !== second) return (first < second ? -1 : 1) * (isReversed ? -1 : 1);
    }
    return one.place - other.place;
  });
  const words = rows.map(({ place }) => ` ${numberOf(session, place, isUid)}`).join("");
  await session.connection.untagged(["SORT", words]);
  return { status: "OK", text: "done" };
}

function parseOrder(args: Cursor): { readonly key: Key; readonly isReversed: boolean }[] {
  const order: { key: Key; isReversed: boolean }[] = [];
  let isReversed = false;
  for (const word of args.words()) {
    if (word.toUpperCase() === "REVERSE") {
      isReversed = true;
      continue;
    }
    const key = KEYS.find((known) => known === word.toUpperCase());
    if (key === undefined) args.fail(`unknown order ${word.slice(0, 50)}`);
    order.push({ key, isReversed });
    isReversed = false;
  }
  if (order.length === 0 || order.length > MAX_KEYS) args.fail("an order has 1 to 20 keys");
  return order;
}

function valueOf(key: Key, fact: StoredMessage, header: Header | undefined): number | string {
  switch (key) {
    case "ARRIVAL":
      return fact.received.getTime();
    case "SIZE":
      return fact.sizeBytes;
    case "DATE":
      return sentAt(fact, header!);
    case "SUBJECT":
      return baseSubject(decodeWords(header!.get("subject") ?? "")).text;
    default:
      return firstLocalPart(header!.addresses(key));
  }
}

/** When a message was sent, or else when it came, in milliseconds since 1970. */
function sentAt(fact: StoredMessage, header: Header): number {
  return (header.date?.date ?? fact.received).getTime();
}

function firstLocalPart([first]: readonly MailAddress[]): string {
  if (first === undefined) return "";
  if ("group" in first) return comparable(first.group);
  return comparable(first.address.replace(/@[^@]*$/, ""));
}

/** `THREAD` and `UID THREAD` */
export async function thread(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
): Promise<CommandResult> {
  args.space();
  const algorithm = args.atom().toUpperCase();
  if (algorithm !== "REFERENCES" && algorithm !== "ORDEREDSUBJECT") {
    args.fail("threads are by REFERENCES or ORDEREDSUBJECT");
  }
  const places = await findPlaces(session, args);
  const messages: Parameters<typeof threadByReferences>[0][number][] = [];
  await forEach(session, places, true, (place, fact, header) => {
    const references = header!.messageIds("references");
    messages.push({
      number: numberOf(session, place, isUid),
      subject: decodeWords(header!.get("subject") ?? ""),
      sent: sentAt(fact, header!),
      id: header!.messageIds("message-id")[0],
      references: references.length > 0
        ? references
        : header!.messageIds("in-reply-to").slice(0, 1),
    });
  });
  const threads = algorithm === "REFERENCES"
    ? threadByReferences(messages)
    : threadBySubject(messages);
  await session.connection.untagged(["THREAD", threads === "" ? "" : ` ${threads}`]);
  return { status: "OK", text: "done" };
}

/** The charset, and the messages that meet the keys. */
async function findPlaces(session: ImapSession, args: Cursor): Promise<number[]> {
  args.space();
  checkCharset(args.astring());
  args.space();
  const key = parseSearchKeys(args);
  return await new Matcher(session, session.selected).find(key);
}

/** Calls a function for each message that is still there. */
async function forEach(
  session: ImapSession,
  places: readonly number[],
  needsHeader: boolean,
  act: (place: number, fact: StoredMessage, header: Header | undefined) => void,
): Promise<void> {
  const view = session.selected;
  const turns = new Turns(session.options.signal);
  const facts = await view.folder.describe(places.map((place) => view.messages[place]!.uid));
  for (const fact of facts) {
    const header = needsHeader ? (await view.reader.header(fact.uid)).root.header : undefined;
    act(view.placeOf(fact.uid), fact, header);
    await turns.pause();
  }
}

function numberOf({ selected }: ImapSession, place: number, isUid: boolean): number {
  return isUid ? selected.messages[place]!.uid : place + 1;
}
