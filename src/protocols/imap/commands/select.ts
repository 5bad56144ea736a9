/**
 * A mailbox is selected and left: SELECT, EXAMINE, CLOSE, UNSELECT, EXPUNGE (RFC 9051 §6.3.2, §6.4; RFC 7162).
 *
 * @module
 */

import { type ListedMessage, type MailFolder, SYSTEM_FLAGS } from "../../../stores/mod.ts";
import type { Cursor } from "../codec/cursor.ts";
import { ResponseWriter } from "../codec/response_writer.ts";
import { type CommandResult, type ImapSession, Refusal } from "../server/session.ts";
import { type NumberSet, parseNumberSet, placesOf } from "../server/sets.ts";
import { MailboxView } from "../server/view.ts";

/** A client's knowledge of the mailbox from an earlier session. */
interface Resync {
  readonly uidValidity: number;
  readonly modseq: number;
  readonly uids: NumberSet | undefined;
}

/** Characters of a line that lists removed messages. */
const MAX_SET = 8000;

/** `SELECT` and `EXAMINE` */
export async function select(
  session: ImapSession,
  args: Cursor,
  isReadOnly: boolean,
): Promise<CommandResult> {
  args.space();
  const name = session.mailboxName(args);
  const resync = await parseParameters(session, args);
  const { connection } = session;
  if (session.view !== undefined) {
    session.view = undefined;
    await connection.line("* OK [CLOSED] the mailbox before is closed");
  }
  const folder = await session.folder(name);
  const listing = await folder.list();
  const view = new MailboxView(folder, isReadOnly, listing);
  const { messages, uidNext, highestModseq, takesKeywords } = listing;
  const keywords = new Set(messages.flatMap(({ flags }) => keywordsOf(flags)));
  const flags = [...SYSTEM_FLAGS, ...keywords].join(" ");
  await connection.line(`* FLAGS (${flags})`);
  await connection.line(
    `* OK [PERMANENTFLAGS (${
      isReadOnly ? "" : flags + (takesKeywords ? " \\*" : "")
    })] may be changed`,
  );
  await connection.line(`* ${messages.length} EXISTS`);
  if (!session.enabled.has("IMAP4REV2")) {
    await connection.line("* 0 RECENT");
    const unseen = messages.findIndex((message) => !message.flags.has("\\Seen"));
    if (unseen >= 0) {
      await connection.line(`* OK [UNSEEN ${unseen + 1}] the first that is not read`);
    }
  }
  await connection.line(`* OK [UIDVALIDITY ${folder.uidValidity}] identifiers are valid`);
  await connection.line(`* OK [UIDNEXT ${uidNext}] the next identifier`);
  await connection.line(`* OK [HIGHESTMODSEQ ${highestModseq}] the last change`);
  if (session.enabled.has("IMAP4REV2")) {
    const out = new ResponseWriter().add('LIST () "/" ');
    await connection.untagged(session.addName(out, name).pieces);
  }
  if (resync?.uidValidity === folder.uidValidity) await reportSince(session, view, resync);
  session.view = view;
  return isReadOnly
    ? { status: "OK", text: "[READ-ONLY] selected" }
    : { status: "OK", text: "[READ-WRITE] selected" };
}

function keywordsOf(flags: ReadonlySet<string>): string[] {
  return [...flags].filter((flag) => !flag.startsWith("\\"));
}

/** `(CONDSTORE)` and `(QRESYNC (...))` */
async function parseParameters(session: ImapSession, args: Cursor): Promise<Resync | undefined> {
  let resync: Resync | undefined;
  if (!args.atEnd) {
    args.space();
    args.expect("(");
    for (args.spaces(); !args.skip(")"); args.spaces()) {
      const word = args.atom().toUpperCase();
      if (word === "CONDSTORE") await session.useModseq();
      else if (word === "QRESYNC") resync = parseResync(session, args);
      else throw new Refusal("BAD", `unknown parameter ${word.slice(0, 50)}`);
    }
  }
  if (!args.atEnd) args.fail("too many arguments");
  return resync;
}

