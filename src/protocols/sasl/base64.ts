/**
 * Base64 (RFC 4648 §4) as protocols carry it in their lines.
 *
 * @module
 */

/**
 * Decodes strictly: no white space, padding in full, nothing that base64 would not have written.
 *
 * @param text What should be base64; empty gives no bytes.
 * @returns The bytes; undefined if it is none.
 *
 * @example Decode
 * ```ts
 * import { decodeBase64 } from "./base64.ts";
 * if (decodeBase64("AGE=")?.join() !== "0,97" || decodeBase64("AG E") !== undefined) throw new Error();
 * ```
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Encodes in one line.
 *
 * @param bytes What.
 * @returns The text.
 */
export function encodeBase64(bytes: Uint8Array): string {
  return bytes.toBase64();
}
