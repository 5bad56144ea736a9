/**
 * Splits a message into parts, a piece of bytes at a time (RFC 2046 §5.1). Both forms of reading,
 * streaming and whole, use it.
 *
 * @module
 */

import { HeaderScanner, MAX_BOUNDARY_LINE } from "./_header_scanner.ts";
import { concat } from "../../net/internal.ts";
import { LimitError } from "../../net/mod.ts";
import { latin1 } from "../coding/bytes.ts";
import { decoderFor } from "../coding/decoder_for.ts";
import { Header } from "../header/header.ts";
import type { ParseLimits, PartKind, PartSink, PlacedPart } from "./part_sink.ts";
import { EMPTY, IdentityCoder, type TransferCoder } from "../coding/transfer_coding.ts";

/** A part that has begun and not ended. */
interface OpenPart {
  readonly kind: PartKind;
  readonly digest: boolean;
  /** The line that begins the next of its parts, and the one that ends the last; for `multipart`. */
  readonly delimiter: string | undefined;
  /** `before` its first part, amid its parts, or `after` the last. */
  place: "before" | "amid" | "after";
  /** Of a multipart that was not reported yet, because none of its parts was found. */
  held: { readonly part: PlacedPart; readonly pieces: Uint8Array[]; length: number } | undefined;
}

/** A message that was encoded as a whole, which only `message/global` may be, and others are. */
interface Inner {
  readonly scanner: PartScanner;
  /** Undefined until it is known whether the message is encoded, as its header says. */
  decoder: TransferCoder | undefined;
  /** The header so far. */
  held: Uint8Array;
}

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/** Most bytes before the first part of a multipart; one with more has no parts. */
const MAX_PREAMBLE = 1_048_576;
/** Bytes at the beginning of a message by which it is seen not to be base64. */
const LOOK_BYTES = 100;

const BOM = [0xef, 0xbb, 0xbf];
/** Finds the parts of one message. */
export class PartScanner {
  readonly #sink: PartSink;
  readonly #maxDepth: number;
  readonly #maxParts: number;
  readonly #header: HeaderScanner;
  readonly #limits: ParseLimits;
  /** Counted for a message and all that it holds. */
  readonly #count: { parts: number };
  readonly #depth: number;
  readonly #open: OpenPart[] = [];
  /** How many of the open parts wait for a boundary. */
  #waiting = 0;
  #inHeader = true;
  #inner: Inner | undefined;
  #headerOfInner: Header | undefined;
  /** Bytes that were pushed and not yet understood. */
  #pending: Uint8Array = EMPTY;
  #pendingLength = 0;
  /** Bytes of the message before the pending ones. */
  #offset = 0;
  /** Whether the message's first bytes were looked at. */
  #isBegun = false;
  /** Whether the next byte begins a line. */
  #lineStart = true;