function parseResync(session: ImapSession, args: Cursor): Resync {
  if (!session.enabled.has("QRESYNC")) throw new Refusal("BAD", "enable QRESYNC first");
  args.space();
  args.expect("(");
  const uidValidity = args.number();
  args.space();
  const modseq = Number(args.bigNumber());
  args.spaces();
  let uids: NumberSet | undefined;
  if (args.next !== "(" && args.next !== ")") {
    uids = parseNumberSet(args);
    args.spaces();
  }
  // Pairs of places and identifiers: they would only make the list of removed messages shorter.
  if (args.next === "(") args.value();
  args.expect(")");
  return { uidValidity, modseq, uids };
}

/** Reports the changes since an earlier session (RFC 7162 §3.2.5). */
async function reportSince(session: ImapSession, view: MailboxView, resync: Resync): Promise<void> {
  await reportVanished(session, view, resync.uids);
  for (const [place, message] of view.messages.entries()) {
    if (message.modseq > resync.modseq) await session.reportFlags(place, message, true);
  }
}

/**
 * Reports messages that a client may know and that are gone.
 *
 * @param session The session.
 * @param view The mailbox.
 * @param known Identifiers that the client knows; all so far if absent.
 */
export async function reportVanished(
  session: ImapSession,
  view: MailboxView,
  known: NumberSet | undefined,
): Promise<void> {
  const last = view.listing.uidNext - 1;
  const ranges = known === undefined || known === "$" ? [[1, last] as const] : known;
  const gone: string[] = [];
  for (const [from, to] of ranges) gone.push(...gaps(view.messages, from, Math.min(to, last)));
  for (let at = 0; at < gone.length;) {
    let line = gone[at++]!;
    while (at < gone.length && line.length < MAX_SET) line += `,${gone[at++]}`;
    await session.connection.line(`* VANISHED (EARLIER) ${line}`);
  }
}

/** Ranges of numbers without a message. */
function gaps(messages: readonly ListedMessage[], from: number, to: number): string[] {
  const found: string[] = [];
  const add = (low: number, high: number) => {
    if (low <= high) found.push(low === high ? `${low}` : `${low}:${high}`);
  };
  let next = from;
  for (const { uid } of messages) {
    if (uid < next) continue;
    if (uid > to) break;
    add(next, uid - 1);
    next = uid + 1;
  }
  add(next, to);
  return found;
}

/** `CLOSE` */
export async function close(session: ImapSession): Promise<CommandResult> {
  const { folder, isReadOnly, messages } = session.selected;
  if (!isReadOnly) {
    // Messages that the client cannot know stay.
    const known = new Set(messages.map(({ uid }) => uid));
    await removeMessages(session, folder, (await deleted(folder)).filter((uid) => known.has(uid)));
  }
  session.view = undefined;
  return { status: "OK", text: "closed" };
}

/** `UNSELECT` */
export function unselect(session: ImapSession): CommandResult {
  session.view = undefined;
  return { status: "OK", text: "closed" };
}

/** `EXPUNGE` and `UID EXPUNGE` */
export async function expunge(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
): Promise<CommandResult> {
  const view = session.writable;
  let uids = await deleted(view.folder);
  if (isUid) {
    args.space();
    const places = placesOf(parseNumberSet(args), view, true)!;
    const requested = new Set(places.map((place) => view.messages[place]!.uid));
    uids = uids.filter((uid) => requested.has(uid));
  }
  if (!args.atEnd) args.fail("too many arguments");
  await removeMessages(session, view.folder, uids);
  await session.report(true, isUid);
  const code = session.enabled.has("QRESYNC")
    ? `[HIGHESTMODSEQ ${view.listing.highestModseq}] `
    : "";
  return { status: "OK", text: `${code}removed` };
}

async function removeMessages(
  session: ImapSession,
  folder: MailFolder,
  uids: readonly number[],
): Promise<void> {
  await folder.remove(uids);
  session.counts.removed += uids.length;
}

/** Identifiers of messages with the flag \Deleted. */
async function deleted(folder: MailFolder): Promise<number[]> {
  const { messages } = await folder.list();
  return messages.filter(({ flags }) => flags.has("\\Deleted")).map(({ uid }) => uid);
}
