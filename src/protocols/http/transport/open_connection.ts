/**
 * Connections to servers: straight, through a tunnel of an HTTP proxy, or through SOCKS.
 *
 * @module
 */

import { closeQuietly, connectThroughSocks, describeProxy } from "../../../net/internal.ts";
import {
  ByteReader,
  ConnectError,
  type Connection,
  type Deadline,
  type DestinationGate,
  dial,
  type Endpoint,
  formatEndpoint,
  type HostEndpoint,
  type Network,
  type ProxyServer,
  secure,
  type SecureConnection,
  type TlsTrust,
  type WaitOptions,
  writeAll,
} from "../../../net/mod.ts";
import type { Transcript } from "../../wire/mod.ts";
import { readResponseHead } from "../codec/response_head.ts";
import type { Authenticator } from "./authentication.ts";
import { showHead } from "./show_head.ts";

/** Where to, and how. */
export interface OpenConnectionOptions {
  /** Where to connect. */
  readonly network: Network;
  /** The server. */
  readonly endpoint: Endpoint;
  /** The name that its certificate must bear; no TLS if absent. */
  readonly certificateName: string | undefined;
  /** The proxy; none if absent. */
  readonly proxy: ProxyServer | undefined;
  /** Whether the proxy is to connect to the server; else it forwards requests. */
  readonly isTunnelled: boolean;
  /** Logs in at an HTTP proxy. */
  readonly proxyLogin: Authenticator | undefined;
  /** Trusted authorities, and our certificate. */
  readonly trust: TlsTrust;
  /** Decides about a host that the user did not name. */
  readonly gate: DestinationGate | undefined;
  /** Looks the name up, to measure how long that takes. */
  readonly lookUp:
    | ((hostname: string, endpoint: HostEndpoint) => Promise<HostEndpoint>)
    | undefined;
  /** Longest time, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Longest time for the whole request, and its signal. */
  readonly deadline: Deadline;
  /** Where the dialogue with a proxy is recorded. */
  readonly transcript: Transcript | undefined;
}

/** A connection, and how long its parts took in milliseconds. */
export interface OpenedConnection {
  readonly connection: Connection | SecureConnection;
  readonly lookUpMs: number;
  readonly connectMs: number;
  readonly tlsMs: number;
}

/** Most logins at a proxy for one tunnel. */
const MAX_LOGINS = 3;

/**
 * Opens a connection.
 *
 * @param options Where to, and how.
 * @returns The connection, behind the proxy and inside TLS.
 * @throws {ConnectError|TimeoutError} If the server or the proxy cannot be reached, or the proxy refuses.
 * @throws {TlsError} If TLS could not be agreed on.
 */
export async function openConnection(options: OpenConnectionOptions): Promise<OpenedConnection> {
  const { endpoint, certificateName, proxy, isTunnelled, trust, deadline } = options;
  let lookUpMs = 0;
  const begin = performance.now();
  const reach = async (): Promise<Connection> => {
    if (proxy === undefined || "path" in endpoint) {
      if (options.gate !== undefined && !("path" in endpoint)) {
        return await options.gate.connect(endpoint, options.network, waits(options));
      }
      if (options.lookUp === undefined || "path" in endpoint) {
        return await straight(options, endpoint);
      }
      const before = performance.now();
      const found = await options.lookUp(endpoint.hostname, endpoint);
      lookUpMs = performance.now() - before;
      return await straight(options, found);
    }
    if (proxy.kind === "socks5") return await throughSocks(options, proxy, endpoint);
    const connection = await toProxy(options, proxy);
    return isTunnelled ? await throughTunnel(options, proxy, endpoint, connection) : connection;
  };
  const plain = await reach();
  const connected = performance.now();
  const connectMs = connected - begin - lookUpMs;
  if (certificateName === undefined) return { connection: plain, lookUpMs, connectMs, tlsMs: 0 };
  const connection = await secure(plain, {
    ...trust,
    role: "client",
    hostname: certificateName,
    alpnProtocols: ["http/1.1"],
    timeoutMs: options.connectTimeoutMs,
    signal: deadline.signal,
    reconnect: reach,
  });
  return { connection, lookUpMs, connectMs, tlsMs: performance.now() - connected };
}

