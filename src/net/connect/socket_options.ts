/**
 * Options of sockets (SO_REUSEADDR and the like), typed, each saying whether this platform and this
 * socket can read and set it.
 *
 * @module
 */

import { UnsupportedError } from "../core/errors.ts";

/** What each option holds. */
export interface SocketOptionTypes {
  /** SO_REUSEADDR: bind an address that is in TIME_WAIT. */
  reuseAddress: boolean;
  /** SO_REUSEPORT: several sockets share a port. */
  reusePort: boolean;
  /** SO_KEEPALIVE: probe an idle connection. */
  keepAlive: boolean;
  /** SO_LINGER in seconds: how long `close` waits for unsent data; -1 is off, 0 resets. */
  linger: number;
  /** TCP_NODELAY: send small segments at once (no Nagle). */
  noDelay: boolean;
  /** SO_SNDBUF in bytes. */
  sendBuffer: number;
  /** SO_RCVBUF in bytes. */
  receiveBuffer: number;
  /** SO_BROADCAST: datagrams may go to a broadcast address. */
  broadcast: boolean;
  /** SO_OOBINLINE: urgent data stays in the stream. */
  oobInline: boolean;
  /** TCP_KEEPIDLE in seconds: idle time before the first probe. */
  keepAliveIdle: number;
  /** TCP_KEEPINTVL in seconds: time between probes. */
  keepAliveInterval: number;
  /** TCP_KEEPCNT: unanswered probes before the connection is dropped. */
  keepAliveCount: number;
  /** IP_TTL: hops that packets may take. */
  ttl: number;
  /** IP_TOS: type of service. */
  typeOfService: number;
  /** IP_MULTICAST_TTL: hops that multicast packets may take. */
  multicastTtl: number;
  /** IP_MULTICAST_LOOP: multicast packets come back to this host. */
  multicastLoop: boolean;
}

/** The name of an option. */
export type SocketOptionName = keyof SocketOptionTypes;

/** What can be done with an option on one socket. */
export interface SocketOptionSupport {
  /** Whether it can be read. */
  readonly get: boolean;
  /** Whether it can be set. */
  readonly set: boolean;
  /** Why not, or what to use instead. */
  readonly reason?: string;
}

/** The options of one socket. */
export interface SocketOptions {
  /** Returns the support for an option on this system. */
  support(name: SocketOptionName): SocketOptionSupport;
  /**
   * Reads an option.
   * @throws {UnsupportedError} If it cannot be read here; the message says why.
   */
  get<N extends SocketOptionName>(name: N): SocketOptionTypes[N];
  /**
   * Sets an option.
   * @throws {UnsupportedError} If it cannot be set here; the message says why.
   */
  set<N extends SocketOptionName>(name: N, value: SocketOptionTypes[N]): void;
}

/** Every option with the kind of its value, in the order of the table. */
export const SOCKET_OPTIONS: Readonly<Record<SocketOptionName, "boolean" | "number">> = {
  reuseAddress: "boolean",
  reusePort: "boolean",
  keepAlive: "boolean",
  linger: "number",
  noDelay: "boolean",
  sendBuffer: "number",
  receiveBuffer: "number",
  broadcast: "boolean",
  oobInline: "boolean",
  keepAliveIdle: "number",
  keepAliveInterval: "number",
  keepAliveCount: "number",
  ttl: "number",
  typeOfService: "number",
  multicastTtl: "number",
  multicastLoop: "boolean",
};

/** The methods of the runtime's own TCP connection beyond those of a {@link Connection}. */
interface RuntimeSocket {
  setNoDelay(on?: boolean): void;
  setKeepAlive(on?: boolean): void;
}

/**
 * Gives the options of any socket: those of the runtime can set `noDelay` and `keepAlive`, sockets made
 * with the system's own calls bring all options with them, others have none.
 *
 * @param socket A connection, a listener or a datagram socket.
 * @returns Its options; asking for one that it lacks throws an error that says why.
 *
 * @example Ask before setting
 * ```ts
 * import { type Connection, socketOptions } from "@netwright/netwright/net";
 * function disableNagle(connection: Connection): boolean {
 *   const options = socketOptions(connection);
 *   if (!options.support("noDelay").set) return false;
 *   options.set("noDelay", true);
 *   return true;
 * }
 * ```
 */
export function socketOptions(socket: object): SocketOptions {
  if ("socketOptions" in socket) return socket.socketOptions as SocketOptions;
  return new RuntimeSocketOptions(isRuntimeSocket(socket) ? socket : undefined);
}

function isRuntimeSocket(socket: object): socket is RuntimeSocket {
  return "setNoDelay" in socket && "setKeepAlive" in socket;
}

class RuntimeSocketOptions implements SocketOptions {
  readonly #socket: RuntimeSocket | undefined;

  constructor(socket: RuntimeSocket | undefined) {
    this.#socket = socket;
  }

  support(name: SocketOptionName): SocketOptionSupport {
    if (this.#socket !== undefined && (name === "noDelay" || name === "keepAlive")) {
      return { get: false, set: true, reason: "the runtime can set it but not read it" };
    }
    return {
      get: false,
      set: false,
      reason: this.#socket === undefined
        ? "this kind of socket has no such options"
        : "the runtime does not offer it; a socket made with the system's own calls does",
    };
  }

  get<N extends SocketOptionName>(name: N): SocketOptionTypes[N] {
    throw new UnsupportedError(this.support(name).reason ?? "not readable", {
      operation: `read the socket option ${name}`,
    });
  }

  set<N extends SocketOptionName>(name: N, value: SocketOptionTypes[N]): void {
    const support = this.support(name);
    if (!support.set) {
      throw new UnsupportedError(support.reason ?? "not settable", {
        operation: `set the socket option ${name}`,
      });
    }
    if (name === "noDelay") this.#socket!.setNoDelay(Boolean(value));
    else this.#socket!.setKeepAlive(Boolean(value));
  }
}
