/**
 * HTTP by a function from a request to a response, as frameworks for the platform's `fetch` have it.
 *
 * @module
 */

import type { Connection } from "../../../net/mod.ts";
import { HttpError } from "../codec/http_error.ts";
import type { RequestHead } from "../codec/request_head.ts";
import type { HttpResponse } from "../codec/response.ts";
import { BUSY_RESPONSE } from "./busy.ts";
import { handleHttp, type HttpSessionOptions } from "./server_session.ts";

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
  return {
    name: "http",
    clientSpeaksFirst: true,
    busy: BUSY_RESPONSE,
    async handle(connection, { now, canPark }) {
      const scheme = "peerName" in connection ? "https" : "http";
      const respond = async (
        head: RequestHead,
        body: () => AsyncGenerator<Uint8Array>,
      ): Promise<HttpResponse> =>
        await toHttpResponse(await handler(toRequest(scheme, head, body)), head.method);
      return await handleHttp(connection, respond, { now, canPark, ...options });
    },
  };
}

function toRequest(
  scheme: string,
  head: RequestHead,
  body: () => AsyncGenerator<Uint8Array>,
): Request {
  const { method, target, host, headers, framing } = head;
  try {
    const url = new URL(
      target.startsWith("/") ? `${scheme}://${host || "localhost"}${target}` : target,
    );
    const hasBody = framing.kind !== "none" && method !== "GET" && method !== "HEAD";
    return new Request(url, {
      method,
      headers: [...headers].map(([name, value]): [string, string] => [name, value]),
      ...(hasBody && { body: ReadableStream.from(owned(body())), duplex: "half" }),
    });
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

async function toHttpResponse(response: Response, method: string): Promise<HttpResponse> {
  const { status, headers, body } = response;
  const fields = [...headers].filter(([name]) => !OWN_FIELDS.has(name));
  const length = headers.get("content-length");
  const bytes = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  if (body === null) return { status, fields, body: new Uint8Array(0) };
  if (method === "HEAD" || status === 204 || status === 304) {
    await body.cancel();
    return { status, fields, body: { bytes, pieces: ReadableStream.from([]) } };
  }
  if (bytes !== undefined) return { status, fields, body: { bytes, pieces: body } };
  return { status, fields, body: await measured(body) };
}

/** A body that is complete, such as a text, has a length; a stream has none. */
async function measured(body: ReadableStream<Uint8Array>): Promise<HttpResponse["body"]> {
  const reader = body.getReader();
  const first = await reader.read();
  if (first.done) return new Uint8Array(0);
  const next = reader.read();
  next.catch(() => {});
  const later = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => later.resolve(undefined), 0);
  const second = await Promise.race([next, later.promise]);
  clearTimeout(timer);
  if (second?.done) return first.value;
  return { bytes: undefined, pieces: pieces() };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      yield first.value!;
      for (let piece = await next; !piece.done; piece = await reader.read()) yield piece.value;
    } finally {
      // The source of the stream learns that the client has disconnected.
      await reader.cancel();
    }
  }
}
