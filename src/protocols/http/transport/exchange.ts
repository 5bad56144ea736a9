/**
 * One request and its response on a connection.
 *
 * @module
 */

import { closeQuietly, fromByteString } from "../../../net/internal.ts";
import {
  type Deadline,
  DisconnectedError,
  LimitError,
  ProtocolError,
  TimeoutError,
  toNetwrightError,
  writeAll,
} from "../../../net/mod.ts";
import type { Transcript } from "../../wire/mod.ts";
import { readResponseHead, responseBody, type ResponseHead } from "../codec/response_head.ts";
import { about } from "./about.ts";
import { isLarge, piecesOf } from "./body.ts";
import { formatRequestHead, type HttpRequest, type RequestHeadOptions } from "./http_request.ts";
import type { PooledConnection } from "./idle_connections.ts";
import { showHead } from "./show_head.ts";
import type { SendOptions, TransportResponse } from "./transport.ts";

/** How an exchange goes on. */
export interface ExchangeOptions extends RequestHeadOptions, Omit<SendOptions, "gate"> {
  /** Ends waits, also those for a server that is silent. */
  readonly deadline: Deadline;
  /** Ends waits, but not those for a server that is silent: it may be, while a body is sent. */
  readonly whole: Deadline;
  /** Whether the server is asked before a large body is sent. @default {true} */
  readonly isAsked?: boolean | undefined;
  /** Largest head of the response, in bytes. */
  readonly maxHeadBytes: number;
  /** Where the dialogue is recorded. */
  readonly transcript: Transcript | undefined;
  /** Called once, when the response is closed. */
  readonly onEnd: (isReusable: boolean) => void;
}

/** Longest wait for a server's consent to a large body, in milliseconds: old ones do not answer. */
const CONSENT_MS = 1000;
/** Bodies up to so many bytes go together with the head. */
const JOINED_BYTES = 64 * 1024;

/**
 * Sends a request, and reads the head of its response.
 *
 * @param pooled The connection.
 * @param request The request.
 * @param options How.
 * @returns The response.
 * @throws {DisconnectedError|TimeoutError} If the server goes away or is silent; the connection is to be closed.
 * @throws {ProtocolError|LimitError} If the response is malformed, or its head too large; likewise.
 */
export async function exchange(
  pooled: PooledConnection,
  request: HttpRequest,
  options: ExchangeOptions,
): Promise<TransportResponse> {
  const { connection, reader } = pooled;
  const { deadline, transcript, maxHeadBytes } = options;
  const { method, body } = request;
  const isAsked = options.isAsked !== false && isLarge(body) &&
    !request.fields.some(([name]) => name.toLowerCase() === "expect");
  const more = [...options.more ?? [], ...isAsked ? [["Expect", "100-continue"] as const] : []];
  const text = formatRequestHead(request, { target: options.target, more });
  showHead(transcript, "C", text.slice(0, -4).split("\r\n"));
  reader.deadline = options.whole;
  pooled.hasAnswered = false;
  const start = performance.now();
  const position = reader.position + reader.buffered;
  const consent = Promise.withResolvers<void>();
  const reading = readResponseHead(reader, method, {
    maxHeadBytes,
    onProvisional(head) {
      showHead(transcript, "S", headLines(head));
      consent.resolve();
      options.onProvisional?.(head.status, head.headers);
    },
  });
  const upload = new Upload(pooled, request, options, text);
  const sending = upload.send(isAsked, consent.promise);
  let sentAt = start;
  sending.then(() => sentAt = performance.now(), () => {});
  // A server that does not want the body answers while it is being sent, and may close then.
  let head: ResponseHead | undefined;
  try {
    await Promise.race([sending, reading]);
    head = await deadline.wait(reading, () => closeQuietly(connection));
  } catch (error) {
    // What the server said before it closed counts more than that the body could not be sent.
    upload.stop();
    // The body itself failed: no server is to be waited for.
    if (upload.ownFailure !== undefined) closeQuietly(connection);
    const cause = upload.ownFailure ?? await sending.then(() => error, (cause) => cause);
    const failure = error instanceof TimeoutError ? error : cause;
    head = await reading.catch(() => undefined);
    pooled.hasAnswered = reader.position + reader.buffered > position;
    if (head === undefined) {
      const { operation, peer } = failureContext(request);
      throw about(toNetwrightError(failure, { operation, peer }), operation, peer);
    }
  } finally {
    reader.deadline = deadline;
  }
  if (head === undefined) {
    upload.stop();
    if (upload.ownFailure !== undefined) throw upload.ownFailure;
    throw new DisconnectedError(
      "the server closed the connection without an answer",
      failureContext(request),
    );
  }
  pooled.hasAnswered = true;
  if (head.status === 101) {
    throw new ProtocolError(
      "the server changed to another protocol, which nobody asked for",
      failureContext(request),
    );
  }
  if (head.status >= 400) upload.stop();
  showHead(transcript, "S", headLines(head));
  const now = performance.now();
  if (!upload.isDone) sentAt = now;
  return response(pooled, head, upload, options, {
    lookUpMs: pooled.uses > 0 ? 0 : pooled.lookUpMs,
    connectMs: pooled.uses > 0 ? 0 : pooled.connectMs,
    tlsMs: pooled.uses > 0 ? 0 : pooled.tlsMs,
    sendMs: sentAt - start,
    waitMs: now - sentAt,
  });
}

