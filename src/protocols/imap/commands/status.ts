/**
 * Numbers of a mailbox that is not selected: STATUS (RFC 9051 §6.3.11, RFC 7162, RFC 8438).
 *
 * @module
 */

import type { ListedMessage } from "../../../stores/mod.ts";
import type { Cursor } from "../codec/cursor.ts";
import { ResponseWriter } from "../codec/response_writer.ts";
import { maxMessageBytes } from "../server/capabilities.ts";
import type { CommandResult, ImapSession } from "../server/session.ts";

const ITEMS = [
  "MESSAGES",
  "RECENT",
  "UIDNEXT",
  "UIDVALIDITY",
  "UNSEEN",
  "DELETED",
  "SIZE",
  "HIGHESTMODSEQ",
  "APPENDLIMIT",
] as const;

/** An item of STATUS. */
export type StatusItem = typeof ITEMS[number];

/**
 * Reads the items.
 *
 * @param args At the list.
 * @returns The items.
 * @throws {ProtocolError} If one is unknown.
 */
export function parseStatusItems(args: Cursor): readonly StatusItem[] {
  const words = args.words();
  if (words.length === 0) args.fail("STATUS takes items");
  return words.map((word) => {
    const item = ITEMS.find((known) => known === word.toUpperCase());
    return item ?? args.fail(`unknown item ${word.slice(0, 50)}`);
  });
}

/** `STATUS` */
export async function status(session: ImapSession, args: Cursor): Promise<CommandResult> {
  args.space();
  const name = session.mailboxName(args);
  args.space();
  const items = parseStatusItems(args);
  if (!args.atEnd) args.fail("too many arguments");
  if (items.includes("HIGHESTMODSEQ")) await session.useModseq();
  // A mailbox that is not there is a mistake; in a list it has just been removed.
  await session.folder(name);
  await reportStatus(session, name, items);
  return { status: "OK", text: "done" };
}

/**
 * Sends the numbers of a mailbox; nothing if there is none.
 *
 * @param session The session.
 * @param name The mailbox.
 * @param items The numbers.
 */
export async function reportStatus(
  session: ImapSession,
  name: string,
  items: readonly StatusItem[],
): Promise<void> {
  const folder = await session.mail.folder(name);
  if (folder === undefined) return;
  const { messages, uidNext, highestModseq } = await folder.list();
  const count = (is: (message: ListedMessage) => boolean) => messages.filter(is).length;
  const size = async () => {
    const sizes = (await folder.describe()).map(({ sizeBytes }) => sizeBytes);
    return sizes.reduce((sum, bytes) => sum + bytes, 0);
  };
  const values: Record<StatusItem, () => number | Promise<number>> = {
    MESSAGES: () => messages.length,
    RECENT: () => 0,
    UIDNEXT: () => uidNext,
    UIDVALIDITY: () => folder.uidValidity,
    UNSEEN: () => count(({ flags }) => !flags.has("\\Seen")),
    DELETED: () => count(({ flags }) => flags.has("\\Deleted")),
    SIZE: size,
    HIGHESTMODSEQ: () => highestModseq,
    APPENDLIMIT: () => maxMessageBytes(session),
  };
  const out = new ResponseWriter().add("STATUS ");
  session.addName(out, name).add(" (");
  for (const [index, item] of [...new Set(items)].entries()) {
    out.add(`${index === 0 ? "" : " "}${item} ${await values[item]()}`);
  }
  await session.connection.untagged(out.add(")").pieces);
}
