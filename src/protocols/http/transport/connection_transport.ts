/**
 * HTTP/1.1 over connections of our own: kept open, through proxies, over UNIX sockets, with a transcript.
 *
 * @module
 */

import {
  checkOptions,
  closeQuietly,
  type OptionRules,
  withoutBrackets,
} from "../../../net/internal.ts";
import {
  type Connection,
  Deadline,
  DisconnectedError,
  type Endpoint,
  formatEndpoint,
  type HostEndpoint,
  type Network,
  ProtocolError,
  type ProxyServer,
  systemNetwork,
  type TlsTrust,
} from "../../../net/mod.ts";
import { Secret, type Transcript } from "../../wire/mod.ts";
import { Authenticator } from "./authentication.ts";
import { isRepeatable } from "./body.ts";
import { exchange } from "./exchange.ts";
import { type HttpRequest, isIdempotent, targetOf } from "./http_request.ts";
import { IdleConnections, type PooledConnection } from "./idle_connections.ts";
import { openConnection } from "./open_connection.ts";
import type { HttpTransport, SendOptions, TransportResponse } from "./transport.ts";

/** How connections are made. */
export interface ConnectionTransportOptions {
  /** Where to connect. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /** Trusted authorities, and a client certificate. */
  readonly trust?: TlsTrust | undefined;
  /** The proxy for a resource; undefined for none. */
  readonly proxyFor?: ((url: URL) => ProxyServer | undefined) | undefined;
  /** The UNIX socket that all connections are made to, whatever the URL. */
  readonly unixSocket?: string | undefined;
  /** Looks names up apart, so that the time for it is measured; its result is where to connect. */
  readonly lookUp?: ((hostname: string) => Promise<string>) | undefined;
  /** Longest time to connect, and to agree on TLS, in milliseconds. @default {30_000} */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest silence of the server, in milliseconds. @default {60_000} */
  readonly idleTimeoutMs?: number | undefined;
  /** Largest head of a response, in bytes. @default {262144} */
  readonly maxHeadBytes?: number | undefined;
  /** Where the dialogue is recorded; secrets are masked. */
  readonly transcript?: Transcript | undefined;
}

const RULES: OptionRules<ConnectionTransportOptions> = {
  network: "any",
  trust: "any",
  proxyFor: "any",
  unixSocket: "any",
  lookUp: "any",
  connectTimeoutMs: "time",
  idleTimeoutMs: "time",
  maxHeadBytes: "count",
  transcript: "any",
};

/** Most logins at a proxy for one request. */
const MAX_LOGINS = 3;

/**
 * Carries requests over HTTP/1.1.
 *
 * @example A request to a server in memory
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { ConnectionTransport } from "@netwright/netwright/http";
 * const network = memoryNetwork();
 * using listener = network.listen({ port: 80 });
 * const serving = listener.accept().then(async (connection) => {
 *   await connection.read(new Uint8Array(1000));
 *   await connection.write(new TextEncoder().encode("HTTP/1.1 204 Fine\r\n\r\n"));
 *   return connection;
 * });
 * using transport = new ConnectionTransport({ network });
 * const request = { method: "GET", url: new URL("http://127.0.0.1/"), fields: [] };
 * const response = await transport.send(request);
 * response.close();
 * if (response.status !== 204) throw new Error(response.reason);
 * (await serving).close();
 * ```
 */
export class ConnectionTransport implements HttpTransport {
  readonly #options: ConnectionTransportOptions;
  readonly #network: Network;
  readonly #idle: IdleConnections = new IdleConnections();
  /** What ends each response that is being read. */
  readonly #active = new Map<PooledConnection, () => void>();
  readonly #proxyLogins = new Map<string, Authenticator>();

  /**
   * Connects to nothing yet.
   * @param options How connections are made.
   * @throws {RangeError} If a time or a size makes no sense.
   */
  constructor(options: ConnectionTransportOptions = {}) {
    checkOptions(options, RULES);
    this.#options = options;
    this.#network = options.network ?? systemNetwork();
  }

