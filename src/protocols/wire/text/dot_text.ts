/**
 * Text that ends with a line of one dot (RFC 5321 §4.5.2, RFC 1939 §3, RFC 3977 §3.1.1): a codec for any
 * chunking, and its reader.
 *
 * Only CRLF `.` CRLF ends a text. A server that also takes LF `.` LF, or a client that sends a bare LF,
 * can be made to see two messages where the other sees one (SMTP smuggling, CVE-2023-51764).
 *
 * @module
 */

import { DisconnectedError, LimitError, type LineReader, ProtocolError } from "../../../net/mod.ts";

const LF = 10;
const CR = 13;
const DOT = 46;

/** Puts dots before dots and CRLF where any line ends. */
export class DotEncoder {
  #lineStart = true;
  #afterCr = false;

  /**
   * Encodes one chunk.
   * @param chunk Text whose lines end with CRLF, LF or CR, cut anywhere.
   * @returns What to send: lines end with CRLF, those that begin with a dot begin with two. It is the chunk itself where
   *   that is so already.
   */
  encode(chunk: Uint8Array): Uint8Array {
    return this.#isReady(chunk) ? chunk : this.#convert(chunk);
  }

  /** Whether a chunk can be sent unchanged; then the state is updated. */
  #isReady(chunk: Uint8Array): boolean {
    if (chunk.length === 0) return true;
    if (this.#afterCr || (this.#lineStart && chunk[0] === DOT)) return false;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte > CR) continue;
      if (byte === LF) return false;
      if (byte !== CR) continue;
      if (chunk[++at] !== LF || chunk[at + 1] === DOT) return false;
    }
    this.#lineStart = chunk.at(-1) === LF;
    return true;
  }

  #convert(chunk: Uint8Array): Uint8Array {
    const out = new Uint8Array(chunk.length * 2 + 1);
    let length = 0;
    for (const byte of chunk) {
      if (this.#afterCr) {
        this.#afterCr = false;
        if (byte === LF) continue;
      }
      if (byte === CR || byte === LF) {
        out[length++] = CR;
        out[length++] = LF;
        this.#lineStart = true;
        this.#afterCr = byte === CR;
        continue;
      }
      if (this.#lineStart && byte === DOT) out[length++] = DOT;
      this.#lineStart = false;
      out[length++] = byte;
    }
    return out.subarray(0, length);
  }

  /**
   * Ends the text; the encoder is ready for the next.
   * @returns The end of an unfinished line if there is one, and the line with the dot.
   */
  end(): Uint8Array {
    const end = this.#lineStart ? ".\r\n" : "\r\n.\r\n";
    this.#lineStart = true;
    this.#afterCr = false;
    return new TextEncoder().encode(end);
  }
}

/** A {@link DotDecoder}'s result for a chunk. */
export interface DotPiece {
  /** The text without the added dots; its lines end with CRLF. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many bytes of the chunk belonged to the text. */
  readonly consumed: number;
  /** Whether the text is over. */
  readonly done: boolean;
}

type State = "start" | "dot" | "dot cr" | "text" | "cr";

/** Puts dots before dots and CRLF for LF, and leaves a CR by itself alone, as a stored message has it. */
export class StoredTextEncoder {
  #last = LF;

  /**
   * Encodes one chunk.
   * @param chunk Text whose lines end with CRLF or LF, cut anywhere.
   * @returns What to send; the chunk itself if it can be sent unchanged.
   */
  encode(chunk: Uint8Array): Uint8Array {
    const places: number[] = [];
    const isDot = (at: number): boolean => chunk[at] === DOT;
    if (this.#last === LF && isDot(0)) places.push(0);
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
      if ((at === 0 ? this.#last : chunk[at - 1]) !== CR) places.push(at);
      if (isDot(at + 1)) places.push(at + 1);
    }
    this.#last = chunk.at(-1) ?? this.#last;
    if (places.length === 0) return chunk;
    const out = new Uint8Array(chunk.length + places.length);
    let [from, length] = [0, 0];
    for (const at of places) {
      out.set(chunk.subarray(from, at), length);
      length += at - from;
      out[length++] = chunk[at] === LF ? CR : DOT;
      from = at;
    }
    out.set(chunk.subarray(from), length);
    return out;
  }

  /**
   * Ends the text.
   * @returns The end of an unfinished line if there is one, and the line with the dot.
   */
  end(): Uint8Array {
    const end = this.#last === LF ? ".\r\n" : "\r\n.\r\n";
    this.#last = LF;
    return new TextEncoder().encode(end);
  }
}

/** Takes the added dots away and finds the end. */
export class DotDecoder {
  /** The first bare CR or LF in the text, undefined if all lines ended with CRLF. */
  bare: "CR" | "LF" | undefined;
  #state: State = "start";

  /** Whether a chunk needs no decoding: most do not, and finding that out is many times as fast. */
  #isPlain(chunk: Uint8Array): boolean {
    const state = this.#state;
    if ((state !== "start" && state !== "text") || (state === "start" && chunk[0] === DOT)) {
      return false;
    }
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
      if (chunk[at - 1] !== CR || chunk[at + 1] === DOT) return false;
    }
    for (let at = chunk.indexOf(CR); at >= 0; at = chunk.indexOf(CR, at + 2)) {
      if (chunk[at + 1] !== LF) return false;
    }
    return true;
  }

