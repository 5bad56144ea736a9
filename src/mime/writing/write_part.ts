/**
 * Writes a message or a part of one, as a stream or at once (RFC 2045, RFC 2046 §5.1).
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { InjectionError } from "../../net/mod.ts";
import { Base64Encoder } from "../coding/base64.ts";
import { formatField } from "../header/format_field.ts";
import { formatParameters } from "../header/parameters.ts";
import { QuotedPrintableEncoder } from "../coding/quoted_printable.ts";
import { encodeAll, type TransferCoder } from "../coding/transfer_coding.ts";
import { LineBreaks } from "../coding/line_breaks.ts";

/** The content of a leaf: bytes, or a stream that is read when its turn comes. */
export type PartContent = Uint8Array | AsyncIterable<Uint8Array>;

/** A part to be written. */
export type Part = LeafPart | MultipartPart | ReadyPart;

/** What every part says of itself. */
export interface PartHead {
  /** The media type, such as `image/png`. */
  readonly type: string;
  /** The parameters of the media type, but for `boundary`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** How it is to be shown. */
  readonly disposition?: "inline" | "attachment" | undefined;
  /** The name of the file that is carried. */
  readonly fileName?: string | undefined;
  /** How others refer to it by `cid:`, without angle brackets (RFC 2392). */
  readonly contentId?: string | undefined;
  /** More fields, before its own: lines as `formatField` writes them, each with its CRLF. */
  readonly fields?: string | undefined;
}

/** A part that carries bytes. */
export interface LeafPart extends PartHead {
  /** The bytes. */
  readonly content: PartContent;
  /** How they are written; `text` is quoted-printable whose line breaks are those of text. @default {"base64"} */
  readonly encoding?: "7bit" | "8bit" | "base64" | "quoted-printable" | "text" | undefined;
}

/** A part that holds others. */
export interface MultipartPart extends PartHead {
  /** The parts in order, one at least. */
  readonly parts: readonly Part[];
}

/** A part that was written already, with its header. */
export interface ReadyPart {
  /** Its bytes. Line breaks become CRLF. */
  readonly ready: PartContent;
}

/** How parts are written. */
export interface WritePartOptions {
  /** Makes a boundary, for tests: 1 to 70 characters. By default it holds 128 random bits. */
  readonly boundary?: () => string;
}

/**
 * Writes a part, and whatever it holds, as its bytes become there.
 *
 * @param part The part; a message if its `fields` name an author.
 * @param options How boundaries are made.
 * @returns Pieces of the message.
 * @throws {InjectionError} If a name or a value would make another field of it.
 *
 * @example A file of any size
 * ```ts
 * import { writePart } from "@netwright/netwright/mime";
 * async function* file() {
 *   yield new TextEncoder().encode("hello");
 * }
 * let text = "";
 * const part = { type: "application/octet-stream", content: file() };
 * for await (const piece of writePart(part)) text += new TextDecoder().decode(piece);
 * if (!text.endsWith("\r\n\r\naGVsbG8=\r\n")) throw new Error(text);
 * ```
 */
export async function* writePart(
  part: Part,
  options: WritePartOptions = {},
): AsyncGenerator<Uint8Array> {
  for (const segment of segmentsOf(part, options)) {
    if (segment instanceof Uint8Array) {
      yield segment;
      continue;
    }
    const { coder } = segment;
    for await (const piece of segment.content) {
      const coded = coder.push(piece);
      if (coded.length > 0) yield coded;
    }
    const last = coder.end();
    if (last.length > 0) yield last;
  }
}

/**
 * Writes a part whose contents are all in memory.
 *
 * @param part The part.
 * @param options How boundaries are made.
 * @returns The message.
 * @throws {TypeError} If a content is a stream.
 * @throws {InjectionError} If a name or a value would make another field of it.
 */
export function partBytes(part: Part, options: WritePartOptions = {}): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const segment of segmentsOf(part, options)) {
    if (!(segment instanceof Uint8Array)) {
      throw new TypeError("Cannot write a part at once: its content is a stream");
    }
    pieces.push(segment);
  }
  return concat(pieces);
}

/** A stream, and what its bytes go through. */
interface CodedStream {
  readonly content: AsyncIterable<Uint8Array>;
  readonly coder: TransferCoder;
}

/** Everything in order: bytes that are known, and streams. */
function* segmentsOf(part: Part, options: WritePartOptions): Generator<Uint8Array | CodedStream> {
  const encoder = new TextEncoder();
  if ("ready" in part) return yield coded(part.ready, new LineBreaks());
  if ("content" in part) {
    const encoding = part.encoding ?? "base64";
    const name = encoding === "text" ? "quoted-printable" : encoding;
    yield encoder.encode(
      headOf(part, []) + formatField("Content-Transfer-Encoding", [name]) + "\r\n",
    );
    return yield coded(part.content, coderOf(part));
  }
  if (part.parts.length === 0) throw new RangeError("Cannot write a multipart: it has no parts");
  const boundary = (options.boundary ?? randomBoundary)();
  if (!/^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)) {
    throw new InjectionError(`no boundary: ${JSON.stringify(boundary.slice(0, 100))}`, {
      operation: "write a multipart",
    });
  }
  yield encoder.encode(headOf(part, [["boundary", boundary]]));
  for (const child of part.parts) {
    yield encoder.encode(`\r\n--${boundary}\r\n`);
    yield* segmentsOf(child, options);
  }
  yield encoder.encode(`\r\n--${boundary}--\r\n`);
}

function coded(content: PartContent, coder: TransferCoder): Uint8Array | CodedStream {
  return content instanceof Uint8Array ? encodeAll(coder, content) : { content, coder };
}

/** A fresh boundary: `=_` occurs in neither base64 nor quoted-printable. */
function randomBoundary(): string {
  return `=_${crypto.randomUUID().replaceAll("-", "")}`;
}

function headOf(
  part: LeafPart | MultipartPart,
  more: readonly (readonly [string, string])[],
): string {
  const parameters = [...Object.entries(part.parameters ?? {}), ...more];
  let head = part.fields ?? "";
  if (!/^(?:[!-9;-~]+:(?:[^\r\n\0]|\r\n[ \t])*\r\n)*$/.test(head)) {
    throw new InjectionError("malformed header fields", { operation: "write a part" });
  }
  head += parameterField("Content-Type", part.type, parameters);
  if (part.contentId !== undefined) {
    if (!/^[^\s<>\0]+$/.test(part.contentId)) {
      throw new InjectionError(`no Content-ID: ${JSON.stringify(part.contentId.slice(0, 100))}`, {
        operation: "write a part",
      });
    }
    head += formatField("Content-ID", [`<${part.contentId}>`]);
  }
  const { disposition, fileName } = part;
  if (disposition === undefined && fileName === undefined) return head;
  const file = fileName === undefined ? [] : [["filename", fileName] as const];
  return head + parameterField("Content-Disposition", disposition ?? "attachment", file);
}

function parameterField(
  name: string,
  value: string,
  parameters: Iterable<readonly [string, string]>,
): string {
  const pieces = formatParameters(value, parameters);
  return formatField(name, pieces.map((piece, at) => at < pieces.length - 1 ? `${piece};` : piece));
}

function coderOf(part: LeafPart): TransferCoder {
  const { encoding = "base64" } = part;
  if (encoding === "base64") return new Base64Encoder();
  if (encoding === "text") return new QuotedPrintableEncoder();
  if (encoding === "quoted-printable") return new QuotedPrintableEncoder({ binary: true });
  return new LineBreaks();
}