function failureContext({ method, url }: HttpRequest): { operation: string; peer: string } {
  return { operation: method, peer: url.href };
}

function headLines(
  { status, reason, modern, headers }: ResponseHead,
): (string | readonly [string, string])[] {
  return [`HTTP/1.${modern ? 1 : 0} ${status} ${reason}`.trimEnd(), ...headers];
}

function response(
  pooled: PooledConnection,
  head: ResponseHead,
  upload: Upload,
  { deadline, transcript, onEnd }: ExchangeOptions,
  timing: TransportResponse["timing"],
): TransportResponse {
  const { connection, reader } = pooled;
  const source = responseBody(reader, head);
  let bytes = 0;
  let isClosed = false;
  return {
    status: head.status,
    reason: head.reason,
    version: head.modern ? "1.1" : "1.0",
    headers: head.headers,
    timing,
    remote: "hostname" in connection.remoteAddr ? connection.remoteAddr.hostname : undefined,
    tls: "session" in connection ? connection.session : undefined,
    isReused: pooled.uses > 0,
    body: {
      async read(p) {
        if (isClosed) return null;
        const count = await source.read(p);
        bytes += count ?? 0;
        if (count === null && head.framing.kind === "rest") requireOrderlyEnd(connection);
        return count;
      },
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      if (bytes > 0) transcript?.recordBody("S", bytes);
      const isReusable = source.ended && head.keepAlive && upload.isDone &&
        reader.buffered === 0 && deadline.remainingMs > 0;
      if (!isReusable) upload.stop();
      reader.deadline = undefined;
      onEnd(isReusable);
    },
  };
}

/** Without a length only the end of TLS says that the body is complete (RFC 9112 §9.8). */
function requireOrderlyEnd(connection: PooledConnection["connection"]): void {
  if ("wasCut" in connection && connection.wasCut === true) {
    throw new DisconnectedError("the connection was cut off: TLS did not end", {
      operation: "read a body",
    });
  }
}

/** The request on its way. */
class Upload {
  readonly #pooled: PooledConnection;
  readonly #request: HttpRequest;
  readonly #options: ExchangeOptions;
  readonly #head: string;
  readonly #stopped: PromiseWithResolvers<void> = Promise.withResolvers();
  #isStopped = false;
  /** Whether all of it was sent. */
  isDone = false;
  /** Why the body could not be had; undefined if the connection is to blame, or nothing. */
  ownFailure: unknown;

  constructor(
    pooled: PooledConnection,
    request: HttpRequest,
    options: ExchangeOptions,
    head: string,
  ) {
    this.#pooled = pooled;
    this.#request = request;
    this.#options = options;
    this.#head = head;
  }

  /** No more pieces are sent. */
  stop(): void {
    this.#isStopped = true;
    this.#stopped.resolve();
  }

  /** Sends all, the body only with the server's consent if it is to be asked. */
  async send(isAsked: boolean, consent: Promise<void>): Promise<void> {
    const { body } = this.#request;
    const head = fromByteString(this.#head);
    if (body instanceof Uint8Array && body.length <= JOINED_BYTES) {
      await this.#write(joinBytes(head, body));
      this.#report(body.length);
    } else {
      await this.#write(head);
      if (isAsked) await soon(Promise.race([consent, this.#stopped.promise]));
      if (this.#isStopped) return;
      if (body !== undefined) await this.#sendBody(body);
    }
    this.isDone = !this.#isStopped;
  }

  async #sendBody(body: NonNullable<HttpRequest["body"]>): Promise<void> {
    const length = body instanceof Uint8Array ? body.length : body.bytes;
    let sent = 0;
    for await (const piece of this.#pieces(body)) {
      if (this.#isStopped) return;
      if (piece.length === 0) continue;
      sent += piece.length;
      if (length !== undefined && sent > length) throw this.ownFailure = wrongLength(length);
      if (length === undefined) {
        await this.#write(joinBytes(encode(`${piece.length.toString(16)}\r\n`), piece));
        await this.#write(LINE_END);
      } else await this.#write(piece);
      this.#report(piece.length);
    }
    if (length === undefined) await this.#write(LAST_CHUNK);
    else if (sent < length) throw this.ownFailure = wrongLength(length);
    this.#options.transcript?.recordBody("C", sent);
  }

  async *#pieces(body: NonNullable<HttpRequest["body"]>): AsyncGenerator<Uint8Array> {
    try {
      yield* piecesOf(body);
    } catch (error) {
      throw this.ownFailure = error;
    }
  }

  #report(bytes: number): void {
    if (bytes > 0) this.#options.onSent?.(bytes);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { connection } = this.#pooled;
    await this.#options.deadline.wait(
      writeAll(connection, bytes),
      () => closeQuietly(connection),
    );
  }
}

const LINE_END = encode("\r\n");
const LAST_CHUNK = encode("0\r\n\r\n");

function wrongLength(length: number): LimitError {
  return new LimitError(`the body does not have the ${length} bytes that were announced`, {
    operation: "send a request",
    limit: length,
  });
}

async function soon(promise: Promise<void>): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const id = setTimeout(timer.resolve, CONSENT_MS);
  await Promise.race([promise, timer.promise]);
  clearTimeout(id);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
