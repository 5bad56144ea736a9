/**
 * Parts without their transfer encoding (RFC 3516).
 *
 * @module
 */

import { decoderFor, encodeAll } from "../../../mime/internal.ts";
import { findPart, type MessagePart } from "./structure.ts";

/** Encodings that can be removed. */
const KNOWN = /^(?:7bit|8bit|binary|base64|quoted-printable|(?:x-)?uu(?:e|encode)?)$/;

/**
 * Decodes a part.
 *
 * @param root The message.
 * @param bytes Its bytes.
 * @param numbers The numbers of the part; none for the whole message, which is not encoded.
 * @returns Its content; undefined if there is no such part, `unknown` if its encoding is unknown.
 */
export function decodedPart(
  root: MessagePart,
  bytes: Uint8Array,
  numbers: readonly number[],
): Uint8Array | "unknown" | undefined {
  if (numbers.length === 0) return bytes;
  const part = findPart(root, numbers);
  if (part === undefined) return undefined;
  const body = bytes.subarray(part.bodyStart, part.end);
  if (part.parts.length > 0) return body;
  const { transferEncoding } = part.header;
  if (!KNOWN.test(transferEncoding)) return "unknown";
  return encodeAll(decoderFor(transferEncoding), body);
}
