/**
 * Writes a field by the grammar of its name: addresses, identifiers and lists of URLs cannot be
 * encoded (RFC 2047 §5).
 *
 * @module
 */

import { escapeControls, InjectionError, ProtocolError } from "../../net/mod.ts";
import { mailboxesOf, parseAddresses } from "./address.ts";
import { parseMailDate } from "./date.ts";
import { encodeWords } from "./encoded_word.ts";
import { formatAddresses } from "./format_addresses.ts";
import { type FieldOptions, formatField, formatTextField } from "./format_field.ts";

const ADDRESSES =
  /^(?:(?:resent-)?(?:from|sender|to|cc|bcc|reply-to)|return-receipt-to|disposition-notification-to|errors-to|mail-followup-to|mail-reply-to|delivered-to|x-original-to|envelope-to)$/i;
const IDENTIFIERS = /^(?:(?:resent-)?message-id|in-reply-to|references|content-id|supersedes)$/i;
/** Fields of tokens, identifiers, dates and URLs: ASCII, and never encoded. */
const STRUCTURED =
  /^(?:(?:resent-)?date|content-(?!description$).*|mime-version|list-(?!id$).*|auto-submitted|precedence|importance|received|return-path|original-.*|dkim-signature|authentication-results|arc-.*|autocrypt|feedback-id|archived-at|expires|message-context|require-recipient-valid-since|tls-required)$/i;

/**
 * Writes a field.
 *
 * @param name The field's name.
 * @param text Its value on one line: addresses, or tokens, or text, as the name says.
 * @param options Whether UTF-8 is allowed.
 * @returns The field's lines with CRLF.
 * @throws {InjectionError} If the name is none, or the text holds CR, LF or NUL, or is not of ASCII where it must be.
 * @throws {ProtocolError} If it is not a list of addresses, an identifier or a date where it must be one.
 * @throws {LimitError} If a word is longer than a line may be.
 *
 * @example An address with a name of other letters
 * ```ts
 * import { formatHeader } from "./format_header.ts";
 * const field = formatHeader("Reply-To", "Jörg <j@example.org>");
 * if (!field.endsWith("<j@example.org>\r\n")) throw new Error(field);
 * ```
 */
export function formatHeader(name: string, text: string, options: FieldOptions = {}): string {
  if (/[\r\n\0]/.test(text)) {
    throw new InjectionError(`the text of ${name} holds CR, LF or NUL`, {
      operation: "write a field",
    });
  }
  const refuse = (reason: string): ProtocolError =>
    new ProtocolError(`${reason}: "${escapeControls(text, { maxLength: 200 })}"`, {
      operation: `write the field ${name}`,
    });
  if (ADDRESSES.test(name)) {
    const { addresses } = parseAddresses(text, { strict: true });
    if (addresses.length === 0) throw refuse("no address");
    return formatField(name, formatAddresses(addresses, options));
  }
  if (/^list-id$/i.test(name)) return formatListId(name, text, options);
  const isStructured = STRUCTURED.test(name) || IDENTIFIERS.test(name);
  if (!isStructured) return formatTextField(name, text, options);
  if (!(options.utf8 ?? false) && /[^\x20-\x7e\t]/.test(text)) {
    throw new InjectionError(`the field ${name} may hold ASCII only`, {
      operation: "write a field",
    });
  }
  // White space within quotes and angle brackets stays.
  const words = text.match(/(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^ \t])+/g) ?? [];
  if (IDENTIFIERS.test(name) && !(words.length > 0 && words.every((word) => ID.test(word)))) {
    throw refuse("no identifier in angle brackets");
  }
  if (/^(?:resent-)?date$/i.test(name) && parseMailDate(text) === undefined) {
    throw refuse("no date");
  }
  return formatField(name, words);
}

const ID = /^<[^<>\s]+>$/;

/** A phrase and an identifier in angle brackets (RFC 2919 §3). */
function formatListId(name: string, text: string, options: FieldOptions): string {
  const [, phrase = "", id] = /^([^<>]*)(<[!-;=?-~]+>)$/.exec(text) ?? [];
  if (id === undefined) return formatTextField(name, text, options);
  const shown = phrase.trim();
  const isPlain = options.utf8 === true || /^[\x20-\x7e]*$/.test(shown);
  return formatField(
    name,
    [...(isPlain ? shown.split(/ +/) : encodeWords(shown)), id]
      .filter((piece) => piece !== ""),
  );
}

/**
 * Whether a field cannot be written in ASCII: an address in it has a local part of other letters.
 *
 * @param name The field's name.
 * @param text Its value.
 * @returns Whether it needs a header of UTF-8 (RFC 6532).
 */
export function needsUtf8Header(name: string, text: string): boolean {
  return ADDRESSES.test(name) && mailboxesOf(parseAddresses(text).addresses)
    .some(({ address }) => /[^\x00-\x7f].*@/.test(address));
}

/** Fields that a message may have once only, in lower case (RFC 5322 §3.6, RFC 2045 §3). */
export const SINGLE_FIELDS: ReadonlySet<string> = new Set([
  ...["date", "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to"],
  ...["references", "subject", "mime-version", "content-type", "content-transfer-encoding"],
  ...["content-disposition", "content-id", "content-description"],
]);

/** Fields that say how the content is written: only who writes it knows them. */
export const CONTENT_FIELDS: ReadonlySet<string> = new Set([
  "mime-version",
  "content-type",
  "content-transfer-encoding",
]);

/**
 * Writes several fields; of one that is allowed once only, the last counts.
 *
 * @param fields Names and values.
 * @param options Whether UTF-8 is allowed; by default if an address needs it.
 * @returns The fields' lines with CRLF, in their order.
 * @throws As {@link formatHeader}.
 */
export function formatHeaders(
  fields: readonly (readonly [name: string, text: string])[],
  options: FieldOptions = { utf8: fields.some(([name, text]) => needsUtf8Header(name, text)) },
): string {
  const last = new Map(fields.map(([name], index) => [name.toLowerCase(), index]));
  return fields.filter(([name], index) => {
    const key = name.toLowerCase();
    return !SINGLE_FIELDS.has(key) || last.get(key) === index;
  }).map(([name, text]) => formatHeader(name, text, options)).join("");
}
