/**
 * Bytes and text that stands for them, by the runtime's fastest ways.
 *
 * @module
 */

import type { Buffer } from "node:buffer";

/** The runtime loads it when it is first used: importing it would cost every command some milliseconds at its start. */
const runtime = globalThis as unknown as { readonly Buffer: typeof Buffer };

/** From here on a text is worth the look whether it is ASCII, in bytes. */
const LARGE = 1024;
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** A character for each byte. */
export function latin1(bytes: Uint8Array): string {
  if (bytes.length > LARGE) {
    // With a character for each byte, none of which was replaced, all are ASCII.
    const text = DECODER.decode(bytes);
    if (text.length === bytes.length && !text.includes("\ufffd")) return text;
  }
  return runtime.Buffer.prototype.latin1Slice.call(bytes, 0, bytes.length);
}

/** A byte for each character, which is none over U+00FF. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  // Characters other than ASCII have no room, and are cut off.
  if (ENCODER.encodeInto(text, bytes).read === text.length) return bytes;
  return runtime.Buffer.from(text, "latin1");
}

/** Decodes base64, ignoring all foreign characters. */
export function fromBase64(text: string): Uint8Array {
  return runtime.Buffer.from(text, "base64");
}

/** Encodes as base64, in one line. */
export function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

/** How many bytes a text has in UTF-8. */
export function utf8Length(text: string): number {
  return runtime.Buffer.byteLength(text);
}
