/**
 * The server's side of a connection: requests in, answers out, one after the other (RFC 9112 §9).
 *
 * @module
 */

import { type OptionRules } from "../../../net/internal.ts";
import {
  ByteReader,
  type Connection,
  Deadline,
  DisconnectedError,
  writeAll,
} from "../../../net/mod.ts";
import {
  encodeResponse,
  formatAnswerHead,
  type HttpResponse,
  joinHead,
  textResponse,
} from "../codec/response.ts";
import { readBody } from "../codec/body.ts";
import { formatHttpDate } from "../codec/date.ts";
import { HttpError } from "../codec/http_error.ts";
import { readRequestHead, type RequestHead, type RequestLimits } from "../codec/request_head.ts";

/** How a session goes. */
export interface HttpSessionOptions extends RequestLimits {
  /** The largest body that is read, in bytes. @default {1 MiB} */
  readonly maxBodyBytes?: number | undefined;
  /** Most requests on one connection. @default {Infinity} */
  readonly maxRequests?: number | undefined;
  /** Whether it ends while no request is under way, to be begun again with the next one. @default {false} */
  readonly canPark?: boolean | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
  /** Called for each response. */
  readonly onAnswer?: ((answered: AccessRecord) => void) | undefined;
}

/** Validation rules. */
export const HTTP_SESSION_RULES: OptionRules<HttpSessionOptions> = {
  maxTargetBytes: "count",
  maxHeadBytes: "count",
  maxFields: "count",
  maxHeadMs: "time",
  maxBodyBytes: "whole",
  maxRequests: "count",
  canPark: "any",
  now: "any",
  onAnswer: "any",
};

/** A request that was answered. */
export interface AccessRecord {
  /** The request; undefined if it was none. */
  readonly head: RequestHead | undefined;
  /** The status code. */
  readonly status: number;
  /** Bytes of the body that was sent. */
  readonly bodyBytes: number;
  /** All bytes that were sent. */
  readonly sent: number;
  /** All bytes of the request that were read until then. */
  readonly received: number;
}

/**
 * Answers one request.
 * @param head The request.
 * @param body Reads its body; a client that waits for permission gets it at the first piece.
 * @param disconnected Gives a signal that is aborted when the client ends the connection, or the server closes it; from
 *   then on the connection is read ahead, if the body of the request was read.
 */
export type HttpHandler = (
  head: RequestHead,
  body: () => AsyncGenerator<Uint8Array<ArrayBuffer>>,
  disconnected: () => AbortSignal,
) => HttpResponse | Promise<HttpResponse>;

/** Maximum number of bytes that are read of a connection that ends, lest its response be lost with unread data. */
const LINGER_BYTES = 256 * 1024;
/** Longest time for that, in milliseconds. */
const LINGER_MS = 5000;
/** Maximum time for an unwanted body, in milliseconds. */
const SKIP_MS = 10_000;

/**
 * Serves one connection until either side ends it.
 *
 * @param connection The connection; the caller closes it.
 * @param respond Answers a request; an {@link HttpError} becomes an answer too.
 * @param options Limits and clock.
 * @returns `park` if the connection is good for more requests; only if it may be parked and their number has no limit.
 * @throws {DisconnectedError} If the client went away within a request or an answer.
 * @throws Other errors of `respond`, after a response with status 500.
 */
export async function handleHttp(
  connection: Connection,
  respond: HttpHandler,
  options: HttpSessionOptions = {},
): Promise<void | "park"> {
  const { maxRequests = Infinity } = options;
  const canPark = options.canPark === true && maxRequests === Infinity;
  const reader = new ByteReader(connection);
  const writer = new AnswerWriter(connection, reader, options);
  for (let left = maxRequests; left > 0; left--) {
    // Between requests a connection waits here, and keeps nothing of the last one.
    if (reader.buffered === 0 && !await reader.fill()) return;
    const next = await serveOne(connection, reader, writer, respond, left > 1, options);
    if (next === "linger") return await linger(connection, reader);
    if (next === "close") return;
    if (canPark && next === "go on" && reader.buffered === 0) return "park";
  }
}