  /**
   * Decodes one chunk.
   * @param chunk A chunk, cut anywhere; bytes behind the end are left alone.
   * @returns The text in it, how far it went, and whether it is over.
   */
  decode(chunk: Uint8Array): DotPiece {
    if (this.#isPlain(chunk)) {
      if (chunk.length > 0) this.#state = chunk.at(-1) === LF ? "start" : "text";
      return { bytes: chunk.slice(), consumed: chunk.length, done: false };
    }
    const out = new Uint8Array(chunk.length + 1);
    let length = 0;
    let state = this.#state;
    let at = 0;
    while (at < chunk.length) {
      const byte = chunk[at++]!;
      if (state === "start" && byte === DOT) {
        state = "dot";
        continue;
      }
      if (state === "dot" && byte === CR) {
        state = "dot cr";
        continue;
      }
      if (state === "dot cr") {
        if (byte === LF) {
          this.#state = "start";
          return { bytes: out.subarray(0, length), consumed: at, done: true };
        }
        out[length++] = CR;
        state = "cr";
      }
      out[length++] = byte;
      if (state === "cr") {
        if (byte === LF) {
          state = "start";
          continue;
        }
        this.bare ??= "CR";
      } else if (byte === LF) this.bare ??= "LF";
      state = byte === CR ? "cr" : "text";
    }
    this.#state = state;
    return { bytes: out.subarray(0, length), consumed: at, done: false };
  }
}

/** How {@link readDotText} reads. */
export interface DotTextOptions {
  /** Largest text in bytes. @default {67108864} */
  readonly maxBytes?: number | undefined;
  /** Treatment of a bare CR or LF in the text. @default {"keep"} */
  readonly bare?: "keep" | "refuse" | undefined;
  /** The peer, for error messages. */
  readonly peer?: string | undefined;
}

/**
 * Reads one dot-ended text from a reader, and no byte more.
 *
 * @param reader Where it comes from.
 * @param options How to read.
 * @returns Pieces as they come, dots unstuffed, lines ending with CRLF; each is the caller's own.
 * @throws {LimitError} If the text is too large; the rest is still to come.
 * @throws {ProtocolError} If a bare CR or LF is refused; known when the text is over.
 * @throws {DisconnectedError} If the connection ends first.
 *
 * @example Take a text as a whole
 * ```ts
 * import type { LineReader } from "@netwright/netwright/net";
 * import { readDotText } from "./dot_text.ts";
 * async function textOf(reader: LineReader): Promise<string> {
 *   return await new Response(ReadableStream.from(readDotText(reader))).text();
 * }
 * ```
 */
export async function* readDotText(
  reader: LineReader,
  options: DotTextOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { maxBytes = 64 * 1024 * 1024, peer } = options;
  const context = { operation: "read a text", peer };
  const decoder = new DotDecoder();
  let total = 0;
  for (let done = false; !done;) {
    if (reader.buffered === 0 && !await reader.fill()) {
      throw new DisconnectedError("the connection ended before the final dot", context);
    }
    const piece = decoder.decode(reader.available);
    reader.consume(piece.consumed);
    done = piece.done;
    total += piece.bytes.length;
    if (total > maxBytes) {
      throw new LimitError(`the text is larger than ${maxBytes} bytes`, {
        ...context,
        limit: maxBytes,
      });
    }
    if (piece.bytes.length > 0) yield piece.bytes;
  }
  if (decoder.bare !== undefined && options.bare === "refuse") {
    throw new ProtocolError(`the text holds a bare ${decoder.bare}`, context);
  }
}

/** Maximum number of bytes that are read to reach the end of an unwanted text. */
const MAX_DRAINED_BYTES = 65_536;

/**
 * Reads the rest of a text that is not wanted.
 *
 * @param text What {@link readDotText} gave.
 * @returns Whether its end was reached within 64 KiB; if not, the connection is of no use any more.
 */
export async function drainText(text: AsyncGenerator<Uint8Array>): Promise<boolean> {
  try {
    for (let left = MAX_DRAINED_BYTES; left > 0;) {
      const next = await text.next();
      if (next.done) return true;
      left -= next.value.length;
    }
    return false;
  } catch {
    // Whatever broke the text was thrown to the caller already; here it only means "not drained".
    return false;
  }
}
