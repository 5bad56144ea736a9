/**
 * A header: its fields in order, in written and in decoded form (RFC 5322 §2.2, RFC 6532, RFC 2045).
 *
 * @module
 */

import { fromLatin1, latin1 } from "../coding/bytes.ts";
import { type MailAddress, parseAddresses } from "./address.ts";
import { detectCharset } from "../coding/charset.ts";
import { type MailDate, parseMailDate } from "./date.ts";
import { decodeWords } from "./encoded_word.ts";
import { type ParameterizedField, parseParameters } from "./parameters.ts";

/** One field. */
export interface HeaderField {
  /** The name, as written. */
  readonly name: string;
  /** The value, unfolded, without white space around it; encoded words are not decoded. */
  readonly value: string;
}

/**
 * The header of a message or of a part.
 *
 * @example Read a header
 * ```ts
 * import { Header } from "@netwright/netwright/mime";
 * const header = Header.parse(new TextEncoder().encode("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n an alle\r\n"));
 * if (header.text("subject") !== "Grüße an alle") throw new Error("lost");
 * ```
 */
export class Header {
  /** The fields in order. */
  readonly fields: readonly HeaderField[];
  /** The bytes that were read, with their line breaks; empty if it was made of fields. */
  readonly bytes: Uint8Array;
  readonly #first = new Map<string, string>();
  /** Fields that occur twice with different meanings. */
  readonly #contradicted = new Set<string>();
  #contentType: ParameterizedField | undefined;
  #disposition: ParameterizedField | undefined;

  /**
   * Makes a header.
   * @param fields The fields in order.
   * @param bytes The original bytes.
   */
  constructor(fields: readonly HeaderField[], bytes: Uint8Array = new Uint8Array(0)) {
    this.fields = fields;
    this.bytes = bytes;
    for (const { name, value } of fields) {
      const key = name.toLowerCase();
      const first = this.#first.get(key);
      if (first === undefined) this.#first.set(key, value);
      else if (first !== value && SINGLE.has(key)) this.#contradicted.add(key);
    }
  }

  /**
   * Reads the lines of a header.
   * @param bytes The lines, each with CRLF or LF; without the empty line, or with it. Malformed lines are left out.
   * @returns The header.
   */
  static parse(bytes: Uint8Array): Header {
    return new Header(parseFields(bytes), bytes);
  }

  /**
   * Returns a field as written.
   * @param name The name, in any case.
   * @returns The value of the first of this name, unfolded; undefined if there is none.
   */
  get(name: string): string | undefined {
    return this.#first.get(name.toLowerCase());
  }

  /**
   * Gives all fields of a name.
   * @param name The name, in any case.
   * @returns Their values in order.
   */
  all(name: string): string[] {
    const key = name.toLowerCase();
    return this.fields.filter((field) => field.name.toLowerCase() === key).map(({ value }) =>
      value
    );
  }

