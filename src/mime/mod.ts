/**
 * Messages with MIME: reading them whole or as a stream, and writing them (RFC 5322, RFC 2045 to 2049 and those that
 * followed).
 *
 * @module
 */

export * from "./address.ts";
export * from "./addressees.ts";
export * from "./answer.ts";
export * from "./autoreply.ts";
export * from "./base64.ts";
export * from "./charset.ts";
export * from "./compose.ts";
export * from "./date.ts";
export * from "./decoder_for.ts";
export * from "./encoded_word.ts";
export * from "./entity.ts";
export * from "./flowed.ts";
export * from "./format_addresses.ts";
export * from "./format_field.ts";
export { formatHeader, formatHeaders } from "./format_header.ts";
export * from "./header.ts";
export * from "./line_breaks.ts";
export * from "./mbox.ts";
export * from "./parameters.ts";
export * from "./part_scanner.ts";
export * from "./part_sink.ts";
export * from "./quoted_printable.ts";
export * from "./read_parts.ts";
export * from "./readable_parts.ts";
export * from "./split_message.ts";
export * from "./text_part.ts";
export * from "./transfer_coding.ts";
export * from "./uuencode.ts";
export * from "./write_part.ts";
