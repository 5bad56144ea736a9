/**
 * From an endpoint to a listener.
 *
 * @module
 */

import { checkEndpoint } from "../../net/internal.ts";
import {
  type Address,
  type DatagramConnection,
  type Endpoint,
  formatEndpoint,
  type Listener,
  type Network,
  parseEndpoint,
  UnsupportedError,
  UsageError,
} from "../../net/mod.ts";

/**
 * Reads where a server is to listen.
 *
 * @param endpoint An endpoint, or its text: `host:port`, `:port` of 127.0.0.1, `unix:/path`.
 * @param transport The transport of a text without one.
 * @returns The endpoint.
 * @throws {UsageError} If it is malformed.
 */
export function listeningEndpoint(
  endpoint: Endpoint | string,
  transport: "tcp" | "udp" = "tcp",
): Endpoint {
  if (typeof endpoint === "string") {
    return parseEndpoint(endpoint, { defaultHost: "127.0.0.1", transport });
  }
  if (typeof endpoint !== "object" || endpoint === null) {
    throw new UsageError("endpoint is missing");
  }
  checkEndpoint(endpoint);
  return endpoint;
}

/**
 * Listens for streams.
 *
 * @param network Where.
 * @param endpoint The address; port 0 picks a free one.
 * @returns The listener, and the endpoint with its real port.
 * @throws {UnsupportedError} If the endpoint is one for datagrams.
 */
export function listenOn(network: Network, endpoint: Endpoint): [Listener, Endpoint] {
  if ("path" in endpoint && endpoint.transport === "unix") {
    return [network.listen({ transport: "unix", path: endpoint.path }), endpoint];
  }
  if (endpoint.transport !== "tcp") {
    throw new UnsupportedError("this service speaks over streams only", {
      operation: "listen",
      peer: formatEndpoint(endpoint),
    });
  }
  const { hostname, port } = endpoint;
  const listener = network.listen({ transport: "tcp", hostname, port });
  return [listener, withRealPort(endpoint, listener.addr)];
}

/**
 * Binds a datagram socket.
 *
 * @param network Where.
 * @param endpoint The address; port 0 picks a free one.
 * @returns The socket, and the endpoint with its real port.
 * @throws {UnsupportedError} If the endpoint is one for streams.
 */
export function bindTo(network: Network, endpoint: Endpoint): [DatagramConnection, Endpoint] {
  if ("path" in endpoint && endpoint.transport === "unixpacket") {
    return [network.listenDatagram({ transport: "unixpacket", path: endpoint.path }), endpoint];
  }
  if (endpoint.transport !== "udp") {
    throw new UnsupportedError("this service speaks in datagrams only", {
      operation: "bind",
      peer: formatEndpoint(endpoint),
    });
  }
  const { hostname, port } = endpoint;
  const socket = network.listenDatagram({ transport: "udp", hostname, port });
  return [socket, withRealPort(endpoint, socket.addr)];
}

/** The endpoint that was asked for, with the port that it got. */
export function withRealPort<E extends Endpoint>(endpoint: E, addr: Address): E {
  return "port" in addr ? { ...endpoint, port: addr.port } : endpoint;
}