/** Serves one request, and returns the next state of the connection. */
async function serveOne(
  connection: Connection,
  reader: ByteReader,
  writer: AnswerWriter,
  respond: HttpHandler,
  mayGoOn: boolean,
  options: HttpSessionOptions,
): Promise<"go on" | "stay" | "linger" | "close"> {
  let head: RequestHead | undefined;
  try {
    head = await readRequestHead(reader, options);
    if (head === undefined) return "close";
    const body = new RequestBody(reader, head, connection, options.maxBodyBytes ?? 1_048_576);
    const watch = new DisconnectWatch(reader, body);
    const answer = await respondTo(head, body, respond, () => watch.signal);
    // To a client of HTTP/1.0 only the end of the connection ends a body of unknown length.
    const isEndless = !head.modern && !(answer.body instanceof Uint8Array) &&
      answer.body.bytes === undefined;
    const isContinued = head.keepAlive && mayGoOn && body.isCheapToSkip && !isEndless &&
      answer.close !== true;
    await writer.write(answer, head, isContinued);
    if (isContinued) {
      if (!body.isWhole) await body.skip();
      // What reads ahead already cannot be parked.
      return watch.isReading ? "stay" : "go on";
    }
    // A client that has asked for the end, and sent no more, needs no waiting for.
    return !head.keepAlive && body.isWhole && reader.buffered === 0 ? "close" : "linger";
  } catch (error) {
    // After half an answer nothing can be said any more.
    if (!(error instanceof HttpError) || writer.isWriting) throw error;
    await writer.write(textResponse(error.status, error.reason), head, false);
    // A fault of the server belongs into its log.
    if (error.cause !== undefined) throw error.cause;
    return "linger";
  }
}

async function respondTo(
  head: RequestHead,
  body: RequestBody,
  respond: HttpHandler,
  disconnected: () => AbortSignal,
): Promise<HttpResponse> {
  try {
    return await respond(head, () => body.read(), disconnected);
  } catch (error) {
    if (error instanceof HttpError || error instanceof DisconnectedError) throw error;
    throw new HttpError(500, "the server failed", error);
  }
}

/** The rest of the client's data is read, for a while: else the system would discard the response. */
async function linger(connection: Connection, reader: ByteReader): Promise<void> {
  await connection.closeWrite();
  using deadline = new Deadline({ timeoutMs: LINGER_MS });
  reader.deadline = deadline;
  const end = reader.position + LINGER_BYTES;
  try {
    do reader.consume(reader.buffered); while (reader.position < end && await reader.fill());
  } catch {
    // Failures are ignored: the client has its response, or is gone.
  }
}

/** The body of one request. */
class RequestBody {
  readonly #reader: ByteReader;
  readonly #head: RequestHead;
  readonly #connection: Connection;
  readonly #maxBytes: number;
  /** Whether all of it was read. */
  isWhole: boolean;
  #begun = false;

  constructor(reader: ByteReader, head: RequestHead, connection: Connection, maxBytes: number) {
    this.#reader = reader;
    this.#head = head;
    this.#connection = connection;
    this.#maxBytes = maxBytes;
    this.isWhole = head.framing.kind === "none";
  }

