/**
 * Text of the user: bytes that are not in its charset are refused, for later they could not be corrected.
 *
 * @module
 */

import { decodeCharset } from "../../mime/mod.ts";
import { toBytes } from "../../net/internal.ts";
import { NetwrightError, UsageError } from "../../net/mod.ts";
import { openFile } from "../../stores/internal.ts";

/** Maximum size in bytes; larger files are attachments. */
const MAX_TEXT = 64 * 1024 * 1024;

/**
 * Decodes text of the user.
 *
 * @param bytes The bytes.
 * @param name Name of the file, or what else it comes from, for the error.
 * @param charset Its charset; UTF-8 if absent.
 * @returns The text, without a byte order mark.
 * @throws {UsageError} If the charset is unknown.
 * @throws {NetwrightError} If the bytes are not in the charset.
 */
export function decodeUserText(bytes: Uint8Array, name: string, charset = "utf-8"): string {
  const context = { operation: "read text", peer: name };
  if (/^utf-?8$/i.test(charset)) {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw new NetwrightError("the text is not UTF-8", {
        ...context,
        cause,
        hint: "--charset names its charset",
      });
    }
  }
  const { text, asNamed } = decodeCharset(bytes, charset);
  if (!asNamed) throw new UsageError(`unknown charset ${JSON.stringify(charset)}`);
  if (!text.includes("\ufffd")) return text;
  throw new NetwrightError(`the text is not ${charset}`, context);
}

/**
 * Reads a text file of the user.
 *
 * @param path The file.
 * @param charset Its charset; UTF-8 if absent.
 * @returns Its text.
 * @throws {NetwrightError} If it cannot be read, or is not in its charset.
 */
export async function readUserText(path: string, charset?: string): Promise<string> {
  const { pieces } = await openFile(path);
  return decodeUserText(await toBytes(pieces, MAX_TEXT), path, charset);
}
