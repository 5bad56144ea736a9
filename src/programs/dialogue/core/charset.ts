/**
 * Text of a conversation as bytes, and back.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";

/** Converts between text and the bytes of a connection. */
export interface Charset {
  /** Whether it is UTF-8. */
  readonly isUtf8: boolean;
  /** Decodes bytes in pieces; malformed ones become U+FFFD. */
  decode(bytes: Uint8Array): string;
  /**
   * Encodes text.
   * @throws {UsageError} If a character cannot be encoded.
   */
  encode(text: string): Uint8Array;
}

/**
 * Finds a character set.
 *
 * @param name `utf-8`, `latin1`, or another that the runtime can decode; text that is sent in those is ASCII.
 * @returns What converts; for one conversation, because it keeps the beginning of a character.
 * @throws {UsageError} If there is none of that name.
 */
export function charsetOf(name: string): Charset {
  const known = name.toLowerCase();
  if (known === "latin1" || known === "iso-8859-1") {
    return { isUtf8: false, decode: fromLatin1, encode: toBytes };
  }
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(known, { ignoreBOM: true });
  } catch {
    throw new UsageError(`unknown character set ${JSON.stringify(name)}`);
  }
  const encoder = new TextEncoder();
  return {
    isUtf8: decoder.encoding === "utf-8",
    decode: (bytes) => decoder.decode(bytes, { stream: true }),
    encode: (text) => decoder.encoding === "utf-8" ? encoder.encode(text) : toBytes(text, 0x7f),
  };
}

function fromLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

function toBytes(text: string, last = 0xff): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    if (code <= last) return code;
    throw new UsageError(`${JSON.stringify(character)} cannot be sent in this character set`);
  });
}
