/**
 * A message as a stream of parts, each a stream of bytes: a message of any size in little memory.
 *
 * @module
 */

import { LimitError } from "../../net/mod.ts";
import type { Header } from "../header/header.ts";
import { decoderFor } from "../coding/decoder_for.ts";
import { PartScanner } from "./part_scanner.ts";
import type { ParseLimits, PartKind, PartSink, PartStart } from "./part_sink.ts";

/** A part, while the message is being read. */
export interface StreamedPart {
  /** Its position: `1` is the message, `1.2` its second part, and so on. */
  readonly path: string;
  /** Its header. */
  readonly header: Header;
  /** Its media type in lower case. */
  readonly type: string;
  /** Its structure. Only a leaf has content; the parts of the others follow. */
  readonly kind: PartKind;
  /** Its defects, in a few words each; more may be added while its content is read. */
  readonly defects: readonly string[];
  /**
   * Gives the content without its transfer encoding; once, and before the next part is asked for.
   * @returns The pieces, as they arrive. Leave early at will.
   */
  content(): AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /**
   * Returns the encoded body; once, in place of {@link content}.
   * @returns The pieces, as they arrive.
   */
  body(): AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/**
 * Reads the parts of a message one after the other. What of a part is not read is skipped.
 *
 * @param source The message, cut anywhere.
 * @param limits How much it may have of everything.
 * @returns The parts, each before those that it holds.
 * @throws {LimitError} If the message has too much of something; all parts before were given.
 *
 * @example The sizes of all attachments
 * ```ts
 * import { readParts } from "@netwright/netwright/mime";
 * async function* source() {
 *   yield new TextEncoder().encode("Content-Transfer-Encoding: base64\r\n\r\naGVs");
 *   yield new TextEncoder().encode("bG8=\r\n");
 * }
 * let size = 0;
 * for await (const part of readParts(source())) {
 *   for await (const piece of part.content()) size += piece.length;
 * }
 * if (size !== 5) throw new Error("lost");
 * ```
 */
export async function* readParts(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: ParseLimits = {},
): AsyncGenerator<StreamedPart> {
  const events = new PartEvents(source, limits);
  try {
    while (true) {
      const part = await events.nextPart();
      if (part === undefined) return;
      yield part;
    }
  } finally {
    await events.close();
  }
}

type Event =
  | { readonly kind: "begin"; readonly part: PartStart }
  | { readonly kind: "body"; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly defects: readonly string[] };

/** The findings of a scanner, pulled one by one. */
class PartEvents implements PartSink {
  readonly #source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #scanner: PartScanner;
  #events: Event[] = [];
  #at = 0;
  #ended = false;
  #failure: LimitError | undefined;
  /** Path and number of parts of each part that has begun and not ended. */
  readonly #open: { readonly path: string; parts: number; readonly defects: string[] }[] = [];

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limits: ParseLimits) {
    this.#source = Symbol.asyncIterator in source
      ? source[Symbol.asyncIterator]()
      : source[Symbol.iterator]();
    this.#scanner = new PartScanner(this, limits);
  }

  begin(part: PartStart): void {
    this.#events.push({ kind: "begin", part });
  }

  body(bytes: Uint8Array): void {
    this.#events.push({ kind: "body", bytes });
  }

  end(defects: readonly string[]): void {
    this.#events.push({ kind: "end", defects });
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
  }

  /** Goes on to the next part that begins. */
  async nextPart(): Promise<StreamedPart | undefined> {
    while (true) {
      const event = await this.#next();
      if (event === undefined) return undefined;
      if (event.kind === "end") this.#endPart(event.defects);
      else if (event.kind === "begin") return this.#beginPart(event.part);
    }
  }

  #beginPart(part: PartStart): StreamedPart {
    const parent = this.#open.at(-1);
    const path = parent === undefined ? "1" : `${parent.path}.${++parent.parts}`;
    const open = { path, parts: 0, defects: [...part.defects] };
    this.#open.push(open);
    const encoding = part.kind === "leaf" ? part.header.transferEncoding : "7bit";
    return {
      path,
      header: part.header,
      type: part.type,
      kind: part.kind,
      defects: open.defects,
      body: () => owned(this.#body(open)),
      content: () => this.#content(open, encoding),
    };
  }

  #endPart(defects: readonly string[]): void {
    this.#open.pop()?.defects.push(...defects);
  }

  async *#content(
    open: { readonly defects: string[] },
    encoding: string,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const decoder = decoderFor(encoding);
    for await (const piece of this.#body(open)) {
      const decoded = decoder.push(piece);
      // Unencoded content passes through: it lies in the source's memory.
      if (decoded.length > 0) yield decoded.slice();
    }
    const last = decoder.end();
    if (last.length > 0) yield last.slice();
    if (decoder.defect !== undefined) open.defects.push(decoder.defect);
  }

  async *#body(open: { readonly defects: string[] }): AsyncGenerator<Uint8Array> {
    while (this.#open.at(-1) === open) {
      const event = await this.#peek();
      if (event === undefined || event.kind === "begin") return;
      this.#at++;
      if (event.kind === "body") yield event.bytes;
      else this.#endPart(event.defects);
    }
  }

  async #next(): Promise<Event | undefined> {
    const event = await this.#peek();
    if (event !== undefined) this.#at++;
    return event;
  }

  async #peek(): Promise<Event | undefined> {
    while (this.#at === this.#events.length) {
      this.#events = [];
      this.#at = 0;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended) return undefined;
      const { value, done = false } = await this.#source.next();
      this.#ended = done;
      this.#feed(done ? undefined : value);
    }
    return this.#events[this.#at];
  }

  #feed(piece: Uint8Array | undefined): void {
    try {
      if (piece === undefined) this.#scanner.end();
      else this.#scanner.push(piece);
    } catch (error) {
      // Earlier findings come first.
      if (!(error instanceof LimitError)) throw error;
      this.#failure = error;
    }
  }
}

/** Copies pieces, which lie in the source's memory. */
async function* owned(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const piece of pieces) yield piece.slice();
}
