/**
 * The decoder of each content transfer encoding (RFC 2045 §6).
 *
 * @module
 */

import { Base64Decoder } from "./base64.ts";
import { QuotedPrintableDecoder } from "./quoted_printable.ts";
import { IdentityCoder, type TransferCoder } from "./transfer_coding.ts";
import { UuDecoder } from "./uuencode.ts";

/**
 * Makes the decoder of a content transfer encoding.
 *
 * @param encoding Its name in lower case.
 * @returns A fresh decoder; unknown codings are left undecoded.
 */
export function decoderFor(encoding: string): TransferCoder {
  if (encoding === "base64") return new Base64Decoder();
  if (encoding === "quoted-printable") return new QuotedPrintableDecoder();
  if (/^(?:x-)?uu(?:e|encode)?$/.test(encoding)) return new UuDecoder();
  return new IdentityCoder();
}
