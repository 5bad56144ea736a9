/**
 * All options of a socket, read and set by the system's own calls.
 *
 * @module
 */

import {
  SOCKET_OPTIONS,
  type SocketOptionName,
  type SocketOptions,
  type SocketOptionSupport,
  type SocketOptionTypes,
  UnsupportedError,
} from "../../net/mod.ts";
import { errno, libc } from "../libc/libc.ts";
import { systemCallError } from "../libc/system_call_error.ts";
import { SOL_SOCKET, SOL_TCP } from "../libc/linux.ts";

const SOL_IP = 0;
const SOL_IPV6 = 41;

/** Level and number of an option on Linux; where IPv6 has its own, that too. */
const NUMBERS: Readonly<
  Record<SocketOptionName, readonly [level: number, option: number, v6?: readonly [number, number]]>
> = {
  reuseAddress: [SOL_SOCKET, 2],
  broadcast: [SOL_SOCKET, 6],
  sendBuffer: [SOL_SOCKET, 7],
  receiveBuffer: [SOL_SOCKET, 8],
  keepAlive: [SOL_SOCKET, 9],
  oobInline: [SOL_SOCKET, 10],
  linger: [SOL_SOCKET, 13],
  reusePort: [SOL_SOCKET, 15],
  noDelay: [SOL_TCP, 1],
  keepAliveIdle: [SOL_TCP, 4],
  keepAliveInterval: [SOL_TCP, 5],
  keepAliveCount: [SOL_TCP, 6],
  typeOfService: [SOL_IP, 1, [SOL_IPV6, 67]],
  ttl: [SOL_IP, 2, [SOL_IPV6, 16]],
  multicastTtl: [SOL_IP, 33, [SOL_IPV6, 18]],
  multicastLoop: [SOL_IP, 34, [SOL_IPV6, 19]],
};

/** The kind of socket, as far as options depend on it. */
interface Kind {
  readonly version: 4 | 6;
  readonly type: "stream" | "datagram" | "raw";
}

/** The options of one socket, by its file descriptor. */
export class SystemSocketOptions implements SocketOptions {
  readonly #fd: number;
  readonly #kind: Kind;

  /**
   * Wraps a file descriptor.
   * @param fd The descriptor; it stays the owner's.
   * @param kind The kind of socket.
   */
  constructor(fd: number, kind: Kind) {
    this.#fd = fd;
    this.#kind = kind;
  }

  /** Returns the support for an option on this system. */
  support(name: SocketOptionName): SocketOptionSupport {
    const [level] = NUMBERS[name];
    if (level === SOL_TCP && this.#kind.type !== "stream") {
      return { get: false, set: false, reason: "only TCP sockets have it" };
    }
    return { get: true, set: true };
  }

  /** Reads an option. */
  get<N extends SocketOptionName>(name: N): SocketOptionTypes[N] {
    this.#require(name, "get");
    const [level, option] = this.#numbers(name);
    const value = new Uint8Array(8);
    const result = libc().getsockopt(this.#fd, level, option, value, Uint32Array.of(value.length));
    if (result < 0) {
      throw systemCallError(errno(), { operation: `read the socket option ${name}` });
    }
    const view = new DataView(value.buffer);
    const first = view.getInt32(0, true);
    // struct linger: whether, then seconds.
    const number = name === "linger" ? first === 0 ? -1 : view.getInt32(4, true) : first;
    return (SOCKET_OPTIONS[name] === "boolean" ? number !== 0 : number) as SocketOptionTypes[N];
  }

  /** Sets an option. */
  set<N extends SocketOptionName>(name: N, value: SocketOptionTypes[N]): void {
    this.#require(name, "set");
    const [level, option] = this.#numbers(name);
    const number = Number(value);
    const bytes = new Uint8Array(name === "linger" ? 8 : 4);
    const view = new DataView(bytes.buffer);
    if (name === "linger") {
      view.setInt32(0, number < 0 ? 0 : 1, true);
      view.setInt32(4, Math.max(0, number), true);
    } else view.setInt32(0, number, true);
    const result = libc().setsockopt(this.#fd, level, option, bytes, bytes.length);
    if (result < 0) {
      throw systemCallError(errno(), { operation: `set the socket option ${name}` });
    }
  }

  #numbers(name: SocketOptionName): readonly [level: number, option: number] {
    const [level, option, v6] = NUMBERS[name];
    return this.#kind.version === 6 && v6 !== undefined ? v6 : [level, option];
  }

  #require(name: SocketOptionName, what: "get" | "set"): void {
    const { reason, ...support } = this.support(name);
    if (support[what]) return;
    throw new UnsupportedError(reason ?? "not here", {
      operation: `${what === "get" ? "read" : "set"} the socket option ${name}`,
    });
  }
}
