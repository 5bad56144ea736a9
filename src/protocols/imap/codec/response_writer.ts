/**
 * Responses of a server, piece by piece: text, strings and literals (RFC 9051 §4.3).
 *
 * @module
 */

import { InjectionError } from "../../../net/mod.ts";

/** Counted bytes, as a stream. */
export interface StreamedLiteral {
  /** Number of bytes. */
  readonly size: number;
  /** The bytes, as many as promised. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** A piece of a response: text on one line, or the bytes of a literal, whose count is in the text before it. */
export type ResponsePiece = string | Uint8Array | StreamedLiteral;

/** Longest string in quotes; longer ones are literals. */
const MAX_QUOTED = 1000;

/** Collects the pieces of one response. */
export class ResponseWriter {
  readonly #pieces: ResponsePiece[] = [];
  #text = "";

  /** All pieces. */
  get pieces(): readonly ResponsePiece[] {
    return this.#text === "" ? this.#pieces : [...this.#pieces, this.#text];
  }

  /**
   * Adds text unchanged.
   * @param text Text that is part of the grammar.
   * @throws {InjectionError} If it holds CR, LF or NUL.
   */
  add(text: string): this {
    if (/[\r\n\0]/.test(text)) {
      throw new InjectionError("the text holds CR, LF or NUL", { operation: "build a response" });
    }
    this.#text += text;
    return this;
  }

  /**
   * Adds the pieces of another writer.
   * @param other The other, which keeps it.
   */
  append(other: ResponseWriter): this {
    for (const piece of other.#pieces) {
      this.#pieces.push(this.#text, piece);
      this.#text = "";
    }
    this.#text += other.#text;
    return this;
  }

  /**
   * Adds a string, or `NIL`.
   * @param text Any text; what cannot be in quotes becomes a literal of UTF-8.
   */
  string(text: string | undefined): this {
    if (text === undefined) return this.add("NIL");
    if (text.length <= MAX_QUOTED && /^[\x20-\x7e]*$/.test(text)) {
      this.#text += `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
      return this;
    }
    return this.literal(new TextEncoder().encode(text.replaceAll("\0", " ")));
  }

  /**
   * Adds a list of strings.
   * @param texts The strings; none is `NIL`.
   */
  strings(texts: readonly string[]): this {
    if (texts.length === 0) return this.add("NIL");
    this.add("(");
    texts.forEach((text, index) => this.add(index === 0 ? "" : " ").string(text));
    return this.add(")");
  }

  /**
   * Adds a literal.
   * @param content Its bytes.
   * @param isBinary Whether it may hold NUL: `~{`.
   */
  literal(content: Uint8Array | StreamedLiteral, isBinary = false): this {
    const size = content instanceof Uint8Array ? content.length : content.size;
    this.#pieces.push(`${this.#text}${isBinary ? "~" : ""}{${size}}\r\n`, content);
    this.#text = "";
    return this;
  }
}