  /** As {@link HttpTransport.send}. */
  async send(request: HttpRequest, options: SendOptions = {}): Promise<TransportResponse> {
    const { method, url, body } = request;
    const { unixSocket, idleTimeoutMs = 60_000 } = this.#options;
    const isSecure = url.protocol === "https:";
    const endpoint: Endpoint = unixSocket === undefined
      ? hostEndpoint(url)
      : { transport: "unix", path: unixSocket };
    const proxy = unixSocket === undefined ? this.#options.proxyFor?.(url) : undefined;
    const isForwarded = proxy !== undefined && proxy.kind !== "socks5" && !isSecure;
    const route: Route = { endpoint, isSecure, proxy, isForwarded };
    const login = this.#proxyLogin(proxy);
    const deadline = new Deadline(
      { signal: options.signal, timeoutMs: options.timeoutMs, idleTimeoutMs },
      { operation: method, peer: url.href },
    );
    const whole = new Deadline(
      { signal: options.signal, timeoutMs: options.timeoutMs },
      { operation: method, peer: url.href },
    );
    const dispose = (): void => {
      deadline[Symbol.dispose]();
      whole[Symbol.dispose]();
    };
    try {
      for (let logins = 0, mayReuse = true, isAsked = true;;) {
        deadline.throwIfExpired();
        const pooled = (mayReuse ? await this.#reuse(route, request, options) : undefined) ??
          await this.#open(route, options, deadline);
        this.#active.set(pooled, () => {
          dispose();
          closeQuietly(pooled.connection);
        });
        const proxyField = isForwarded
          ? login?.authorize({ method, target: absolute(url) })
          : undefined;
        let response: TransportResponse;
        try {
          response = await exchange(pooled, request, {
            ...options,
            deadline,
            whole,
            isAsked,
            ...(isForwarded && { target: absolute(url) }),
            ...(proxyField !== undefined && { more: [["Proxy-Authorization", proxyField]] }),
            maxHeadBytes: this.#options.maxHeadBytes ?? 262_144,
            transcript: this.#options.transcript,
            onEnd: (isReusable) => {
              dispose();
              this.#active.delete(pooled);
              if (isReusable) this.#idle.put(keyOf(route, options), pooled);
              else closeQuietly(pooled.connection);
            },
          });
        } catch (error) {
          this.#active.delete(pooled);
          closeQuietly(pooled.connection);
          // A server may close a connection at the moment at which it is used again.
          const isStale = pooled.uses > 0 && error instanceof DisconnectedError &&
            !pooled.hasAnswered;
          if (!isStale || !isIdempotent(method) || !isRepeatable(body)) throw error;
          mayReuse = false;
          continue;
        }
        if (response.status === 417 && isAsked && isRepeatable(body)) {
          // A server that cannot be asked is told (RFC 9110 §10.1.1).
          isAsked = false;
          response.close();
          continue;
        }
        if (isForwarded && login !== undefined) {
          const isRefused = response.status === 407;
          const wasSent = proxyField !== undefined;
          const mayRetry = await login.learn(response.headers, isRefused, wasSent, true);
          if (mayRetry && ++logins <= MAX_LOGINS && isRepeatable(body)) {
            response.close();
            continue;
          }
        }
        return response;
      }
    } catch (error) {
      dispose();
      throw error;
    }
  }

  /** Closes all connections, also those of responses that are being read. */
  [Symbol.dispose](): void {
    this.#idle.close();
    for (const end of this.#active.values()) end();
    this.#active.clear();
  }

  async #reuse(
    route: Route,
    { method }: HttpRequest,
    options: SendOptions,
  ): Promise<PooledConnection | undefined> {
    return await this.#idle.take(keyOf(route, options), !isIdempotent(method));
  }

  async #open(route: Route, options: SendOptions, deadline: Deadline): Promise<PooledConnection> {
    const { endpoint, isSecure, proxy, isForwarded } = route;
    const { trust = {}, lookUp, connectTimeoutMs = 30_000, transcript } = this.#options;
    const certificateName = isSecure
      ? "path" in endpoint ? "localhost" : endpoint.hostname
      : undefined;
    const opened = await openConnection({
      network: this.#network,
      endpoint,
      certificateName,
      proxy,
      isTunnelled: !isForwarded,
      proxyLogin: this.#proxyLogin(proxy),
      trust,
      gate: options.gate,
      lookUp: lookUp === undefined || "path" in endpoint || proxy !== undefined
        ? undefined
        : async (hostname, at) => ({ ...at, hostname: await lookUp(hostname) }),
      connectTimeoutMs,
      deadline,
      transcript,
    });
    transcript?.record("*", describe(opened.connection, isSecure));
    return IdleConnections.fresh(opened, formatEndpoint(endpoint));
  }

  #proxyLogin(proxy: ProxyServer | undefined): Authenticator | undefined {
    if (proxy?.credentials === undefined || proxy.kind === "socks5") return undefined;
    const { user, password } = proxy.credentials;
    const credentials = { user, password: new Secret(password) };
    const key = formatEndpoint(proxy.endpoint);
    let login = this.#proxyLogins.get(key);
    if (login === undefined) {
      this.#proxyLogins.set(key, login = new Authenticator(credentials, "proxy"));
    }
    return login;
  }
}

/** The way to a server. */
interface Route {
  readonly endpoint: Endpoint;
  readonly isSecure: boolean;
  readonly proxy: ProxyServer | undefined;
  readonly isForwarded: boolean;
}

/** Connections with the same key may stand for each other; what a gate let through is not what the user named. */
function keyOf({ endpoint, isSecure, proxy, isForwarded }: Route, options: SendOptions): string {
  const gate = options.gate === undefined ? "" : "gate ";
  const through = proxy === undefined ? "" : `${proxy.kind}://${formatEndpoint(proxy.endpoint)} `;
  // Requests to any server go over one connection to a proxy that forwards them.
  if (isForwarded) return `${gate}${through}`;
  return `${gate}${through}${isSecure ? "https" : "http"} ${formatEndpoint(endpoint)}`;
}

/**
 * Gives the endpoint of a URL's server.
 *
 * @param url The URL.
 * @returns Its host without brackets, and its port.
 * @throws {ProtocolError} If it is not `http:` or `https:`.
 */
export function hostEndpoint({ protocol, hostname, port }: URL): HostEndpoint {
  const usual = { "http:": 80, "https:": 443 }[protocol];
  if (usual === undefined) throw new ProtocolError(`${protocol} is not a scheme of HTTP`);
  return {
    transport: "tcp",
    hostname: withoutBrackets(hostname),
    port: port === "" ? usual : Number(port),
  };
}

function absolute(url: URL): string {
  return `${url.origin}${targetOf(url)}`;
}

function describe({ remoteAddr }: Connection, isSecure: boolean): string {
  return `connected to ${formatEndpoint(remoteAddr)}${isSecure ? ", TLS" : ""}`;
}
