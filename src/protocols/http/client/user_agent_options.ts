/**
 * How a user agent behaves.
 *
 * @module
 */

import type { OptionRules } from "../../../net/internal.ts";
import type { Capabilities, Network, WaitOptions } from "../../../net/mod.ts";
import type { HttpHeaders } from "../codec/headers.ts";
import type { HttpCredentials } from "../transport/authentication.ts";
import type { Hop } from "./client_response.ts";
import type { ConnectionTransportOptions } from "../transport/connection_transport.ts";
import type { CookieStore } from "./cookies.ts";
import type { RequestBody, RequestFields } from "../transport/http_request.ts";
import type { HttpTransport } from "../transport/transport.ts";

/** How a {@link UserAgent} behaves. */
export interface UserAgentOptions {
  /** Where names are looked up and connections are made. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /** What carries requests. @default {HTTP/1.1 over connections of the network} */
  readonly transport?: HttpTransport | undefined;
  /** How connections are made, without a transport. */
  readonly connection?: Omit<ConnectionTransportOptions, "network"> | undefined;
  /** The value of the field `User-Agent`; none is sent if it is empty. @default {"netwright"} */
  readonly userAgent?: string | undefined;
  /** Fields of every request; those that may be secrets go to the first origin of a request only. */
  readonly fields?: RequestFields | undefined;
  /** Who logs in at an origin; called once for each. The URL's own user counts more. */
  readonly credentialsFor?:
    | ((url: URL) => HttpCredentials | undefined | Promise<HttpCredentials | undefined>)
    | undefined;
  /** Whether passwords and tokens may go in clear text to other hosts than this one. @default {false} */
  readonly insecureAuth?: boolean | undefined;
  /** Whether the transport takes any certificate, so that TLS keeps no secret. @default {as the connection's trust says} */
  readonly isUnverified?: boolean | undefined;
  /** Where cookies are kept; they are ignored if absent. */
  readonly cookies?: CookieStore | undefined;
  /** Most redirects that are followed; 0 for none. @default {20} */
  readonly maxRedirects?: number | undefined;
  /** Where redirects may lead. @default {any host and port} */
  readonly capabilities?: Capabilities | undefined;
  /** Hosts that redirects may lead to although they have inner addresses, such as 127.0.0.1. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** How often a request is tried again when that may help. @default {0} */
  readonly retries?: number | undefined;
  /** Longest wait before another attempt, in milliseconds; if the server asks for more, its answer stands. @default {60_000} */
  readonly maxRetryDelayMs?: number | undefined;
  /** Whether compressed bodies are asked for, and decoded. @default {true} */
  readonly compression?: boolean | undefined;
  /** Most bytes of a decoded body. @default {1 GiB} */
  readonly maxDecodedBytes?: number | undefined;
}

/** Validation rules. */
export const USER_AGENT_RULES: OptionRules<UserAgentOptions> = {
  network: "any",
  transport: "any",
  connection: "any",
  userAgent: "any",
  fields: "any",
  credentialsFor: "any",
  insecureAuth: "flag",
  isUnverified: "flag",
  cookies: "any",
  maxRedirects: "whole",
  capabilities: "any",
  allowedHosts: "any",
  retries: "whole",
  maxRetryDelayMs: "time",
  compression: "flag",
  maxDecodedBytes: "count",
};

/** One request; the longest time is for all of it, with redirects, retries and the body. */
export interface RequestOptions extends WaitOptions {
  /** Fields beyond those of the agent. */
  readonly fields?: RequestFields | undefined;
  /** The body. */
  readonly body?: RequestBody | string | undefined;
  /** Whether a peer named the URL: then inner addresses are refused, as for redirects. @default {false} */
  readonly isNamedByPeer?: boolean | undefined;
  /** Called when a response is followed by another request. */
  readonly onHop?: ((hop: Hop) => void) | undefined;
  /** Called with each provisional response (1xx). */
  readonly onProvisional?: ((status: number, headers: HttpHeaders) => void) | undefined;
  /** Called with each number of bytes of the body that were sent. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  /** Called with each number of bytes of the response's body that were read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Validation rules. */
export const REQUEST_RULES: OptionRules<RequestOptions> = {
  signal: "signal",
  timeoutMs: "time",
  fields: "any",
  body: "any",
  isNamedByPeer: "flag",
  onHop: "any",
  onProvisional: "any",
  onSent: "any",
  onBytes: "any",
};
