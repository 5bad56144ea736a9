/**
 * Mailboxes are made, renamed, removed and subscribed to (RFC 9051 §6.3.4 to §6.3.8).
 *
 * @module
 */

import type { Cursor } from "../codec/cursor.ts";
import { type CommandResult, type ImapSession, Refusal } from "../server/session.ts";
import { MailboxView } from "../server/view.ts";

/** `CREATE` */
export async function create(session: ImapSession, args: Cursor): Promise<CommandResult> {
  const name = onlyName(session, args);
  if (name === "INBOX") throw new Refusal("NO", "[ALREADYEXISTS] INBOX is there already");
  await session.mail.create(name);
  return { status: "OK", text: "made" };
}

/** `DELETE` */
export async function remove(session: ImapSession, args: Cursor): Promise<CommandResult> {
  const name = onlyName(session, args);
  // A name that is only above others cannot be removed.
  const names = await session.mail.folders();
  if (!names.includes(name) && names.some((other) => other.startsWith(`${name}/`))) {
    throw new Refusal("NO", "[HASCHILDREN] there are mailboxes below it");
  }
  const isSelected = session.view?.folder.name === name;
  await session.mail.delete(name);
  if (isSelected) session.view = undefined;
  return { status: "OK", text: "removed" };
}

/** `RENAME` */
export async function rename(session: ImapSession, args: Cursor): Promise<CommandResult> {
  args.space();
  const from = session.mailboxName(args);
  const to = onlyName(session, args);
  const { mail, view } = session;
  if (from === "INBOX") {
    // All its messages move, and it stays (RFC 9051 §6.3.6).
    const [inbox, made] = [(await mail.folder("INBOX"))!, await mail.create(to)];
    await inbox.move((await inbox.list()).messages.map(({ uid }) => uid), made);
    return { status: "OK", text: "moved" };
  }
  if (to === from || to.startsWith(`${from}/`)) {
    throw new Refusal("NO", "[CANNOT] a mailbox cannot be moved into itself");
  }
  const selected = view?.folder.name;
  await mail.rename(from, to);
  if (selected !== undefined && (selected === from || selected.startsWith(`${from}/`))) {
    const folder = await session.folder(to + selected.slice(from.length));
    session.view = new MailboxView(folder, view!.isReadOnly, view!.listing);
  }
  return { status: "OK", text: "renamed" };
}

/** `SUBSCRIBE` */
export async function subscribe(session: ImapSession, args: Cursor): Promise<CommandResult> {
  await session.mail.subscribe(onlyName(session, args), true);
  return { status: "OK", text: "subscribed" };
}

/** `UNSUBSCRIBE` */
export async function unsubscribe(session: ImapSession, args: Cursor): Promise<CommandResult> {
  await session.mail.subscribe(onlyName(session, args), false);
  return { status: "OK", text: "unsubscribed" };
}

/** The name that is the last argument. */
function onlyName(session: ImapSession, args: Cursor): string {
  args.space();
  const name = session.mailboxName(args);
  args.spaces();
  // The use of a mailbox (RFC 6154 §3) follows from its name here.
  if (args.next === "(") args.value();
  if (!args.atEnd) args.fail("too many arguments");
  return name;
}
