/**
 * What FETCH says of a message (RFC 9051 §7.5.2, RFC 7162, RFC 8474, RFC 3516, Gmail's extensions).
 *
 * @module
 */

import { type ImapPart, toBodyStructure } from "./body_structure.ts";
import type { Cursor } from "./cursor.ts";
import { parseDateTime } from "./date.ts";
import { type ImapEnvelope, toEnvelope } from "./envelope.ts";

/** A part of a body. */
export interface FetchedSection {
  /** The name of the section in upper case: `1.2`, `HEADER`, `TEXT`, or empty for the whole message. */
  readonly section: string;
  /** Where it begins, in bytes; undefined if it is whole. */
  readonly origin: number | undefined;
  /** The bytes; null if the server says `NIL`. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** Whether its transfer encoding is undone (RFC 3516). */
  readonly isDecoded: boolean;
}

/** Gmail's own identifiers. */
export interface GmailData {
  /** `X-GM-MSGID`: the same for a message in all mailboxes. */
  readonly messageId?: bigint;
  /** `X-GM-THRID`: the conversation. */
  readonly threadId?: bigint;
  /** `X-GM-LABELS`: the other mailboxes that have it. */
  readonly labels?: readonly string[];
}

/** Items of one message; those that were not sent are absent, those that are malformed are undefined. */
export interface FetchData {
  /** Its number in the mailbox, from 1. */
  readonly number: number;
  /** Its unique identifier. */
  uid?: number;
  /** Its flags. */
  flags?: readonly string[];
  /** When the server received it. */
  internalDate?: Date | undefined;
  /** Its size in bytes. */
  size?: number;
  /** Its modification sequence (RFC 7162). */
  modseq?: bigint;
  /** Fields of its header. */
  envelope?: ImapEnvelope | undefined;
  /** Its parts. */
  structure?: ImapPart | undefined;
  /** Parts of its body. */
  sections?: FetchedSection[];
  /** Sizes of decoded parts by their paths (RFC 3516). */
  binarySizes?: Map<string, number>;
  /** An identifier that stays the same when it is copied or moved (RFC 8474). */
  emailId?: string;
  /** The identifier of its conversation (RFC 8474). */
  threadId?: string;
  /** The beginning of its text (RFC 8970). */
  preview?: string;
  /** Gmail's own identifiers. */
  gmail?: GmailData;
}

/**
 * Reads the items in parentheses.
 *
 * @param cursor At the parenthesis.
 * @param number The number of the message.
 * @returns The items.
 */
export function readFetch(cursor: Cursor, number: number): FetchData {
  const data: FetchData = { number };
  cursor.expect("(");
  while (true) {
    cursor.spaces();
    if (cursor.skip(")")) return data;
    const { name, section, origin } = cursor.fetchItem();
    cursor.spaces();
    if (section === undefined) readItem(cursor, name, data);
    else if (name === "BINARY.SIZE") {
      (data.binarySizes ??= new Map()).set(section, cursor.number());
    } else {
      (data.sections ??= []).push({
        section,
        origin,
        bytes: cursor.bytes(),
        isDecoded: name === "BINARY",
      });
    }
  }
}

function readItem(cursor: Cursor, name: string, data: FetchData): void {
  switch (name) {
    case "UID": {
      // Some servers have messages with the identifier 0, which no command takes.
      const uid = cursor.number();
      if (uid > 0xffff_ffff) cursor.fail("an identifier is too large");
      if (uid > 0) data.uid = uid;
      return;
    }
    case "FLAGS":
      data.flags = cursor.words();
      return;
    case "INTERNALDATE":
      data.internalDate = parseDateTime(cursor.text() ?? "");
      return;
    case "RFC822.SIZE":
      data.size = cursor.number();
      return;
    case "MODSEQ":
      cursor.expect("(");
      data.modseq = cursor.bigNumber();
      cursor.expect(")");
      return;
    case "ENVELOPE":
      data.envelope = toEnvelope(cursor.value());
      return;
    case "BODYSTRUCTURE":
    case "BODY":
      data.structure = toBodyStructure(cursor.value());
      return;
    case "RFC822":
    case "RFC822.HEADER":
    case "RFC822.TEXT": {
      const section = name === "RFC822" ? "" : name.slice(7);
      const bytes = cursor.bytes();
      (data.sections ??= []).push({ section, origin: undefined, bytes, isDecoded: false });
      return;
    }
  }
  readExtension(cursor, name, data);
}

function readExtension(cursor: Cursor, name: string, data: FetchData): void {
  switch (name) {
    case "EMAILID":
    case "THREADID": {
      const value = cursor.value();
      const id = Array.isArray(value) ? value[0] as unknown : value;
      if (typeof id !== "string") return;
      if (name === "EMAILID") data.emailId = id;
      else data.threadId = id;
      return;
    }
    case "PREVIEW": {
      const preview = cursor.text();
      if (preview !== null) data.preview = preview;
      return;
    }
    case "X-GM-MSGID":
      data.gmail = { ...data.gmail, messageId: cursor.bigNumber() };
      return;
    case "X-GM-THRID":
      data.gmail = { ...data.gmail, threadId: cursor.bigNumber() };
      return;
    case "X-GM-LABELS": {
      const labels = cursor.value();
      data.gmail = {
        ...data.gmail,
        labels: Array.isArray(labels)
          ? labels.filter((label): label is string => typeof label === "string")
          : [],
      };
      return;
    }
  }
  // An item of an extension that we do not know.
  cursor.value();
}