  get #isWaitedFor(): boolean {
    return this.#head.modern && this.#head.headers.get("expect")?.toLowerCase() === "100-continue";
  }

  /** Whether the rest is so short that a new connection would cost more. */
  get isCheapToSkip(): boolean {
    if (this.isWhole) return true;
    // A client that waits for permission and gets an answer instead may send its body or not.
    if (!this.#begun && this.#isWaitedFor) return false;
    const { framing } = this.#head;
    return framing.kind === "length" && framing.bytes <= 65_536;
  }

  async *read(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    if (this.#begun) throw new TypeError("the body was read already");
    this.#begun = true;
    const { framing } = this.#head;
    if (framing.kind === "length" && framing.bytes > this.#maxBytes) {
      throw new HttpError(413, "the body is too large");
    }
    if (this.#isWaitedFor && !this.isWhole && this.#reader.buffered === 0) {
      await writeAll(this.#connection, new TextEncoder().encode("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    yield* readBody(this.#reader, framing, this.#maxBytes);
    this.isWhole = true;
  }

  async skip(): Promise<void> {
    if (this.#begun) throw new HttpError(400, "the body was read in part only");
    using deadline = new Deadline({ timeoutMs: SKIP_MS }, { operation: "skip a body" });
    this.#reader.deadline = deadline;
    for await (const _ of this.read());
    this.#reader.deadline = undefined;
  }
}

/** Notices the end of a connection while a request is being answered. */
class DisconnectWatch {
  readonly #reader: ByteReader;
  readonly #body: RequestBody;
  #controller: AbortController | undefined;

  constructor(reader: ByteReader, body: RequestBody) {
    this.#reader = reader;
    this.#body = body;
  }

  get signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal;
    const controller = this.#controller = new AbortController();
    void this.#watch(controller);
    return controller.signal;
  }

  get isReading(): boolean {
    return this.#controller !== undefined;
  }

  async #watch(controller: AbortController): Promise<void> {
    // Before that, the bytes are those of the body.
    if (!this.#body.isWhole) return;
    await this.#reader.ready();
    if (this.#reader.ended) {
      controller.abort(
        new DisconnectedError("the client has disconnected", { operation: "answer" }),
      );
    }
  }
}

class AnswerWriter {
  /** Whether an answer was begun and not ended. */
  isWriting = false;
  readonly #connection: Connection;
  readonly #reader: ByteReader;
  readonly #now: () => Date;
  readonly #onAnswer: HttpSessionOptions["onAnswer"];
  #reported = 0;

  constructor(
    connection: Connection,
    reader: ByteReader,
    { now = () => new Date(), onAnswer }: HttpSessionOptions,
  ) {
    this.#connection = connection;
    this.#reader = reader;
    this.#now = now;
    this.#onAnswer = onAnswer;
  }

  async write(
    answer: HttpResponse,
    head: RequestHead | undefined,
    isContinued: boolean,
  ): Promise<void> {
    const { status, body } = answer;
    const old = head?.modern === false;
    const connection = !isContinued ? "close" : old ? "keep-alive" : undefined;
    const bodiless = head?.method === "HEAD" || status === 204 || status === 304;
    this.isWriting = true;
    let headBytes: number;
    let bodyBytes = 0;
    if (body instanceof Uint8Array && !bodiless) {
      const written = encodeResponse(answer, body, dateOf(this.#now()), connection);
      await writeAll(this.#connection, written.bytes);
      headBytes = written.headBytes;
      bodyBytes = body.length;
    } else {
      const isChunked = !(body instanceof Uint8Array) && body.bytes === undefined && !old &&
        !bodiless;
      const text = formatAnswerHead(answer, dateOf(this.#now()), connection, isChunked);
      headBytes = text.length;
      if (body instanceof Uint8Array || bodiless) await writeAll(this.#connection, joinHead(text));
      else if (isChunked) {
        bodyBytes = await this.#writePieces(text, { ...body, pieces: chunksOf(body.pieces) });
      } else bodyBytes = await this.#writePieces(text, body);
    }
    this.isWriting = false;
    const received = this.#reader.position - this.#reported;
    this.#reported += received;
    this.#onAnswer?.({ head, status, bodyBytes, sent: headBytes + bodyBytes, received });
  }

  async #writePieces(
    text: string,
    body: Exclude<HttpResponse["body"], Uint8Array>,
  ): Promise<number> {
    let bytes = 0;
    let head: string | undefined = text;
    const limit = body.bytes ?? Infinity;
    if (body.bytes === undefined) {
      // The first piece of a stream may come late: the client sees the head before it.
      await writeAll(this.#connection, joinHead(text));
      head = undefined;
    }
    for await (const whole of body.pieces) {
      const piece = whole.length > limit - bytes ? whole.subarray(0, limit - bytes) : whole;
      // The head and the first piece go together.
      await writeAll(this.#connection, head === undefined ? piece : joinHead(head, piece));
      head = undefined;
      bytes += whole.length;
      // More would be taken for the next response.
      if (bytes > limit) break;
    }
    if (head !== undefined) await writeAll(this.#connection, joinHead(head));
    if (body.bytes === undefined || bytes === body.bytes) return bytes;
    throw new DisconnectedError("the body has another length than was said", {
      operation: "answer",
    });
  }
}

/** Puts pieces into chunks (RFC 9112 §7.1). */
async function* chunksOf(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const piece of pieces) {
    // An empty one would be the last.
    if (piece.length === 0) continue;
    const size = new TextEncoder().encode(`${piece.length.toString(16)}\r\n`);
    const chunk = new Uint8Array(size.length + piece.length + 2);
    chunk.set(size);
    chunk.set(piece, size.length);
    chunk.set([13, 10], size.length + piece.length);
    yield chunk;
  }
  yield new TextEncoder().encode("0\r\n\r\n");
}

let dated = { second: NaN, text: "" };

/** The same for all answers of a second. */
function dateOf(now: Date): string {
  const second = Math.floor(now.getTime() / 1000);
  if (second !== dated.second) dated = { second, text: formatHttpDate(now) };
  return dated.text;
}
