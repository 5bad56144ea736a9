/**
 * Small commands: CAPABILITY, ID, ENABLE, NAMESPACE, NOOP (RFC 9051 §6.1, RFC 2342, RFC 2971, RFC 5161).
 *
 * @module
 */

import type { Cursor } from "../codec/cursor.ts";
import { capabilitiesOf } from "../server/capabilities.ts";
import type { CommandResult, Extension, ImapSession } from "../server/session.ts";

/** `CAPABILITY` */
export async function capability(session: ImapSession): Promise<CommandResult> {
  await session.connection.line(`* CAPABILITY ${await capabilitiesOf(session)}`);
  return { status: "OK", text: "listed" };
}

/** `ID` */
export async function id(session: ImapSession, args: Cursor): Promise<CommandResult> {
  args.space();
  // The client's programs and versions; nothing here depends on them.
  args.value();
  await session.connection.line('* ID ("name" "Netwright")');
  return { status: "OK", text: "done" };
}

const EXTENSIONS: readonly Extension[] = ["CONDSTORE", "QRESYNC", "IMAP4REV2", "UTF8=ACCEPT"];

/** `ENABLE` */
export async function enable(session: ImapSession, args: Cursor): Promise<CommandResult> {
  const enabled: string[] = [];
  do {
    args.space();
    const word = args.atom();
    const extension = EXTENSIONS.find((known) => known === word.toUpperCase());
    if (extension === undefined || session.enabled.has(extension)) continue;
    if (extension === "QRESYNC") session.enabled.add("CONDSTORE");
    session.enabled.add(extension);
    enabled.push(extension === "IMAP4REV2" ? "IMAP4rev2" : extension);
  } while (!args.atEnd);
  await session.connection.line(["* ENABLED", ...enabled].join(" "));
  return { status: "OK", text: "done" };
}

/** `NAMESPACE` */
export async function namespace(session: ImapSession): Promise<CommandResult> {
  await session.connection.line('* NAMESPACE (("" "/")) NIL NIL');
  return { status: "OK", text: "listed" };
}

/** `NOOP` and `CHECK`: changes are reported after every command. */
export function noop(): CommandResult {
  return { status: "OK", text: "done" };
}
