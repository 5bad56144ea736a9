/**
 * ICMP echo: is a host there, and how far?
 *
 * @module
 */

import { parseIp, TimeoutError, UnsupportedError, type WaitOptions } from "../../net/mod.ts";
import { ERRNO, POLL, SystemCallError, SystemSocket } from "../../os/mod.ts";
import { decodeEchoReply, encodeEchoRequest, type IcmpEcho } from "./codec.ts";

const ICMP = 1;
const ICMPV6 = 58;

/** How {@link Pinger.ping} asks. */
export interface PingOptions extends WaitOptions {
  /** Bytes of data in the request. @default {56} */
  readonly size?: number | undefined;
}

/** A reply. */
export interface PingReply {
  /** Which request it answers. */
  readonly sequence: number;
  /** Who answered. */
  readonly from: string;
  /** Bytes of the message. */
  readonly bytes: number;
  /** Hops left; undefined where the kernel does not tell. */
  readonly ttl: number | undefined;
  /** From sending to receiving, in milliseconds. */
  readonly roundTripMs: number;
}

/**
 * Asks one host for echoes.
 *
 * @example Is it there?
 * ```ts
 * import { Pinger } from "@netwright/netwright";
 * async function roundTripMs(address: string): Promise<number> {
 *   using pinger = new Pinger(address);
 *   return (await pinger.ping({ timeoutMs: 1000 })).roundTripMs;
 * }
 * ```
 */
export class Pinger implements Disposable {
  /** How the system lets us ask: with a socket for echoes only, or with one for all ICMP. */
  readonly method: "datagram" | "raw";
  readonly #address: string;
  readonly #version: 4 | 6;
  readonly #socket: SystemSocket;
  readonly #identifier = Math.floor(Math.random() * 0x10000);
  #sequence = 0;

  /**
   * Opens the socket.
   * @param address An IP address.
   * @throws {RangeError} If it is none.
   * @throws {UnsupportedError} If the system lets this user send no echo requests; it says what is missing.
   */
  constructor(address: string) {
    const ip = parseIp(address);
    if (ip === undefined) throw new RangeError(`${JSON.stringify(address)} is no IP address`);
    this.#address = address;
    this.#version = ip.version;
    [this.#socket, this.method] = open(ip.version);
    this.#socket.reportHops();
  }

  /**
   * Sends one request and waits for its reply; replies to others are left alone.
   * @param options Size, longest time (default 1 second) and signal.
   * @returns The reply.
   * @throws {TimeoutError} If none came in time.
   * @throws {ConnectError} If the host or network cannot be reached.
   */
  async ping(options: PingOptions = {}): Promise<PingReply> {
    const { size = 56, timeoutMs = 1000, signal } = options;
    const sequence = this.#sequence = (this.#sequence + 1) & 0xffff;
    const data = crypto.getRandomValues(new Uint8Array(size));
    const request = { identifier: this.#identifier, sequence, data };
    const start = performance.now();
    this.#socket.send(encodeEchoRequest(this.#version, request), {
      hostname: this.#address,
      port: 0,
    });
    while (true) {
      const left = timeoutMs - (performance.now() - start);
      if (left <= 0) {
        throw new TimeoutError(`no reply within ${timeoutMs / 1000} s`, {
          operation: "ping",
          peer: this.#address,
        });
      }
      const reply = this.#take(request);
      if (reply !== undefined) return { ...reply, roundTripMs: performance.now() - start };
      try {
        await this.#socket.wait(POLL.in, { signal, timeoutMs: left });
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    }
  }

  #take(request: IcmpEcho): Omit<PingReply, "roundTripMs"> | undefined {
    const buffer = new Uint8Array(65_536);
    while (true) {
      const received = this.#socket.receiveWithHops(buffer);
      if (received === undefined) return undefined;
      const packet = buffer.subarray(0, received.count);
      // A raw IPv4 socket gives the header of IP too, whose length is in its first byte.
      const raw = this.method === "raw" && this.#version === 4;
      const header = raw ? (packet[0]! & 0x0f) * 4 : 0;
      const message = packet.subarray(header);
      const reply = decodeEchoReply(this.#version, message);
      // The kernel chooses the identifier of a datagram socket, and lets only its replies through.
      const ours = reply?.sequence === request.sequence &&
        (this.method === "datagram" || reply.identifier === request.identifier) &&
        isSame(reply.data, request.data);
      if (ours) {
        return {
          sequence: request.sequence,
          from: received.sender?.hostname ?? this.#address,
          bytes: message.length,
          ttl: received.hops,
        };
      }
    }
  }

  /** Closes the socket. */
  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function open(version: 4 | 6): [socket: SystemSocket, method: "datagram" | "raw"] {
  const protocol = version === 4 ? ICMP : ICMPV6;
  for (const type of ["datagram", "raw"] as const) {
    try {
      return [new SystemSocket({ version, type, protocol }), type];
    } catch (error) {
      const refused = error instanceof SystemCallError &&
        (error.errno === ERRNO.EACCES || error.errno === ERRNO.EPERM);
      if (!refused) throw error;
    }
  }
  throw new UnsupportedError("the system lets this user send no ICMP", {
    operation: "ping",
    hint: "the sysctl net.ipv4.ping_group_range must include a group of yours, " +
      "or the process needs CAP_NET_RAW",
  });
}
