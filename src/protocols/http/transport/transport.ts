/**
 * What carries a request to its server, and the response back.
 *
 * @module
 */

import type { DestinationGate, Reader, TlsSession, WaitOptions } from "../../../net/mod.ts";
import type { HttpHeaders } from "../codec/headers.ts";
import type { HttpRequest } from "./http_request.ts";

/** How long the phases of a request took, in milliseconds; those that did not happen are 0. */
export interface HttpTiming {
  /** Looking the name up; 0 where it is part of `connectMs`. */
  readonly lookUpMs: number;
  /** Making the connection, through a proxy if there is one. */
  readonly connectMs: number;
  /** Agreeing on TLS. */
  readonly tlsMs: number;
  /** Sending the request. */
  readonly sendMs: number;
  /** Waiting for the head of the response. */
  readonly waitMs: number;
}

/** A response whose body is still to be read. */
export interface TransportResponse {
  /** The status code. */
  readonly status: number;
  /** The reason phrase, which is the server's own; empty over HTTP/2. */
  readonly reason: string;
  /** The protocol: `1.0`, `1.1`, `2`. */
  readonly version: string;
  /** The header fields. */
  readonly headers: HttpHeaders;
  /** The body as it is transferred, behind its chunks. */
  readonly body: Reader;
  /** How long that took. */
  readonly timing: HttpTiming;
  /** The peer's address; undefined if it is not known. */
  readonly remote: string | undefined;
  /** The session of TLS, if it was to be looked at. */
  readonly tls: TlsSession | undefined;
  /** Whether the connection had been used before. */
  readonly isReused: boolean;
  /** Lets the connection go: for the next request if the body was read to its end. */
  close(): void;
}

/** How one request is carried. */
export interface SendOptions extends WaitOptions {
  /** Decides about a host that the user did not name; absent for one that was named. */
  readonly gate?: DestinationGate | undefined;
  /** Called with each provisional response (1xx). */
  readonly onProvisional?: ((status: number, headers: HttpHeaders) => void) | undefined;
  /** Called with the number of bytes of the body that were sent. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** Carries requests: over connections of our own, or by the platform's `fetch`. */
export interface HttpTransport extends Disposable {
  /**
   * Sends a request.
   * @param request The request.
   * @param options Longest time in all, a signal, and how to connect.
   * @returns The response; its body must be read or closed.
   * @throws {ConnectError|TimeoutError|DisconnectedError} If the server cannot be reached, or goes away.
   * @throws {TlsError} If TLS could not be agreed on.
   * @throws {ProtocolError|LimitError} If the response is malformed, or its head too large.
   */
  send(request: HttpRequest, options?: SendOptions): Promise<TransportResponse>;
}