  /**
   * Begins a message.
   * @param sink Receives its parts.
   * @param limits How much it may have.
   * @param within Of a message in a message: its depth, and the counts so far.
   */
  constructor(
    sink: PartSink,
    limits: ParseLimits = {},
    within: { readonly depth: number; readonly count: { parts: number } } = {
      depth: 0,
      count: { parts: 0 },
    },
  ) {
    this.#sink = sink;
    this.#limits = limits;
    this.#maxDepth = limits.maxDepth ?? 100;
    this.#maxParts = limits.maxParts ?? 10_000;
    this.#header = new HeaderScanner(
      limits.maxHeaderBytes ?? 1_048_576,
      (data, start, end) => this.#boundaryAt(data, start, end) !== undefined,
    );
    this.#depth = within.depth;
    this.#count = within.count;
  }

  /**
   * Takes the next bytes.
   * @param piece The bytes, cut anywhere. The sink may receive views of them.
   * @throws {LimitError} If the message exceeds a limit; all parts so far were reported.
   */
  push(piece: Uint8Array): void {
    let data = piece;
    if (this.#pendingLength > 0) {
      this.#append(piece);
      data = this.#pending.subarray(0, this.#pendingLength);
    }
    const used = this.#scan(data, false);
    this.#offset += used;
    if (used === 0 && this.#pendingLength > 0) return;
    this.#pending = data.slice(used);
    this.#pendingLength = this.#pending.length;
  }

  /**
   * Ends the message.
   * @throws {LimitError} If it has too much of something.
   */
  end(): void {
    const rest = this.#pending.subarray(0, this.#pendingLength);
    this.#pendingLength = 0;
    const used = this.#scan(rest, true);
    const end = this.#offset + rest.length;
    if (this.#inHeader) this.#beginPart(rest.subarray(used), undefined, this.#offset + used, end);
    // A message that ends right after the header of one that it holds.
    while (this.#inHeader) this.#beginPart(EMPTY, undefined, end, end);
    while (this.#open.length > 0) this.#endPart(end);
  }

  #append(piece: Uint8Array): void {
    const length = this.#pendingLength + piece.length;
    if (length > this.#pending.length) {
      const grown = new Uint8Array(Math.max(length, this.#pending.length * 2));
      grown.set(this.#pending.subarray(0, this.#pendingLength));
      this.#pending = grown;
    }
    this.#pending.set(piece, this.#pendingLength);
    this.#pendingLength = length;
  }

  /** Scans as much as possible, and returns how much that was. */
  #scan(data: Uint8Array, last: boolean): number {
    let at = this.#isBegun ? 0 : this.#begin(data, last);
    if (!this.#isBegun) return 0;
    while (at < data.length) {
      const next = this.#inHeader
        ? this.#scanHeader(data, at, last)
        : this.#scanBody(data, at, last);
      if (next === undefined) break;
      at = next;
    }
    return at;
  }

  /** Skips a byte order mark, which some programs write before the header; gives where the message begins. */
  #begin(data: Uint8Array, last: boolean): number {
    const length = Math.min(data.length, BOM.length);
    for (let at = 0; at < length; at++) {
      if (data[at] === BOM[at]) continue;
      this.#isBegun = true;
      return 0;
    }
    if (length < BOM.length && !last) return 0;
    this.#isBegun = true;
    if (length < BOM.length) return 0;
    this.#header.defects.push("a byte order mark before the header");
    return BOM.length;
  }

  /** Reads a header that begins at a place; undefined if its end is not there yet. */
  #scanHeader(data: Uint8Array, start: number, last: boolean): number | undefined {
    const found = this.#header.scan(data, start, last);
    if (found === undefined) return undefined;
    // Text that never had a header is not a defect of a message's own beginning.
    const bare = found.end === start && this.#open.length === 0;
    this.#beginPart(
      data.subarray(start, found.end),
      bare ? undefined : found.defect,
      this.#offset + start,
      this.#offset + found.next,
    );
    return found.next;
  }

  /** Reads a body from a position; undefined if the rest cannot be judged yet. */
  #scanBody(data: Uint8Array, start: number, last: boolean): number | undefined {
    if (this.#waiting === 0) {
      this.#body(data.subarray(start));
      return data.length;
    }
    let search = start;
    while (true) {
      const dash = data.indexOf(DASH, search);
      if (dash < 0) break;
      const beginsLine = dash === start ? this.#lineStart : data[dash - 1] === LF;
      if (!beginsLine || dash + 1 < data.length && data[dash + 1] !== DASH) {
        search = dash + 1;
        continue;
      }
      const feed = data.indexOf(LF, dash);
      if (feed < 0 && !last && data.length - dash <= MAX_BOUNDARY_LINE) {
        return this.#bodyUpTo(data, start, beforeBreak(data, start, dash));
      }
      const end = feed < 0 ? data.length : feed + 1;
      const found = this.#boundaryAt(data, dash, end);
      if (found === undefined) {
        search = end;
        continue;
      }
      const bodyEnd = beforeBreak(data, start, dash);
      this.#body(data.subarray(start, bodyEnd));
      this.#boundary(found, this.#offset + bodyEnd);
      return end;
    }
    return this.#bodyUpTo(data, start, last ? data.length : beforeOpenBreak(data, start));
  }

  /** Reports body up to a position; undefined if there is none. */
  #bodyUpTo(data: Uint8Array, start: number, end: number): number | undefined {
    if (end === start) return undefined;
    this.#body(data.subarray(start, end));
    return end;
  }

  #body(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#lineStart = bytes[bytes.length - 1] === LF;
    const part = this.#open.at(-1);
    if (part?.held !== undefined) this.#hold(part, bytes);
    else if (this.#inner === undefined) this.#sink.body(bytes);
    else this.#pushInner(this.#inner, bytes, false);
  }

  /** Keeps the text before the first part; if that is too much, it is the content of a part without parts. */
  #hold(part: OpenPart, bytes: Uint8Array): void {
    const held = part.held!;
    held.pieces.push(bytes.slice());
    held.length += bytes.length;
    if (held.length <= MAX_PREAMBLE) return;
    part.place = "after";
    this.#waiting--;
    this.#release(part, "leaf");
  }

  /** Reports a multipart that was held back. */
  #release(part: OpenPart, kind: "multipart" | "leaf"): void {
    const { held } = part;
    if (held === undefined) return;
    part.held = undefined;
    const defects = kind === "leaf"
      ? [...held.part.defects, "no part in a multipart"]
      : held.part.defects;
    this.#sink.begin({ ...held.part, kind, defects });
    for (const piece of held.pieces) this.#sink.body(piece);
  }

  /** Passes an encoded message on; one that shows a header in clear text is not encoded, whatever was said. */
  #pushInner(inner: Inner, bytes: Uint8Array, last: boolean): void {
    if (inner.decoder === undefined) {
      inner.held = concat([inner.held, bytes]);
      if (!last && inner.held.length < LOOK_BYTES && !inner.held.includes(LF)) return;
      const { transferEncoding } = this.#headerOfInner!;
      const start = latin1(inner.held.subarray(0, LOOK_BYTES));
      // Quoted-printable begins as clear text does.
      const isClear = transferEncoding !== "quoted-printable" && /^[!-9;-~]+[ \t]*:/.test(start);
      inner.decoder = isClear ? new IdentityCoder() : decoderFor(transferEncoding);
      bytes = inner.held;
      inner.held = EMPTY;
    }
    inner.scanner.push(inner.decoder.push(bytes));
  }

  /** Which open part a line is the boundary of, and whether it is the last; undefined if of none. */
  #boundaryAt(
    data: Uint8Array,
    start: number,
    end: number,
  ): { readonly index: number; readonly closing: boolean } | undefined {
    if (this.#waiting === 0 || end - start > MAX_BOUNDARY_LINE) return undefined;
    let stop = end;
    while (stop > start && data[stop - 1]! <= 0x20) stop--;
    const line = latin1(data.subarray(start + 2, stop));
    for (let index = this.#open.length - 1; index >= 0; index--) {
      const { delimiter, place } = this.#open[index]!;
      if (delimiter === undefined || place === "after" || !line.startsWith(delimiter)) continue;
      if (line.length === delimiter.length) return { index, closing: false };
      if (line.length === delimiter.length + 2 && line.endsWith("--")) {
        return { index, closing: true };
      }
    }
    return undefined;
  }

  #boundary(
    { index, closing }: { readonly index: number; readonly closing: boolean },
    end: number,
  ): void {
    while (this.#open.length > index + 1) this.#endPart(end);
    const part = this.#open[index]!;
    if (closing) {
      this.#release(part, "leaf");
      part.place = "after";
      this.#waiting--;
      // The line break after it is not of the body that may follow.
      this.#lineStart = true;
    } else {
      this.#release(part, "multipart");
      part.place = "amid";
      this.#inHeader = true;
    }
  }

  #beginPart(
    bytes: Uint8Array,
    defect: string | undefined,
    start: number,
    bodyStart: number,
  ): void {
    this.#inHeader = false;
    this.#lineStart = true;
    this.#header.reset();
    const depth = this.#depth + this.#open.length + 1;
    if (depth > this.#maxDepth) throw this.#limit("parts are nested deeper than", this.#maxDepth);
    if (++this.#count.parts > this.#maxParts) {
      throw this.#limit("the message has more parts than", this.#maxParts);
    }
    const header = Header.parse(bytes);
    const parent = this.#open.at(-1);
    const silent = parent?.digest === true && header.get("content-type") === undefined;
    const type = silent ? "message/rfc822" : header.contentType.value;
    const defects = [...header.defects];
    if (
      type.startsWith("multipart/") &&
      !(decoderFor(header.transferEncoding) instanceof IdentityCoder)
    ) {
      defects.push("a multipart that says it is encoded");
    }
    if (defect !== undefined) defects.push(defect);
    defects.push(...this.#header.defects.splice(0));
    const delimiter = type.startsWith("multipart/")
      ? this.#delimiterOf(header, defects)
      : undefined;
    const isMessage = this.#limits.wholeMessages !== true && MESSAGES.has(type);
    const kind: PartKind = delimiter !== undefined ? "multipart" : isMessage ? "message" : "leaf";
    const part: PlacedPart = { header, type, kind, defects, start, bodyStart };
    const held = kind === "multipart" ? { part, pieces: [], length: 0 } : undefined;
    if (held === undefined) this.#sink.begin(part);
    const digest = type === "multipart/digest";
    this.#open.push({ kind, digest, delimiter, place: "before", held });
    if (delimiter !== undefined) this.#waiting++;
    if (!isMessage) return;
    if (decoderFor(header.transferEncoding) instanceof IdentityCoder) this.#inHeader = true;
    else {
      const within = { depth, count: this.#count };
      const scanner = new PartScanner(this.#sink, this.#limits, within);
      this.#headerOfInner = header;
      this.#inner = { decoder: undefined, scanner, held: EMPTY };
    }
  }

  #delimiterOf(header: Header, defects: string[]): string | undefined {
    const boundary = header.contentType.parameters.get("boundary")?.trimEnd();
    if (boundary === undefined || boundary === "") {
      defects.push("a multipart without a boundary");
      return undefined;
    }
    if (boundary.length > MAX_BOUNDARY_LINE - 10) {
      defects.push("a boundary that is too long");
      return undefined;
    }
    if (boundary.length > 70) defects.push("a boundary of more than 70 characters");
    // Lines are compared as bytes, whatever text the header was read as.
    return latin1(new TextEncoder().encode(boundary));
  }

  #endPart(end: number): void {
    const inner = this.#inner;
    if (inner !== undefined) {
      this.#inner = undefined;
      this.#pushInner(inner, EMPTY, true);
      inner.scanner.push(inner.decoder!.end());
      inner.scanner.end();
    }
    const part = this.#open.pop()!;
    const defects: string[] = [];
    if (part.delimiter !== undefined && part.place !== "after") {
      this.#waiting--;
      if (part.place === "amid") defects.push("a multipart without its end");
    }
    this.#release(part, "leaf");
    this.#sink.end(defects, end);
  }

  #limit(reason: string, limit: number): LimitError {
    return new LimitError(`${reason} ${limit}`, { operation: "read a message", limit });
  }
}

/** Types whose body is a message. The others of `message/` are not read further: reports, references and fragments. */
const MESSAGES = new Set(["message/rfc822", "message/global", "message/news"]);

/** Where the line break before a line begins, for it is the boundary's. */
function beforeBreak(data: Uint8Array, start: number, line: number): number {
  if (line > start && data[line - 1] === LF) line--;
  else return line;
  return line > start && data[line - 1] === CR ? line - 1 : line;
}

/** Where bytes begin that may turn out to be the line break before a boundary. */
function beforeOpenBreak(data: Uint8Array, start: number): number {
  const end = data.length;
  if (data[end - 1] === LF) return beforeBreak(data, start, end);
  return end > start && data[end - 1] === CR ? end - 1 : end;
}
