/**
 * Responses as a client sees them.
 *
 * @module
 */

import { LimitError, ProtocolError, type Reader, type TlsSession } from "../../../net/mod.ts";
import type { HttpHeaders } from "../codec/headers.ts";
import { parseMediaType } from "../codec/media_type.ts";
import { about } from "../transport/about.ts";
import type { HttpTiming, TransportResponse } from "../transport/transport.ts";

/** A response on the way to the last one. */
export interface Hop {
  /** The method of its request. */
  readonly method: string;
  /** Its resource. */
  readonly url: string;
  /** Its status code. */
  readonly status: number;
  /** Why there was another request. */
  readonly reason: "redirect" | "login" | "retry" | "upgrade";
  /** Where it led, if it was a redirect. */
  readonly location?: string | undefined;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** The circumstances of a response. */
export interface ResponseFacts {
  /** The method of the last request. */
  readonly method: string;
  /** Where it came from, after all redirects. */
  readonly url: URL;
  /** The responses before it. */
  readonly history: readonly Hop[];
  /** The decoded body. */
  readonly body: Reader;
  /** Whether its coding was taken away. */
  readonly isDecoded: boolean;
  /** Time from the beginning of all requests to the response, in milliseconds. */
  readonly headMs: number;
  /** Time from the beginning of the last request to the response, in milliseconds. */
  readonly lastMs: number;
  /** Called with each number of bytes that were read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Called when the response is over. */
  readonly onEnd: () => void;
}

/** Most bytes of {@link ClientResponse.bytes} and {@link ClientResponse.text}, if the caller does not say. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Bytes that are read at once. */
const CHUNK_BYTES = 64 * 1024;

/**
 * A response, whose body is read once: by {@link read}, as pieces, or as a whole. It must be read to its end, or disposed
 * of, so that its connection ends or serves for another request.
 */
export class ClientResponse implements Reader, AsyncDisposable, AsyncIterable<Uint8Array> {
  /** The status code. */
  readonly status: number;
  /** The reason phrase: the server's own, not to be trusted, and empty over HTTP/2. */
  readonly reason: string;
  /** The protocol: `1.0`, `1.1`, `2`. */
  readonly version: string;
  /** The header fields. */
  readonly headers: HttpHeaders;
  /** Where it came from, after all redirects. */
  readonly url: string;
  /** The method of the last request. */
  readonly method: string;
  /** The responses before it. */
  readonly history: readonly Hop[];
  /** How long the phases of the last request took. */
  readonly timing: HttpTiming;
  /** Time from the beginning of all to the head of this response, in milliseconds. */
  readonly headMs: number;
  /** Time from the beginning of the last request to the head of this response, in milliseconds. */
  readonly lastMs: number;
  /** The server's address; undefined if it is not known. */
  readonly remote: string | undefined;
  /** The session of TLS, if it was to be looked at. */
  readonly tls: TlsSession | undefined;
  /** Whether the connection had been used before. */
  readonly isReused: boolean;
  /** Whether the coding of the body was taken away, so that its length is another than the server says. */
  readonly isDecoded: boolean;
  readonly #transport: TransportResponse;
  readonly #body: Reader;
  readonly #onEnd: () => void;
  readonly #onBytes: ((bytes: number) => void) | undefined;
  #bytes = 0;
  #ended = false;

  /**
   * Wraps the response of a transport.
   * @param transport The response.
   * @param facts Its circumstances.
   */
  constructor(transport: TransportResponse, facts: ResponseFacts) {
    this.status = transport.status;
    this.reason = transport.reason;
    this.version = transport.version;
    this.headers = transport.headers;
    this.timing = transport.timing;
    this.remote = transport.remote;
    this.tls = transport.tls;
    this.isReused = transport.isReused;
    this.url = facts.url.href;
    this.method = facts.method;
    this.history = facts.history;
    this.headMs = facts.headMs;
    this.lastMs = facts.lastMs;
    this.isDecoded = facts.isDecoded;
    this.#body = facts.body;
    this.#onBytes = facts.onBytes;
    this.#onEnd = facts.onEnd;
    this.#transport = transport;
  }

