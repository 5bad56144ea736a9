/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { charsetOfHtml, isAscii } from "./coding/charset.ts";
export { decoderFor } from "./coding/decoder_for.ts";
export { LineBreaks } from "./coding/line_breaks.ts";
export { addresseesOf } from "./header/addressees.ts";
export { encodeAll } from "./coding/transfer_coding.ts";
export { formatField, formatTextField } from "./header/format_field.ts";
export { formatHeader, formatHeaders } from "./header/format_header.ts";
export { plainText } from "./reading/readable_parts.ts";
export { PartScanner } from "./reading/part_scanner.ts";
export type { PartSink, PlacedPart } from "./reading/part_sink.ts";
export {
  asciiHeader,
  endOfHeader,
  selectFields,
  splitMessage,
  withoutFields,
  withoutMboxLine,
} from "./reading/split_message.ts";
export { baseSubject } from "./threading/base_subject.ts";
export {
  bySent,
  type MessageThread,
  type ThreadedMessage,
  threadsByReferences,
} from "./threading/threads.ts";
