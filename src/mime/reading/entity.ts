/**
 * A message as a whole: a tree of entities (RFC 2045 §2.4).
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { LimitError } from "../../net/mod.ts";
import { charsetOfHtml, decodeCharset } from "../coding/charset.ts";
import { Header } from "../header/header.ts";
import { decoderFor } from "../coding/decoder_for.ts";
import { PartScanner } from "./part_scanner.ts";
import type { ParseLimits, PartKind, PartSink, PartStart } from "./part_sink.ts";
import { EMPTY, encodeAll } from "../coding/transfer_coding.ts";

/** A message, or a part of one. */
export class Entity {
  /** Its position: `1` is the message, `1.2` its second part, and so on. */
  readonly path: string;
  /** Its header. */
  readonly header: Header;
  /** Its media type in lower case. */
  readonly type: string;
  /** Its structure. */
  readonly kind: PartKind;
  /** Its parts in order; of `message/rfc822` the message. */
  readonly parts: Entity[] = [];
  /** Its defects, in a few words each. */
  readonly defects: string[];
  /** Its encoded body. Of a multipart: the text before the first of its parts. */
  body: Uint8Array = EMPTY;
  /** Of a multipart: the text after the last of its parts. */
  epilogue: Uint8Array = EMPTY;
  #content: Uint8Array | undefined;

  /**
   * Makes an entity.
   * @param path Its position.
   * @param part The facts known when it begins.
   */
  constructor(path: string, part: PartStart) {
    this.path = path;
    this.header = part.header;
    this.type = part.type;
    this.kind = part.kind;
    this.defects = [...part.defects];
  }

  /** The body without its content transfer encoding. */
  get content(): Uint8Array {
    if (this.#content !== undefined) return this.#content;
    const decoder = decoderFor(this.kind === "leaf" ? this.header.transferEncoding : "7bit");
    this.#content = encodeAll(decoder, this.body);
    if (decoder.defect !== undefined) this.defects.push(decoder.defect);
    return this.#content;
  }

  /** The content as text, by its charset; of HTML without one, by that of its `meta` element. */
  get text(): string {
    const named = this.header.contentType.parameters.get("charset");
    const charset = named ?? (this.type === "text/html" ? charsetOfHtml(this.content) : undefined);
    return decodeCharset(this.content, charset).text;
  }

  /**
   * Gives this entity and all below it.
   * @returns They, each before its parts.
   */
  *walk(): Generator<Entity> {
    yield this;
    for (const part of this.parts) yield* part.walk();
  }

  /**
   * Finds a part.
   * @param path Its place, such as `1.2`.
   * @returns The part; undefined if there is none.
   */
  find(path: string): Entity | undefined {
    for (const entity of this.walk()) if (entity.path === path) return entity;
    return undefined;
  }
}

/** A message exceeds a limit. The part of it that was read is here. */
export class MessageLimitError extends LimitError {
  /** The message read so far; undefined if not even its header was complete. */
  readonly root: Entity | undefined;

  /**
   * Reports a limit.
   * @param error Which.
   * @param root The part that was read.
   */
  constructor(error: LimitError, root: Entity | undefined) {
    super(error.reason, { operation: error.operation, limit: error.limit, cause: error });
    this.root = root;
  }
}

/**
 * Reads a whole message. It takes what real mail has: a lost last boundary, bare LF, text that looks like a boundary,
 * headers of 8 bits; defects are listed in `defects`.
 *
 * @param bytes The message. The entities' bodies are views of it.
 * @param limits How much it may have of everything.
 * @returns The message with its parts.
 * @throws {MessageLimitError} If it has too much of something.
 *
 * @example Parts
 * ```ts
 * import { parseMessage } from "@netwright/netwright/mime";
 * const message = parseMessage(new TextEncoder().encode(
 *   "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello\r\n--x--\r\n",
 * ));
 * if (message.parts[0]?.text !== "Hello") throw new Error("another text");
 * ```
 */
export function parseMessage(bytes: Uint8Array, limits: ParseLimits = {}): Entity {
  const builder = new TreeBuilder();
  const scanner = new PartScanner(builder, limits);
  try {
    scanner.push(bytes);
    scanner.end();
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    builder.finish();
    throw new MessageLimitError(error, builder.root);
  }
  return builder.root!;
}

/** Makes the tree of a scanner's findings. */
class TreeBuilder implements PartSink {
  root: Entity | undefined;
  readonly #open: { readonly entity: Entity; pieces: Uint8Array[] }[] = [];

  begin(part: PartStart): void {
    const parent = this.#open.at(-1);
    const place = parent === undefined
      ? "1"
      : `${parent.entity.path}.${parent.entity.parts.length + 1}`;
    const entity = new Entity(place, part);
    if (parent === undefined) this.root = entity;
    else {
      // The body so far precedes the first part.
      if (parent.entity.parts.length === 0) parent.entity.body = concat(parent.pieces);
      parent.pieces = [];
      parent.entity.parts.push(entity);
    }
    this.#open.push({ entity, pieces: [] });
  }

  body(bytes: Uint8Array): void {
    this.#open.at(-1)!.pieces.push(bytes);
  }

  end(defects: readonly string[]): void {
    const { entity, pieces } = this.#open.pop()!;
    entity.defects.push(...defects);
    if (pieces.length === 0) return;
    if (entity.parts.length === 0) entity.body = concat(pieces);
    else entity.epilogue = concat(pieces);
  }

  /** Ends open parts: the message ends here. */
  finish(): void {
    while (this.#open.length > 0) this.end([]);
  }
}