  /** Whether the request succeeded: 200 to 299. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** How many bytes the body has, if the server said so and it is not decoded. */
  get contentLength(): number | undefined {
    const text = this.headers.get("content-length");
    if (this.isDecoded || text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
    return Number(text);
  }

  /** The media type in lower case, without parameters; empty if the server did not say. */
  get mediaType(): string {
    return parseMediaType(this.headers.get("content-type")).type;
  }

  /** The charset that the server named, in lower case. */
  get charset(): string | undefined {
    return parseMediaType(this.headers.get("content-type")).charset;
  }

  /** How many bytes of the body were read. */
  get bytesRead(): number {
    return this.#bytes;
  }

  /**
   * Reads some of the body.
   * @param p Where it goes; large buffers are filled without a copy.
   * @returns How many bytes; null at the end.
   * @throws {DisconnectedError} If it ended too early.
   * @throws {ProtocolError} If it, or its coding, is malformed.
   * @throws {LimitError} If the decoded body is too large.
   */
  async read(p: Uint8Array): Promise<number | null> {
    if (this.#ended) return null;
    let count: number | null;
    try {
      count = await this.#body.read(p);
    } catch (error) {
      this.#end();
      throw about(error, "read the body", this.url);
    }
    if (count === null) this.#end();
    else {
      this.#bytes += count;
      this.#onBytes?.(count);
    }
    return count;
  }

  /** The body in pieces, which the caller owns. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      while (true) {
        const piece = new Uint8Array(CHUNK_BYTES);
        const count = await this.read(piece);
        if (count === null) return;
        if (count > 0) yield piece.subarray(0, count);
      }
    } finally {
      this.#end();
    }
  }

  /**
   * Reads the whole body.
   * @param maxBytes Most bytes. @default {64 MiB}
   * @returns The bytes.
   * @throws {LimitError} If there are more.
   * @throws {DisconnectedError|ProtocolError} As {@link read}.
   */
  async bytes(maxBytes: number = MAX_BYTES): Promise<Uint8Array<ArrayBuffer>> {
    const announced = this.contentLength ?? 0;
    let buffer = new Uint8Array(Math.min(maxBytes, Math.max(announced, 4096)) + 1);
    let size = 0;
    while (true) {
      const count = await this.read(buffer.subarray(size));
      if (count === null) return buffer.slice(0, size);
      size += count;
      if (size > maxBytes) {
        this.#end();
        throw new LimitError(`the body has more than ${maxBytes} bytes`, {
          operation: this.method,
          peer: this.url,
          limit: maxBytes,
        });
      }
      if (size < buffer.length) continue;
      const larger = new Uint8Array(Math.min(maxBytes + 1, buffer.length * 2));
      larger.set(buffer);
      buffer = larger;
    }
  }

  /**
   * Reads the whole body as text, in the charset that the server named, else UTF-8.
   * @param maxBytes Most bytes. @default {64 MiB}
   * @returns The text; what cannot be decoded is replaced.
   * @throws {LimitError} If there are more.
   * @throws {DisconnectedError|ProtocolError} As {@link read}.
   */
  async text(maxBytes: number = MAX_BYTES): Promise<string> {
    const bytes = await this.bytes(maxBytes);
    // Most programs read no text: they need not load what knows all charsets.
    const { decodeCharset } = await import("../../../mime/mod.ts");
    return decodeCharset(bytes, this.charset ?? "utf-8").text;
  }

  /**
   * Reads the whole body as JSON.
   * @param maxBytes Most bytes. @default {64 MiB}
   * @returns The value.
   * @throws {ProtocolError} If it is no JSON.
   * @throws {LimitError} If there are more.
   */
  async json(maxBytes: number = MAX_BYTES): Promise<unknown> {
    const text = await this.text(maxBytes);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new ProtocolError("the body is no JSON", {
        operation: this.method,
        peer: this.url,
        cause,
      });
    }
  }

  /** Lets the connection go; the rest of the body is not read. */
  close(): void {
    this.#end();
  }

  /** Lets the connection go; the rest of the body is not read. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    return Promise.resolve();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#transport.close();
    this.#onEnd();
  }
}
