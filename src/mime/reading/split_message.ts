/**
 * A message that passes through: its header is read, and the rest is passed on as it arrives.
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { InjectionError, LimitError, ProtocolError } from "../../net/mod.ts";
import { fromLatin1, latin1 } from "../coding/bytes.ts";
import { formatHeader } from "../header/format_header.ts";
import { Header } from "../header/header.ts";

/** A message whose header was read. */
export interface SplitMessage {
  /** Its header. */
  readonly header: Header;
  /** What follows the header's lines: the empty line and the body; once only. */
  readonly rest: AsyncIterable<Uint8Array>;
}

/**
 * Reads a message's header, and leaves the rest where it is.
 *
 * @param pieces The message; a piece need not stay valid longer than until the next.
 * @param options `maxHeaderBytes`: longest header, in bytes; by default 1 MiB.
 * @returns The header and the rest.
 * @throws {LimitError} If the header is longer.
 *
 * @example The body stays a stream
 * ```ts
 * import { splitMessage } from "./split_message.ts";
 * async function* pieces() {
 *   yield new TextEncoder().encode("Subject: Hi\r\n");
 *   yield new TextEncoder().encode("\r\nHello\r\n");
 * }
 * const { header, rest } = await splitMessage(pieces());
 * let text = "";
 * for await (const piece of rest) text += new TextDecoder().decode(piece);
 * if (header.text("subject") !== "Hi" || text !== "\r\nHello\r\n") throw new Error(text);
 * ```
 */
export async function splitMessage(
  pieces: AsyncIterable<Uint8Array>,
  options: { readonly maxHeaderBytes?: number } = {},
): Promise<SplitMessage> {
  const { maxHeaderBytes = 1_048_576 } = options;
  const iterator = pieces[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let space: Uint8Array = head;
  let end: number | undefined;
  let done = false;
  // The line that was not whole is looked at again: an empty line may be cut anywhere.
  for (let looked = 0; end === undefined && !done;) {
    const { value, done: ended } = await iterator.next();
    if (ended === true) done = true;
    else {
      const length = head.length + value.length;
      if (length > space.length) space = concat([head, new Uint8Array(2 * length)]);
      space.set(value, head.length);
      head = space.subarray(0, length);
    }
    end = endOfHeader(head, looked);
    looked = head.lastIndexOf(LF) + 1;
    if ((end ?? head.length) <= maxHeaderBytes) continue;
    await iterator.return?.();
    throw new LimitError(`the header is longer than ${maxHeaderBytes} bytes`, {
      operation: "read a message",
      limit: maxHeaderBytes,
    });
  }
  const at = end ?? head.length;
  return { header: Header.parse(head.subarray(0, at)), rest: rest(head.subarray(at), iterator) };
}

/** What follows a header. Unlike a generator it ends the message also if it was never begun. */
function rest(
  first: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncIterableIterator<Uint8Array> {
  let left: Uint8Array | undefined = first.length > 0 ? first : undefined;
  return {
    async next() {
      if (left === undefined) return await iterator.next();
      const value = left;
      left = undefined;
      return { done: false, value };
    },
    async return() {
      left = undefined;
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const LF = 10;
const CR = 13;

/**
 * Finds the end of a header.
 *
 * @param bytes A message.
 * @param from The beginning of a line; the lines before it are not looked at.
 * @returns Where the first empty line begins; undefined if there is none.
 */
export function endOfHeader(bytes: Uint8Array, from = 0): number | undefined {
  for (let at = from; at < bytes.length;) {
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF)) return at;
    const next = bytes.indexOf(LF, at);
    if (next < 0) return undefined;
    at = next + 1;
  }
  return undefined;
}

/**
 * Leaves out the line that a mail program puts before a message in a pipe or a folder of the kind mbox: `From`, the
 * sender and the time.
 *
 * @param bytes A message, or its header.
 * @returns The bytes from the next line on; all if there is no such line.
 */
export function withoutMboxLine(bytes: Uint8Array): Uint8Array {
  // With a colon it is the field, as old programs wrote it.
  const isLine = /^From (?! *:)/.test(latin1(bytes.subarray(0, 100)));
  return isLine ? bytes.subarray(bytes.indexOf(LF) + 1 || bytes.length) : bytes;
}

/**
 * Leaves fields out of a header; all others stay byte by byte.
 *
 * @param bytes The header's lines.
 * @param names The fields' names in lower case.
 * @returns The lines that remain.
 */
export function withoutFields(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  return selectFields(bytes, (name) => name === undefined || !names.includes(name));
}

/**
 * Keeps some fields of a header, byte by byte.
 *
 * @param bytes The header's lines.
 * @param isKept Whether a field is kept, by its name in lower case; undefined for lines that are not fields.
 * @returns The lines that are kept.
 */
export function selectFields(
  bytes: Uint8Array,
  isKept: (name: string | undefined) => boolean,
): Uint8Array {
  const kept: string[] = [];
  let keeps = true;
  for (const line of latin1(bytes).split(/(?<=\n)/)) {
    if (!/^[ \t]/.test(line)) {
      keeps = isKept(/^([!-9;-~]+)[ \t]*:/.exec(line)?.[1]?.toLowerCase());
    }
    if (keeps) kept.push(line);
  }
  return fromLatin1(kept.join(""));
}

/**
 * Encodes non-ASCII text in a header, for servers that do not accept UTF-8 there (RFC 6531 §3.4, RFC 2047).
 *
 * @param bytes The header's lines, in UTF-8.
 * @returns The lines, those in ASCII unchanged; undefined if a field cannot be encoded, such as an address.
 */
export function asciiHeader(bytes: Uint8Array): Uint8Array | undefined {
  const text = new TextDecoder().decode(bytes);
  const fields = text.split(/(?<=\n)(?![ \t])/);
  try {
    const encoded = fields.map((field) => {
      if (!/[^\x00-\x7f]/.test(field)) return field;
      const [, name, value = ""] = /^([!-9;-~]+)[ \t]*:([^]*)$/.exec(field) ?? [];
      if (name === undefined) {
        throw new InjectionError("it is not a field", { operation: "encode" });
      }
      return formatHeader(name, value.replace(/\r?\n(?=[ \t])/g, "").trim());
    });
    return new TextEncoder().encode(encoded.join(""));
  } catch (error) {
    if (error instanceof InjectionError || error instanceof ProtocolError) return undefined;
    throw error;
  }
}
