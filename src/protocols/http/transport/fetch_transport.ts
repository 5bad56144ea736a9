/**
 * HTTP/2 (RFC 9113) by the platform's own client.
 *
 * @module
 */

import { openHttp2Client, type PlatformClient } from "../../../net/internal.ts";
import {
  ConnectError,
  Deadline,
  DisconnectedError,
  escapeControls,
  type Network,
  type Reader,
  systemNetwork,
  type TlsTrust,
  toNetwrightError,
} from "../../../net/mod.ts";
import type { Transcript } from "../../wire/mod.ts";
import { HttpHeaders } from "../codec/headers.ts";
import { piecesOf } from "./body.ts";
import { hostEndpoint } from "./connection_transport.ts";
import { type HttpRequest, targetOf } from "./http_request.ts";
import { showHead } from "./show_head.ts";
import type { HttpTransport, SendOptions, TransportResponse } from "./transport.ts";

/** How the platform's client connects. */
export interface FetchTransportOptions {
  /** Where names are looked up that the user did not give. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /** Trusted authorities, and a client certificate. */
  readonly trust?: TlsTrust | undefined;
  /** Longest silence of the server, in milliseconds, until its response has begun. @default {60_000} */
  readonly idleTimeoutMs?: number | undefined;
  /** Where heads are recorded; secrets are masked. */
  readonly transcript?: Transcript | undefined;
}

/**
 * Carries requests over HTTP/2. Bodies come decoded, and their time cannot be divided into phases.
 *
 * @example A request over HTTP/2
 * ```ts
 * import { FetchTransport, UserAgent } from "@netwright/netwright/http";
 * async function status(url: string): Promise<number> {
 *   using agent = new UserAgent({ transport: new FetchTransport() });
 *   const response = await agent.request("HEAD", url);
 *   response.close();
 *   return response.status;
 * }
 * ```
 */
export class FetchTransport implements HttpTransport {
  readonly #options: FetchTransportOptions;
  readonly #client: PlatformClient;

  /**
   * Connects to nothing yet.
   * @param options How to connect.
   * @throws {UnsupportedError} If any certificate is to be taken.
   */
  constructor(options: FetchTransportOptions = {}) {
    this.#options = options;
    this.#client = openHttp2Client(options.trust ?? {});
  }

  /** As {@link HttpTransport.send}. */
  async send(request: HttpRequest, options: SendOptions = {}): Promise<TransportResponse> {
    const { method, url, body } = request;
    const { network = systemNetwork(), idleTimeoutMs = 60_000, transcript } = this.#options;
    const context = { operation: method, peer: url.href };
    const controller = new AbortController();
    const deadline = new Deadline(
      { signal: options.signal, timeoutMs: options.timeoutMs, idleTimeoutMs },
      context,
    );
    const abort = (): void => controller.abort();
    try {
      await options.gate?.admit(hostEndpoint(url), network, options.signal);
      showHead(transcript, "C", [
        `${method} ${targetOf(url)} HTTP/2`,
        `Host: ${url.host}`,
        ...request.fields,
      ]);
      const start = performance.now();
      const response = await deadline.wait(
        this.#client.fetch(url, {
          method,
          headers: request.fields.map(([name, value]): [string, string] => [name, value]),
          signal: controller.signal,
          ...(body !== undefined && { body: bodyOf(body, options) }),
        }),
        abort,
      );
      const headers = new HttpHeaders([...response.headers]);
      showHead(transcript, "S", [`HTTP/2 ${response.status}`, ...headers]);
      return {
        status: response.status,
        reason: "",
        version: "2",
        headers,
        timing: {
          ...{ lookUpMs: 0, connectMs: 0, tlsMs: 0, sendMs: 0 },
          waitMs: performance.now() - start,
        },
        remote: undefined,
        tls: undefined,
        isReused: false,
        body: readerOf(response, deadline, abort, context),
        close() {
          deadline[Symbol.dispose]();
          abort();
        },
      };
    } catch (error) {
      deadline[Symbol.dispose]();
      throw explained(error, context);
    }
  }

  /** Closes all connections. */
  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
  }
}

function bodyOf(body: NonNullable<HttpRequest["body"]>, { onSent }: SendOptions): BodyInit {
  if (body instanceof Uint8Array) {
    onSent?.(body.length);
    return body as Uint8Array<ArrayBuffer>;
  }
  return ReadableStream.from((async function* () {
    for await (const piece of piecesOf(body)) {
      yield piece;
      onSent?.(piece.length);
    }
  })());
}

function readerOf(
  response: Response,
  deadline: Deadline,
  abort: () => void,
  context: { operation: string; peer: string },
): Reader {
  const source = response.body?.getReader();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async read(p) {
      while (rest.length === 0) {
        if (source === undefined) return null;
        let next: ReadableStreamReadResult<Uint8Array>;
        try {
          next = await deadline.wait(source.read(), abort);
        } catch (error) {
          throw explained(error, context, true);
        }
        if (next.done) return null;
        rest = next.value;
      }
      const count = Math.min(p.length, rest.length);
      p.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
  };
}

/** The platform's client says "fetch failed", and the reason further down. */
function explained(
  error: unknown,
  context: { operation: string; peer: string },
  hasBegun = false,
): unknown {
  if (!(error instanceof TypeError)) return toNetwrightError(error, context);
  let deepest: unknown = error;
  while (deepest instanceof Error && deepest.cause !== undefined) deepest = deepest.cause;
  const text = deepest instanceof Error ? deepest.message : String(deepest);
  if (hasBegun) return new DisconnectedError("the body was cut off", { ...context, cause: error });
  return new ConnectError(
    `HTTP/2 failed: ${escapeControls(text.replace(/^.*?: (?=[^/])/, ""), { maxLength: 200 })}`,
    { ...context, cause: error, hint: "without --http2 HTTP/1.1 is spoken" },
  );
}
