/**
 * Envelopes and structures as a server writes them (RFC 9051 §7.5.2).
 *
 * @module
 */

import {
  encodeWords,
  type Header,
  type MailAddress,
  type Mailbox,
  type ParameterizedField,
} from "../../../mime/mod.ts";
import { trimBlanks } from "../../../net/internal.ts";
import { ResponseWriter } from "../codec/response_writer.ts";
import { isMessage, type MessagePart } from "./structure.ts";

/** Most addresses of one field. */
const MAX_ADDRESSES = 1000;

/**
 * Writes an envelope.
 *
 * @param header The header of the message.
 * @param out Where it is written.
 */
export function writeEnvelope(header: Header, out: ResponseWriter): void {
  out.add("(").string(header.get("date")).add(" ").string(header.get("subject")).add(" ");
  const from = header.addresses("from");
  const written = new ResponseWriter();
  writeAddresses(from, written);
  out.append(written);
  for (const name of ["sender", "reply-to"]) {
    const own = header.addresses(name);
    out.add(" ");
    if (own.length === 0) out.append(written);
    else writeAddresses(own, out);
  }
  for (const name of ["to", "cc", "bcc"]) {
    out.add(" ");
    writeAddresses(header.addresses(name), out);
  }
  out.add(" ").string(header.get("in-reply-to")).add(" ").string(header.get("message-id")).add(")");
}

function writeAddresses(addresses: readonly MailAddress[], out: ResponseWriter): void {
  if (addresses.length === 0) return void out.add("NIL");
  out.add("(");
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    if (!("group" in address)) writeMailbox(address, out);
    else {
      out.add("(NIL NIL ").string(asWords(address.group)).add(" NIL)");
      for (const member of address.members.slice(0, MAX_ADDRESSES)) writeMailbox(member, out);
      out.add("(NIL NIL NIL NIL)");
    }
  }
  out.add(")");
}

function writeMailbox({ name, address }: Mailbox, out: ResponseWriter): void {
  const at = address.lastIndexOf("@");
  const local = at < 0 ? address : address.slice(0, at);
  // Without a domain it would be a group.
  const domain = at < 0 ? "" : address.slice(at + 1);
  const plain = /^".*"$/.test(local) ? local.slice(1, -1).replaceAll(/\\(.)/g, "$1") : local;
  out.add("(").string(asWords(name)).add(" NIL ").string(plain).add(" ").string(domain).add(")");
}

/** Encodes a name for a header. */
function asWords(name: string | undefined): string | undefined {
  return name === undefined || /^[\x20-\x7e]*$/.test(name) ? name : encodeWords(name).join(" ");
}

/**
 * Writes a structure.
 *
 * @param part The message, or a part of it.
 * @param bytes The whole message.
 * @param out Where it is written.
 * @param isExtended Whether the data of `BODYSTRUCTURE` are written that `BODY` leaves out.
 */
export function writeStructure(
  part: MessagePart,
  bytes: Uint8Array,
  out: ResponseWriter,
  isExtended: boolean,
): void {
  writePart(part, countLines(part, bytes), out, isExtended);
}

/** Number of lines before each place. */
type LineCounts = ReadonlyMap<number, number>;

function writePart(
  part: MessagePart,
  lines: LineCounts,
  out: ResponseWriter,
  isExtended: boolean,
): void {
  const { header } = part;
  out.add("(");
  if (part.parts.length > 0) {
    for (const inner of part.parts) writePart(inner, lines, out, isExtended);
    out.add(" ").string(part.type.slice("multipart/".length));
    if (isExtended) {
      out.add(" ");
      writeParameters(header.contentType, out);
      writeDisposition(header, out);
    }
    return void out.add(")");
  }
  const slash = part.type.indexOf("/");
  out.string(part.type.slice(0, slash)).add(" ").string(part.type.slice(slash + 1)).add(" ");
  // The default of a message without a type (RFC 2045 §5.2).
  if (header.get("content-type") === undefined && part.type === "text/plain") {
    out.strings(["charset", "us-ascii"]);
  } else writeParameters(header.contentType, out);
  out.add(" ").string(header.get("content-id")).add(" ")
    .string(header.get("content-description")).add(" ")
    .string(header.transferEncoding.toUpperCase()).add(` ${part.end - part.bodyStart}`);
  if (isMessage(part)) writeMessage(part, lines, out, isExtended);
  if (isMessage(part) || part.type.startsWith("text/")) {
    out.add(` ${lines.get(part.end)! - lines.get(part.bodyStart)!}`);
  }
  if (isExtended) {
    out.add(" ").string(header.get("content-md5"));
    writeDisposition(header, out);
  }
  out.add(")");
}

/** Envelope and structure of the message inside. */
function writeMessage(
  { message, header }: MessagePart,
  lines: LineCounts,
  out: ResponseWriter,
  isExtended: boolean,
): void {
  out.add(" ");
  if (message === undefined) {
    // It is encoded, which it should not be: nothing of it has a place.
    out.add("(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ");
    out.add(`("text" "plain" NIL NIL NIL `).string(header.transferEncoding.toUpperCase());
    return void out.add(" 0 0)");
  }
  writeEnvelope(message.header, out);
  out.add(" ");
  writePart(message, lines, out, isExtended);
}

/** Disposition, languages and location. */
function writeDisposition(header: Header, out: ResponseWriter): void {
  const { disposition } = header;
  out.add(" ");
  if (disposition.value === "") out.add("NIL");
  else {
    out.add("(").string(disposition.value).add(" ");
    writeParameters(disposition, out);
    out.add(")");
  }
  const languages = (header.get("content-language") ?? "").split(",").map(trimBlanks)
    .filter((tag) => tag !== "");
  out.add(" ").strings(languages.slice(0, 100)).add(" ").string(header.get("content-location"));
}

function writeParameters({ parameters }: ParameterizedField, out: ResponseWriter): void {
  const texts: string[] = [];
  for (const [name, text] of parameters) {
    if (name === "") continue;
    // A client that knows RFC 2231 decodes it; in quotes there is ASCII only.
    if (/^[\x20-\x7e]*$/.test(text)) texts.push(name, text);
    else texts.push(`${name}*`, `utf-8''${percentEncoded(text)}`);
  }
  out.strings(texts);
}

/** Encodes text as the value of an extended parameter (RFC 2231 §4). */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const LF = 10;

/** Counts the lines of all parts at once, however deep they are nested. */
function countLines(root: MessagePart, bytes: Uint8Array): LineCounts {
  const places = new Set<number>();
  const open = [root];
  for (let part; (part = open.pop()) !== undefined;) {
    places.add(part.bodyStart).add(part.end);
    for (const inner of part.parts) open.push(inner);
    if (part.message !== undefined) open.push(part.message);
  }
  const counts = new Map<number, number>();
  let lines = 0;
  let at = 0;
  for (const place of [...places].sort((one, other) => one - other)) {
    for (; at < place; at++) if (bytes[at] === LF) lines++;
    counts.set(place, lines);
  }
  return counts;
}
