/**
 * Writes a field by the grammar of its name: addresses, identifiers and lists of URLs are no text that could be
 * encoded (RFC 2047 §5).
 *
 * @module
 */

import { InjectionError } from "../net/mod.ts";
import { parseAddresses } from "./address.ts";
import { formatAddresses } from "./format_addresses.ts";
import { type FieldOptions, formatField, formatTextField } from "./format_field.ts";

const ADDRESSES =
  /^(?:(?:resent-)?(?:from|sender|to|cc|bcc|reply-to)|return-receipt-to|disposition-notification-to|errors-to|mail-followup-to|mail-reply-to)$/i;
/** Fields of tokens, identifiers, dates and URLs: ASCII, and never encoded. */
const STRUCTURED =
  /^(?:(?:resent-)?(?:message-id|date)|in-reply-to|references|content-.*|mime-version|list-(?!id$).*|auto-submitted|precedence|importance|received|return-path|original-.*|dkim-signature|authentication-results|arc-.*|autocrypt|feedback-id|archived-at|supersedes|expires|message-context|require-recipient-valid-since|tls-required)$/i;

/**
 * Writes a field.
 *
 * @param name The field's name.
 * @param text Its value on one line: addresses, or tokens, or text, as the name says.
 * @param options Whether UTF-8 may stand.
 * @returns The field's lines with CRLF.
 * @throws {InjectionError} If the name is none, or the text holds CR, LF or NUL, or is not of ASCII where it must be.
 * @throws {ProtocolError} If it is no list of addresses where it must be one.
 * @throws {LimitError} If a word is longer than a line may be.
 *
 * @example An address with a name of other letters
 * ```ts
 * import { formatHeader } from "@netwright/netwright/mime";
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
  if (ADDRESSES.test(name)) {
    const { addresses } = parseAddresses(text, { strict: true });
    return formatField(name, formatAddresses(addresses, options));
  }
  if (!STRUCTURED.test(name)) return formatTextField(name, text, options);
  if (!(options.utf8 ?? false) && /[^\x20-\x7e\t]/.test(text)) {
    throw new InjectionError(`the field ${name} may hold ASCII only`, {
      operation: "write a field",
    });
  }
  return formatField(name, text.split(/[ \t]+/).filter((word) => word !== ""));
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
 * Writes several fields; of one that may stand once only, the last counts.
 *
 * @param fields Names and values.
 * @param options Whether UTF-8 may stand.
 * @returns The fields' lines with CRLF, in their order.
 * @throws As {@link formatHeader}.
 */
export function formatHeaders(
  fields: readonly (readonly [name: string, text: string])[],
  options: FieldOptions = {},
): string {
  const last = new Map(fields.map(([name], index) => [name.toLowerCase(), index]));
  return fields.filter(([name], index) => {
    const key = name.toLowerCase();
    return !SINGLE_FIELDS.has(key) || last.get(key) === index;
  }).map(([name, text]) => formatHeader(name, text, options)).join("");
}