  /**
   * Gives a field of text, such as Subject, as its writer meant it.
   * @param name The name, in any case.
   * @returns The text of the first of this name, on one line; undefined if there is none.
   */
  text(name: string): string | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : decodeWords(value);
  }

  /**
   * Returns the addresses of a field, such as To. If it occurs more than once, those of all count.
   * @param name The name, in any case.
   * @returns The addresses in order; none if there is no such field.
   */
  addresses(name: string): MailAddress[] {
    return this.all(name).flatMap((value) => parseAddresses(value).addresses);
  }

  /**
   * Gives the message identifiers of a field, such as References.
   * @param name The name, in any case.
   * @returns The identifiers with their angle brackets.
   */
  messageIds(name: string): string[] {
    return this.all(name).flatMap((value) => value.match(/<[^<>\s]{1,996}>/g) ?? []);
  }

  /**
   * Gives when the message was written.
   * @returns The moment and the writer's zone; undefined if it does not say, or says it badly.
   */
  get date(): MailDate | undefined {
    const value = this.get("date");
    return value === undefined ? undefined : parseMailDate(value);
  }

  /** The type of the content: `text/plain` without parameters if the field is missing or malformed. */
  get contentType(): ParameterizedField {
    return this.#contentType ??= this.#readContentType();
  }

  /** How the content is to be shown: value `inline`, `attachment` or another; empty if it does not say. */
  get disposition(): ParameterizedField {
    return this.#disposition ??= parseParameters(this.get("content-disposition") ?? "");
  }

  /** The content transfer encoding in lower case; `7bit` if it does not say. */
  get transferEncoding(): string {
    const value = this.get("content-transfer-encoding");
    return value === undefined ? "7bit" : parseParameters(value).value || "7bit";
  }

  /** The name of the file that is carried, as its sender wrote it: no name for a file of yours before it was checked. */
  get fileName(): string | undefined {
    const name = this.disposition.parameters.get("filename") ??
      this.contentType.parameters.get("name");
    return name === "" ? undefined : name;
  }

  /** Defects of the fields that describe the content, in a few words each. */
  get defects(): string[] {
    const defects = [...this.contentType.defects, ...this.disposition.defects];
    for (const name of this.#contradicted) defects.push(`${name} occurs more than once`);
    if (/\r(?!\n)|\0/.test(latin1(this.bytes))) {
      defects.push("a CR by itself or NUL in a field");
    }
    return defects;
  }

  #readContentType(): ParameterizedField {
    const value = this.get("content-type");
    if (value === undefined) return PLAIN_TEXT;
    const field = parseParameters(value);
    if (TYPE.test(field.value)) return field;
    // RFC 2045 §5.2: malformed types count as plain text.
    return {
      ...field,
      value: "text/plain",
      defects: [...field.defects, "a content type that is none"],
    };
  }
}

/** Fields of which one alone can count. */
const SINGLE = new Set([
  "content-type",
  "content-transfer-encoding",
  "content-disposition",
  "mime-version",
  // RFC 5322 §3.6: two readers may show two.
  ...["from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date"],
  ...["message-id", "in-reply-to", "references"],
]);
const TYPE = /^[^\s/]+\/[^\s/]+$/;
const PLAIN_TEXT: ParameterizedField = { value: "text/plain", parameters: new Map(), defects: [] };

function parseFields(bytes: Uint8Array): HeaderField[] {
  const text = latin1(bytes);
  const fields: HeaderField[] = [];
  for (let start = text.startsWith(BOM) ? BOM.length : 0; start < text.length;) {
    let end = lineEnd(text, start);
    const first = end;
    while (end < text.length && (isBlank(text.charCodeAt(end)) || isLostParameter(text, end))) {
      end = lineEnd(text, end);
    }
    const colon = text.indexOf(":", start);
    const name = colon < 0 || colon >= first ? "" : text.slice(start, colon).trimEnd();
    if (name !== "" && /^[!-9;-~]+$/.test(name)) {
      const raw = text.slice(colon + 1, end);
      const value = first === end ? trimmed(raw) : unfold(raw);
      fields.push({ name, value: asText(value.replaceAll(/[\r\n\0]/g, " ")) });
    }
    start = end;
  }
  return fields;
}

/** Whether a line is a parameter of the one before it, which lacks its indentation. */
function isLostParameter(text: string, at: number): boolean {
  LOST_PARAMETER.lastIndex = at;
  return LOST_PARAMETER.test(text) && /;[ \t]*\r?\n$/.test(text.slice(Math.max(0, at - 20), at));
}

/** The byte order mark of UTF-8. */
const BOM = "\xef\xbb\xbf";
const LOST_PARAMETER = /[\w*-]{1,60}=[^:\n]*\n/y;

/** Where the line after the one at a place begins. */
function lineEnd(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found + 1;
}

function unfold(raw: string): string {
  return trimmed(raw.replace(/\r?\n(?=[ \t])/g, "").replace(/\r?\n(?=[\w*-]+=)/g, " "));
}

/** Takes white space of ASCII away, and no other: a byte of 160 may be the end of a character. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/** Characters of 8 bits are UTF-8 (RFC 6532), or what old mail has. */
function asText(latin1: string): string {
  // An escape may begin Japanese text without a charset label.
  if (!/[^\x00-\x1a\x1c-\x7f]/.test(latin1)) return latin1;
  return detectCharset(fromLatin1(latin1));
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
