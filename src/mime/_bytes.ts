/**
 * Bytes and text that stands for them, by the runtime's fastest ways.
 *
 * @module
 */

import type { Buffer } from "node:buffer";

/** The runtime loads it when it is first used: importing it would cost every command some milliseconds at its start. */
const runtime = globalThis as unknown as { readonly Buffer: typeof Buffer };

/** A character for each byte. */
export function latin1(bytes: Uint8Array): string {
  return runtime.Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** A byte for each character, which is none over U+00FF. */
export function fromLatin1(text: string): Uint8Array {
  return runtime.Buffer.from(text, "latin1");
}

/** Decodes base64, whatever else stands there. */
export function fromBase64(text: string): Uint8Array {
  return runtime.Buffer.from(text, "base64");
}

/** Encodes as base64, in one line. */
export function toBase64(bytes: Uint8Array): string {
  return runtime.Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}

/** How many bytes a text has in UTF-8. */
export function utf8Length(text: string): number {
  return runtime.Buffer.byteLength(text);
}
