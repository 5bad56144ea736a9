/**
 * The parts of a stored message and where they are in it (RFC 9051 §6.4.5, BODY sections).
 *
 * @module
 */

import { Header } from "../../../mime/mod.ts";
import { PartScanner, type PartSink, type PlacedPart } from "../../../mime/internal.ts";
import { LimitError } from "../../../net/mod.ts";

/** A part of a message; the message itself is one too. Places are counted in bytes from its beginning. */
export interface MessagePart {
  /** The media type in lower case. */
  readonly type: string;
  /** Its header. */
  readonly header: Header;
  /** Where its header begins. */
  readonly start: number;
  /** Where its body begins. */
  readonly bodyStart: number;
  /** Where its body ends. */
  end: number;
  /** The parts of a multipart. */
  readonly parts: MessagePart[];
  /** The message inside, of `message/rfc822` and its like. */
  message: MessagePart | undefined;
}

/** Most parts of a message. */
const MAX_PARTS = 2000;
/** Deepest nesting. */
const MAX_DEPTH = 60;
/** Longest header, in bytes. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024;

/**
 * Finds the parts of a message.
 *
 * @param bytes The whole message.
 * @returns The message; one with too much of something has fewer parts.
 */
export function structureOf(bytes: Uint8Array): MessagePart {
  const finder = new PartFinder();
  const scanner = new PartScanner(finder, {
    maxDepth: MAX_DEPTH,
    maxParts: MAX_PARTS,
    maxHeaderBytes: MAX_HEADER_BYTES,
  });
  try {
    scanner.push(bytes);
    scanner.end();
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
  }
  return finder.finish(bytes.length);
}

/** Encodings that do not change the bytes. */
const PLAIN = new Set(["7bit", "8bit", "binary"]);

class PartFinder implements PartSink {
  #root: MessagePart | undefined;
  readonly #open: MessagePart[] = [];
  /** Open parts of an encoded message: they are nowhere in this one. */
  #hidden = 0;

  begin(part: PlacedPart): void {
    const parent = this.#open.at(-1);
    const isEncoded = this.#hidden > 0 ||
      parent !== undefined && parent.message === undefined && isMessage(parent) &&
        !PLAIN.has(parent.header.transferEncoding);
    if (isEncoded) {
      this.#hidden++;
      return;
    }
    const { type, header, start, bodyStart } = part;
    const found: MessagePart = {
      type: part.kind === "leaf" && type.startsWith("multipart/") ? "text/plain" : type,
      header,
      start,
      bodyStart,
      end: bodyStart,
      parts: [],
      message: undefined,
    };
    if (parent === undefined) this.#root ??= found;
    else if (isMessage(parent)) parent.message = found;
    else parent.parts.push(found);
    this.#open.push(found);
  }

  body(): void {}

  end(_defects: readonly string[], end: number): void {
    if (this.#hidden > 0) this.#hidden--;
    else this.#open.pop()!.end = end;
  }

  /** Ends open parts: a limit was exceeded. */
  finish(length: number): MessagePart {
    for (const part of this.#open) part.end = length;
    return this.#root ?? {
      type: "text/plain",
      header: new Header([]),
      start: 0,
      bodyStart: 0,
      end: length,
      parts: [],
      message: undefined,
    };
  }
}

/** Whether a part holds a message; if it is encoded, {@link MessagePart.message} is undefined. */
export function isMessage({ type }: MessagePart): boolean {
  return type === "message/rfc822" || type === "message/global" || type === "message/news";
}

/**
 * Finds a part by its numbers.
 *
 * @param root The message.
 * @param numbers Its numbers, such as those of `2.1`; none for the message.
 * @returns The part; undefined if there is none.
 */
export function findPart(root: MessagePart, numbers: readonly number[]): MessagePart | undefined {
  let part: MessagePart | undefined = root;
  /** Whether the next number counts the parts of a message, whose body is part 1 if it is in one piece. */
  let isWhole = true;
  for (const number of numbers) {
    if (part === undefined) return undefined;
    if (!isWhole && part.message !== undefined) {
      part = part.message;
      isWhole = true;
    }
    if (part.parts.length > 0) part = part.parts[number - 1];
    else if (!isWhole || number !== 1) return undefined;
    isWhole = false;
  }
  return part;
}
