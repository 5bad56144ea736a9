/**
 * The capabilities of the server (RFC 9051 §6.1.1).
 *
 * @module
 */

import type { ImapSession } from "./session.ts";

/** Largest message that a client may put in, unless the options say otherwise, in bytes. */
export const DEFAULT_MESSAGE_BYTES = 26_214_400;

/** Offered before the login as well. */
const ALWAYS = [
  "IMAP4rev1",
  "IMAP4rev2",
  "LITERAL+",
  "SASL-IR",
  "ID",
  "ENABLE",
  "IDLE",
];
/** Offered after the login. */
const AFTER_LOGIN = [
  "NAMESPACE",
  "UNSELECT",
  "UIDPLUS",
  "MOVE",
  "CHILDREN",
  "LIST-EXTENDED",
  "LIST-STATUS",
  "SPECIAL-USE",
  "STATUS=SIZE",
  "ESEARCH",
  "SEARCHRES",
  "WITHIN",
  "SORT",
  "THREAD=ORDEREDSUBJECT",
  "THREAD=REFERENCES",
  "CONDSTORE",
  "QRESYNC",
  "MULTIAPPEND",
  "BINARY",
  "UTF8=ACCEPT",
  "UNAUTHENTICATE",
];

/**
 * Lists the current capabilities.
 *
 * @param session The session.
 * @returns The words.
 */
export async function capabilitiesOf(session: ImapSession): Promise<string> {
  const { options, connection } = session;
  if (session.user !== undefined) {
    return [
      ...ALWAYS,
      ...AFTER_LOGIN,
      `APPENDLIMIT=${maxMessageBytes(session)}`,
      ...connection.isCompressed ? [] : ["COMPRESS=DEFLATE"],
    ].join(" ");
  }
  // Loaded only when needed, for it is slow.
  const { offeredMechanisms } = await import("../../sasl/mod.ts");
  const mechanisms = offeredMechanisms(options.users, session.isConfidential);
  return [
    ...ALWAYS,
    ...options.tls !== undefined && !connection.isSecure ? ["STARTTLS"] : [],
    ...mechanisms.includes("PLAIN") ? [] : ["LOGINDISABLED"],
    ...mechanisms.map((mechanism) => `AUTH=${mechanism}`),
  ].join(" ");
}

/** Largest message that a client may put in, in bytes. */
export function maxMessageBytes({ options }: ImapSession): number {
  return options.maxMessageBytes ?? DEFAULT_MESSAGE_BYTES;
}
