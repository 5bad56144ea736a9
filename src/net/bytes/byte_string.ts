/**
 * Bytes as text that has a character for each of them, up to U+00FF: fields of HTTP, and text whose charset is not known.
 *
 * @module
 */

/** Bytes that are converted at once: more arguments would not fit the stack. */
const PIECE = 4096;

/**
 * Writes bytes as characters.
 *
 * @param bytes The bytes, or text, whose bytes are those of UTF-8.
 * @returns A character for each byte.
 */
export function toByteString(bytes: Uint8Array | string): string {
  const all = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  let text = "";
  for (let at = 0; at < all.length; at += PIECE) {
    text += String.fromCharCode(...all.subarray(at, at + PIECE));
  }
  return text;
}

/**
 * Reads characters as bytes.
 *
 * @param text A character for each byte; of one beyond U+00FF the lower eight bits count.
 * @returns The bytes.
 */
export function fromByteString(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
