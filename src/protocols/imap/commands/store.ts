/**
 * Flags are changed, messages are copied and moved: STORE, COPY, MOVE (RFC 9051 §6.4.6 to §6.4.8, RFC 7162).
 *
 * @module
 */

import {
  type FlagsChange,
  type MailFolder,
  type NewMessage,
  type StoredMessage,
  SYSTEM_FLAGS,
} from "../../../stores/mod.ts";
import type { Cursor } from "../codec/cursor.ts";
import { formatUidSet } from "../codec/uid_set.ts";
import { type CommandResult, flagWords, type ImapSession, Refusal } from "../server/session.ts";
import { parseNumberSet, placesOf } from "../server/sets.ts";
import type { MailboxView } from "../server/view.ts";

/** Most flags of a command. */
const MAX_FLAGS = 100;
/** A keyword. */
const KEYWORD = /^[A-Za-z0-9!#$&'+,\-./:;<=>?@^_`|~[]{1,100}$/;

/**
 * Reads flags.
 *
 * @param words The flags in any case.
 * @returns The flags in their stored form; without `\Recent`, which no client can set.
 * @throws {Refusal} If one is none.
 */
export function parseFlags(words: readonly string[]): string[] {
  if (words.length > MAX_FLAGS) throw new Refusal("NO", "[LIMIT] too many flags");
  return words.flatMap((word) => {
    if (!word.startsWith("\\")) {
      if (KEYWORD.test(word)) return [word];
      throw new Refusal("BAD", "a keyword is malformed");
    }
    const flag = SYSTEM_FLAGS.find((known) => known.toLowerCase() === word.toLowerCase());
    if (flag !== undefined) return [flag];
    if (/^\\recent$/i.test(word)) return [];
    throw new Refusal("BAD", `unknown flag ${word.slice(0, 50)}`);
  });
}

/** Reads a set, and finds its messages. */
export function requestedPlaces(args: Cursor, view: MailboxView, isUid: boolean): number[] {
  args.space();
  const places = placesOf(parseNumberSet(args), view, isUid);
  if (places === undefined) throw new Refusal("BAD", "no message has this number");
  return places;
}

/** `STORE` and `UID STORE` */
export async function store(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
): Promise<CommandResult> {
  const view = session.writable;
  const places = requestedPlaces(args, view, isUid);
  args.space();
  const unchangedSince = await parseUnchangedSince(session, args);
  const [, sign, silent] = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(args.atom()) ?? [];
  if (sign === undefined) args.fail("FLAGS is missing");
  args.space();
  const words = args.next === "(" ? args.words() : loneWords(args);
  if (!args.atEnd) args.fail("too many arguments");
  const mode: FlagsChange["mode"] = sign === "+" ? "add" : sign === "-" ? "remove" : "set";
  const flags = parseFlags(words);
  const known = places.map((place) => view.messages[place]!);
  const { messages, refused } = await view.folder.changeFlags(
    known.map(({ uid }) => uid),
    { mode, flags, unchangedSince },
  );
  const before = new Map(known.map((message) => [message.uid, message]));
  view.set(messages);
  for (const message of messages) {
    const { flags: old, modseq } = before.get(message.uid)!;
    // The new sequence is always sent (RFC 7162 §3.1.3), and so are changes by others.
    const isTold = silent === undefined ||
      session.enabled.has("CONDSTORE") && modseq !== message.modseq ||
      !isSame(message.flags, changed(old, mode, flags));
    if (isTold) await session.reportFlags(view.placeOf(message.uid), message, isUid);
  }
  const missing = messages.length + refused.length < known.length;
  if (refused.length > 0) {
    const numbers = isUid ? refused : refused.map((uid) => view.placeOf(uid) + 1);
    const set = formatUidSet(numbers, 1_000_000)[0];
    return { status: "OK", text: `[MODIFIED ${set}] some were changed meanwhile` };
  }
  return missing && !isUid
    ? { status: "NO", text: "[EXPUNGEISSUED] some messages are gone" }
    : { status: "OK", text: "done" };
}

/** The flags that a message should have now. */
function changed(
  flags: ReadonlySet<string>,
  mode: FlagsChange["mode"],
  change: readonly string[],
): ReadonlySet<string> {
  if (mode === "set") return new Set(change);
  return mode === "add" ? flags.union(new Set(change)) : flags.difference(new Set(change));
}

/** Whether two sets of flags are the same, whatever the case of keywords. */
function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const words = (flags: ReadonlySet<string>) => flagWords(flags).toLowerCase();
  return one === other || words(one) === words(other);
}

function loneWords(args: Cursor): string[] {
  const words = [args.atom()];
  while (!args.atEnd) {
    args.space();
    words.push(args.atom());
  }
  return words;
}

/** `(UNCHANGEDSINCE 12)` */
async function parseUnchangedSince(
  session: ImapSession,
  args: Cursor,
): Promise<number | undefined> {
  if (!args.skip("(")) return undefined;
  if (args.atom().toUpperCase() !== "UNCHANGEDSINCE") args.fail("UNCHANGEDSINCE is missing");
  args.space();
  const modseq = Number(args.bigNumber());
  args.expect(")");
  args.space();
  await session.useModseq();
  return modseq;
}

/** `COPY` and `UID COPY` */
export async function copy(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
): Promise<CommandResult> {
  const { view, uids, target } = await parseTransfer(session, args, isUid);
  const described = await view.folder.describe(uids);
  if (described.length < uids.length && !isUid) {
    return { status: "NO", text: "[EXPUNGEISSUED] some messages are gone" };
  }
  const stored = await target.appendAll(copiesOf(view.folder, described));
  if (stored.length === 0) return { status: "OK", text: "there is nothing to copy" };
  const from = described.map(({ uid }) => uid);
  return { status: "OK", text: `${copyUid(target, from, stored.map(({ uid }) => uid))} copied` };
}

function* copiesOf(folder: MailFolder, messages: readonly StoredMessage[]): Generator<NewMessage> {
  for (const { uid, flags, received } of messages) {
    yield { text: folder.read(uid), flags, received };
  }
}

/** `MOVE` and `UID MOVE` */
export async function move(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
): Promise<CommandResult> {
  const { view, uids, target } = await parseTransfer(session, args, isUid);
  if (view.isReadOnly) throw new Refusal("NO", "[READ-ONLY] the mailbox is read-only");
  const moved = await view.folder.move(uids, target);
  if (moved.size > 0) {
    const code = copyUid(target, [...moved.keys()], [...moved.values()]);
    await session.connection.line(`* OK ${code} moved`);
  }
  await session.report(true, isUid);
  return { status: "OK", text: "done" };
}

async function parseTransfer(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
): Promise<{ view: MailboxView; uids: readonly number[]; target: MailFolder }> {
  const view = session.selected;
  const places = requestedPlaces(args, view, isUid);
  args.space();
  const name = session.mailboxName(args);
  if (!args.atEnd) args.fail("too many arguments");
  const target = await session.target(name);
  return { view, uids: places.map((place) => view.messages[place]!.uid), target };
}

/** Which messages became which (RFC 4315 §3). */
function copyUid(target: MailFolder, from: readonly number[], to: readonly number[]): string {
  const set = (uids: readonly number[]) => formatUidSet(uids, 1_000_000).join(",");
  return `[COPYUID ${target.uidValidity} ${set(from)} ${set(to)}]`;
}