function waits({ connectTimeoutMs, deadline }: OpenConnectionOptions): WaitOptions {
  return { timeoutMs: connectTimeoutMs, signal: deadline.signal };
}

async function straight(options: OpenConnectionOptions, endpoint: Endpoint): Promise<Connection> {
  return await dial(endpoint, { network: options.network, ...waits(options) });
}

/** The connection to a proxy, itself inside TLS if it is to be. */
async function toProxy(options: OpenConnectionOptions, proxy: ProxyServer): Promise<Connection> {
  const connection = await straight(options, proxy.endpoint).catch((cause) => {
    if (!(cause instanceof ConnectError)) throw cause;
    throw new ConnectError(`proxy: ${cause.reason}`, {
      operation: "connect",
      peer: describeProxy(proxy),
      kind: cause.kind,
      cause,
    });
  });
  if (proxy.kind !== "https") return connection;
  return await secure(connection, {
    ...options.trust,
    // Our certificate is for the server.
    cert: undefined,
    key: undefined,
    role: "client",
    hostname: proxy.endpoint.hostname,
    alpnProtocols: ["http/1.1"],
    ...waits(options),
  });
}

async function throughSocks(
  options: OpenConnectionOptions,
  proxy: ProxyServer,
  endpoint: HostEndpoint,
): Promise<Connection> {
  const { user, password } = proxy.credentials ?? {};
  options.transcript?.record(
    "*",
    `${describeProxy(proxy)} connects to ${formatEndpoint(endpoint)}`,
  );
  return await connectThroughSocks(await toProxy(options, proxy), endpoint, {
    ...waits(options),
    credentials: user === undefined ? undefined : { user, password: password! },
  });
}

/** Asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6). */
async function throughTunnel(
  options: OpenConnectionOptions,
  proxy: ProxyServer,
  endpoint: HostEndpoint,
  first: Connection,
): Promise<Connection> {
  const { deadline, proxyLogin, transcript } = options;
  const target = formatEndpoint(endpoint);
  const peer = describeProxy(proxy);
  for (let connection = first, logins = 0;;) {
    const reader = new ByteReader(connection, { deadline, peer });
    try {
      const login = proxyLogin?.authorize({ method: "CONNECT", target });
      const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`];
      if (login !== undefined) lines.push(`Proxy-Authorization: ${login}`);
      showHead(transcript, "C", lines);
      const text = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
      await deadline.wait(writeAll(connection, text), () => closeQuietly(connection));
      const head = await readResponseHead(reader, "CONNECT");
      if (head === undefined) {
        throw new ConnectError("the proxy closed the connection", { operation: "connect", peer });
      }
      showHead(transcript, "S", [`${head.status} ${head.reason}`, ...head.headers]);
      if (head.status >= 200 && head.status < 300) {
        if (reader.buffered === 0) return connection;
        throw new ConnectError("the proxy sent more than its answer", {
          operation: "connect",
          peer,
        });
      }
      const mayRetry = await proxyLogin?.learn(
        head.headers,
        head.status === 407,
        login !== undefined,
        true,
      );
      if (mayRetry !== true || ++logins > MAX_LOGINS) {
        throw new ConnectError(
          head.status === 407
            ? proxyLogin === undefined
              ? "the proxy requires a user and a password"
              : "the proxy does not accept user and password"
            : `the proxy refuses to connect: ${head.status}`,
          { operation: `connect to ${target}`, peer, kind: "refused" },
        );
      }
    } catch (error) {
      closeQuietly(connection);
      throw error;
    }
    // The next attempt is made on a new connection: what a proxy sends behind a refusal is of no use.
    closeQuietly(connection);
    connection = await toProxy(options, proxy);
  }
}
