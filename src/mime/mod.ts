/**
 * Messages with MIME: reading them whole or as a stream, and writing them (RFC 5322, RFC 2045 to 2049 and those that
 * followed).
 *
 * @module
 */

export * from "./header/address.ts";
export * from "./header/addressees.ts";
export * from "./answering/reply.ts";
export * from "./answering/autoreply.ts";
export * from "./coding/base64.ts";
export * from "./coding/charset.ts";
export * from "./writing/compose.ts";
export * from "./header/date.ts";
export * from "./coding/decoder_for.ts";
export * from "./header/encoded_word.ts";
export * from "./reading/entity.ts";
export * from "./coding/flowed.ts";
export * from "./header/format_addresses.ts";
export * from "./header/format_field.ts";
export { formatHeader, formatHeaders } from "./header/format_header.ts";
export * from "./header/header.ts";
export * from "./coding/line_breaks.ts";
export * from "./reading/mbox.ts";
export * from "./header/parameters.ts";
export * from "./reading/part_scanner.ts";
export * from "./reading/part_sink.ts";
export * from "./coding/quoted_printable.ts";
export * from "./reading/read_parts.ts";
export * from "./reading/readable_parts.ts";
export * from "./reading/split_message.ts";
export * from "./writing/text_part.ts";
export * from "./coding/transfer_coding.ts";
export * from "./coding/uuencode.ts";
export * from "./writing/write_part.ts";
