/**
 * A part of text: its charset and encoding are chosen by its characters.
 *
 * @module
 */

import { QuotedPrintableEncoder } from "../coding/quoted_printable.ts";
import { encodeAll } from "../coding/transfer_coding.ts";
import type { LeafPart, PartHead } from "./write_part.ts";

/** Maximum length of a line that can be sent unencoded. */
const MAX_LINE = 998;

/**
 * Makes a part of text.
 *
 * Plain ASCII is sent unencoded; other text is UTF-8 in quoted-printable or base64, whichever is shorter. Line breaks
 * become CRLF.
 *
 * @param text The text.
 * @param head What else the part says of itself; the type is `text/plain` by default.
 * @returns The part.
 *
 * @example ASCII stays readable
 * ```ts
 * import { partBytes, textPart } from "@netwright/netwright/mime";
 * const message = new TextDecoder().decode(partBytes(textPart("Hello\n")));
 * if (!message.endsWith("Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\n")) throw new Error(message);
 * ```
 */
export function textPart(text: string, head: Partial<PartHead> = {}): LeafPart {
  const lines = text.toWellFormed().replace(/\r\n?|\n/g, "\r\n");
  const content = new TextEncoder().encode(lines);
  const ascii = content.length === lines.length;
  const parameters = { charset: ascii ? "us-ascii" : "utf-8", ...head.parameters };
  const part = { type: "text/plain", ...head, parameters, content };
  const plain = ascii && !lines.includes("\0") &&
    lines.split("\r\n").every((line) => line.length <= MAX_LINE);
  if (plain) return { ...part, encoding: "7bit" };
  const quoted = encodeAll(new QuotedPrintableEncoder(), content).length;
  const base64 = Math.ceil(content.length / 57) * 78;
  return { ...part, encoding: quoted <= base64 ? "text" : "base64" };
}
