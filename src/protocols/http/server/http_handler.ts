/**
 * HTTP by a function from a request to a response, as frameworks for the platform's `fetch` have it.
 *
 * @module
 */

import { checkOptions } from "../../../net/internal.ts";
import type { Connection } from "../../../net/mod.ts";
import { HttpError } from "../codec/http_error.ts";
import type { RequestHead } from "../codec/request_head.ts";
import type { HttpResponse } from "../codec/response.ts";
import { BUSY_RESPONSE } from "./busy.ts";
import {
  handleHttp,
  HTTP_SESSION_RULES,
  type HttpHandler,
  type HttpSessionOptions,
} from "./server_session.ts";

/** Handles a request; an exception becomes a 500. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** A service for the server models. */
export interface HttpService {
  /** The name in the log. */
  readonly name: string;
  /** Whether the client speaks first: then its connection may be parked before that. */
  readonly clientSpeaksFirst: true;
  /** The response to a client that is refused because there are too many. */
  readonly busy: Uint8Array;
  /** Serves one connection. */
  handle(
    connection: Connection,
    context: Pick<HttpSessionOptions, "now" | "canPark">,
  ): Promise<void | "park">;
}

/** Fields that belong to the connection, and are written by the server itself. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "transfer-encoding", "content-length", "date", "upgrade"],
]);

/**
 * Makes an HTTP service of a handler, such as `app.fetch` of a framework.
 *
 * @param handler Handles a request.
 * @param options Limits; bodies have 1 MiB at most by default.
 * @returns The service, for any server model of this thread.
 *
 * @example Hello
 * ```ts
 * import { ask, memoryNetwork } from "@netwright/netwright/net";
 * import { httpHandler } from "@netwright/netwright/http";
 * import { serve } from "@netwright/netwright/servers";
 * const network = memoryNetwork();
 * const hello = httpHandler((request) => new Response(`Hello from ${new URL(request.url).pathname}`));
 * await using server = serve(hello, { network, port: 8080 });
 * const request = new TextEncoder().encode("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
 * const text = new TextDecoder().decode(await ask(server.endpoint, request, { network }));
 * if (!text.endsWith("\r\n\r\nHello from /a")) throw new Error(text);
 * ```
 */
export function httpHandler(handler: FetchHandler, options: HttpSessionOptions = {}): HttpService {
  checkOptions(options, HTTP_SESSION_RULES);
  return {
    name: "http",
    clientSpeaksFirst: true,
    busy: BUSY_RESPONSE,
    async handle(connection, { now, canPark }) {
      const scheme = "peerName" in connection ? "https" : "http";
      const respond: HttpHandler = async (head, body, disconnected) => {
        const request = toRequest(scheme, head, body);
        const response = await withSignal(handler, request, disconnected);
        return await toHttpResponse(response, head.method, disconnected);
      };
      return await handleHttp(connection, respond, { now, canPark, ...options });
    },
  };
}

/** Time for a handler before it is notified of the end of the connection, in milliseconds. */
const PROMPT_MS = 20;

/** Runs a handler; the signal of the request is connected with the client only if it takes long. */
async function withSignal(
  handler: FetchHandler,
  { request, abort }: { readonly request: Request; readonly abort: (reason: unknown) => void },
  disconnected: () => AbortSignal,
): Promise<Response> {
  const answering = handler(request);
  if (!(answering instanceof Promise)) return answering;
  const timer = setTimeout(() => {
    const signal = disconnected();
    signal.addEventListener("abort", () => abort(signal.reason), { once: true });
  }, PROMPT_MS);
  try {
    return await answering;
  } finally {
    clearTimeout(timer);
  }
}

function toRequest(
  scheme: string,
  head: RequestHead,
  body: () => AsyncGenerator<Uint8Array>,
): { readonly request: Request; readonly abort: (reason: unknown) => void } {
  const { method, target, host, headers, framing } = head;
  try {
    const url = new URL(
      target.startsWith("/") ? `${scheme}://${host || "localhost"}${target}` : target,
    );
    const hasBody = framing.kind !== "none" && method !== "GET" && method !== "HEAD";
    const controller = new AbortController();
    const cookies = headers.all("cookie");
    const fields = [...headers].filter(([name]) => name !== "cookie");
    // Lines of this field are joined in their own way (RFC 9113 §8.2.3).
    if (cookies.length > 0) fields.push(["cookie", cookies.join("; ")]);
    const request = new Request(url, {
      method,
      headers: fields.map(([name, value]): [string, string] => [name, value]),
      signal: controller.signal,
      ...(hasBody && { body: ReadableStream.from(owned(body())), duplex: "half" }),
    });
    return { request, abort: (reason) => controller.abort(reason) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // `CONNECT`, `TRACE`, `*`, and values that no URL or header field can hold.
    throw new HttpError(method === "CONNECT" || method === "TRACE" ? 501 : 400, "not understood");
  }
}

/** Pieces of a body are good only until the next one. */
async function* owned(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield piece.slice();
}

async function toHttpResponse(
  response: Response,
  method: string,
  disconnected: () => AbortSignal,
): Promise<HttpResponse> {
  const { status, headers, body } = response;
  // Also of `Response.error()`, and of an upgrade, which this server does not do.
  if (!(status >= 200 && status <= 599)) throw new RangeError(`a response of status ${status}`);
  const fields = [...headers].filter(([name]) => !OWN_FIELDS.has(name));
  for (const [name, value] of fields) {
    if (!/^[\t -~]*$/.test(value)) throw new TypeError(`the field ${name} is not ASCII`);
  }
  const close = /\bclose\b/i.test(headers.get("connection") ?? "");
  const length = headers.get("content-length");
  const bytes = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  if (method === "HEAD" || status === 204 || status === 304) {
    await body?.cancel();
    return { status, fields, close, body: { bytes, pieces: ReadableStream.from([]) } };
  }
  if (body === null) return { status, fields, close, body: new Uint8Array(0) };
  return { status, fields, close, body: await measured(body, bytes, disconnected) };
}

/** A body that is complete, such as a text, has a length; a stream has the one that its header says, or none. */
async function measured(
  body: ReadableStream<Uint8Array>,
  bytes: number | undefined,
  disconnected: () => AbortSignal,
): Promise<HttpResponse["body"]> {
  const reader = body.getReader();
  const [first, next] = [reader.read(), reader.read()];
  for (const read of [first, next]) read.catch(() => {});
  const later = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => later.resolve(undefined), 0);
  const both = await Promise.race([Promise.all([first, next]), later.promise]);
  clearTimeout(timer);
  if (both?.[0].done) return new Uint8Array(0);
  if (both?.[1].done) return both[0].value!;
  return { bytes, pieces: pieces() };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const signal = disconnected();
    // A stream without output would not notice that the client is gone.
    const cancel = (): void => void reader.cancel(signal.reason).catch(() => {});
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      for (const read of [first, next]) {
        const piece = await read;
        if (piece.done) return;
        yield piece.value;
      }
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        yield piece.value;
      }
    } finally {
      signal.removeEventListener("abort", cancel);
      await reader.cancel();
    }
  }
}
