/**
 * Messages with MIME: reading them whole or as a stream, and writing them (RFC 5322, RFC 2045 to 2049 and those that
 * followed).
 *
 * @module
 */

export { type Autoreply, autoreply, type AutoreplyOptions } from "./answering/autoreply.ts";
export {
  addResentHeaders,
  createForward,
  createReply,
  type ForwardOptions,
  type ReplyDraft,
  type ReplyOptions,
  type ResentBy,
} from "./answering/reply.ts";
export { Base64Decoder, Base64Encoder } from "./coding/base64.ts";
export { type CharsetText, decodeCharset, detectCharset } from "./coding/charset.ts";
export { formatFlowed, parseFlowed } from "./coding/flowed.ts";
export {
  QuotedPrintableDecoder,
  QuotedPrintableEncoder,
  type QuotedPrintableOptions,
} from "./coding/quoted_printable.ts";
export type { TransferCoder } from "./coding/transfer_coding.ts";
export {
  type AddressGroup,
  type AddressList,
  type AddressOptions,
  type MailAddress,
  type Mailbox,
  mailboxesOf,
  parseAddresses,
  parseMailbox,
} from "./header/address.ts";
export { formatMailDate, type MailDate, parseMailDate } from "./header/date.ts";
export { decodeWords, encodeWords } from "./header/encoded_word.ts";
export { formatAddresses, type FormatAddressOptions } from "./header/format_addresses.ts";
export { Header, type HeaderField } from "./header/header.ts";
export { formatParameters, type ParameterizedField, parseParameters } from "./header/parameters.ts";
export { Entity, MessageLimitError, parseMessage } from "./reading/entity.ts";
export { type MboxMessage, splitMbox } from "./reading/mbox.ts";
export type { ParseLimits, PartKind } from "./reading/part_sink.ts";
export { readParts, type StreamedPart } from "./reading/read_parts.ts";
export { type ReadableParts, readableParts } from "./reading/readable_parts.ts";
export {
  type Attachment,
  composeMessage,
  type ComposeOptions,
  type MessageDraft,
  randomMessageId,
  recipientsOf,
} from "./writing/compose.ts";
export { textPart } from "./writing/text_part.ts";
export {
  type LeafPart,
  type MultipartPart,
  type Part,
  partBytes,
  type PartContent,
  type PartHead,
  type ReadyPart,
  writePart,
  type WritePartOptions,
} from "./writing/write_part.ts";
