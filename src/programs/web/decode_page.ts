/**
 * The text of pages.
 *
 * @module
 */

import { charsetOfHtml } from "../../mime/internal.ts";
import { decodeCharset } from "../../mime/mod.ts";

/**
 * Decodes a page.
 *
 * @param bytes Its bytes.
 * @param charset The charset that the server named; the page's own, or UTF-8, if absent.
 * @returns The text without a byte order mark; what cannot be decoded is replaced.
 */
export function decodePage(bytes: Uint8Array, charset?: string): string {
  return decodeCharset(bytes, charset ?? charsetOfHtml(bytes)).text.replace(/^\ufeff/, "");
}
