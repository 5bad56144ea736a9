/**
 * ICMP echo: is a host there, and how far?
 *
 * @module
 */

import { withoutZone, withZoneOf } from "../../net/internal.ts";
import {
  ConnectError,
  NetwrightError,
  parseIp,
  TimeoutError,
  UnsupportedError,
  type WaitOptions,
} from "../../net/mod.ts";
import { ERRNO, POLL, SystemCallError, systemCallError, SystemSocket } from "../../os/internal.ts";
import { decodeEchoReply, encodeEchoRequest, sequenceOfRequest } from "./codec.ts";
import { describeIcmpError } from "./errors.ts";

const ICMP = 1;
const ICMPV6 = 58;
/** Most requests whose late replies are still known. */
const MAX_PENDING = 1024;

/** How {@link Pinger.ping} asks. */
export interface PingOptions extends WaitOptions {
  /** Bytes of data in the request. @default {56} */
  readonly size?: number | undefined;
}

/** How {@link Pinger.pings} asks. */
export interface PingsOptions extends PingOptions {
  /** Number of requests; `Infinity` continues until it is aborted. @default {4} */
  readonly count?: number | undefined;
  /** Time between two of them, in milliseconds. @default {1000} */
  readonly intervalMs?: number | undefined;
  /** Longest time for all, in milliseconds. @default {Infinity} */
  readonly totalMs?: number | undefined;
}

/** A reply. */
export interface PingReply {
  /** Which request it answers. */
  readonly sequence: number;
  /** Who answered. */
  readonly from: string;
  /** Bytes of the message. */
  readonly bytes: number;
  /** Hops left; undefined if the kernel does not report them. */
  readonly ttl: number | undefined;
  /** From sending to receiving, in milliseconds. */
  readonly roundTripMs: number;
  /** Whether the request was answered before. */
  readonly duplicate: boolean;
  /** Whether it came when it was not waited for any more. */
  readonly late: boolean;
  /** Position of the first byte that differs from the sent data; their length, if they were cut. */
  readonly changedAt: number | undefined;
}

/** What became of a request. */
export type PingEvent =
  /** It was sent. */
  | { readonly kind: "sent"; readonly sequence: number }
  /** It was answered. */
  | ({ readonly kind: "reply" } & PingReply)
  /** A router on the way, or this host, reported that it did not arrive. */
  | {
    readonly kind: "error";
    readonly sequence: number;
    readonly from: string | undefined;
    readonly reason: string;
  }
  /** No reply came in time. */
  | { readonly kind: "timeout"; readonly sequence: number };

/** A request that is under way. */
interface Request {
  readonly data: Uint8Array;
  readonly sentAt: number;
  state: "open" | "late" | "answered" | "failed";
}

/**
 * Asks one host for echoes.
 *
 * @example Is it there?
 * ```ts
 * import { Pinger } from "@netwright/netwright/icmp";
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
  readonly #requests = new Map<number, Request>();
  readonly #buffer = new Uint8Array(65_536);
  #sequence = 0;

  /**
   * Opens the socket.
   * @param address An IP address.
   * @throws {RangeError} If it is none.
   * @throws {UnsupportedError} If the system lets this user send no echo requests; the message has the reason.
   */
  constructor(address: string) {
    const ip = parseIp(withoutZone(address));
    if (ip === undefined) throw new RangeError(`${JSON.stringify(address)} is no IP address`);
    this.#address = address;
    this.#version = ip.version;
    [this.#socket, this.method] = open(ip.version);
    this.#socket.reportHops();
    this.#socket.reportErrors();
  }

  /**
   * Sends one request and waits for its reply.
   * @param options Size, longest time (default 1 second) and signal.
   * @returns The reply; it reports whether its data was changed on the way.
   * @throws {TimeoutError} If none came in time.
   * @throws {ConnectError} If the host or network cannot be reached, with the report of the router.
   */
  async ping(options: PingOptions = {}): Promise<PingReply> {
    const context = { operation: "ping", peer: this.#address };
    for await (const event of this.pings({ ...options, count: 1 })) {
      if (event.kind === "reply" && !event.duplicate && !event.late) {
        const { kind: _, ...reply } = event;
        return reply;
      }
      if (event.kind === "error") {
        const { from, reason } = event;
        throw new ConnectError(from === undefined ? reason : `${reason} (says ${from})`, {
          ...context,
          kind: "unreachable",
        });
      }
    }
    options.signal?.throwIfAborted();
    throw new TimeoutError(`no reply within ${(options.timeoutMs ?? 1000) / 1000} s`, context);
  }

  /**
   * Sends requests at intervals, and yields all replies, also late, repeated and changed ones, and errors of
   * the network. Messages for others are left alone.
   * @param options How many, how often, and how long each is waited for (default 1 second).
   * @returns What happens, in order, until each request has its end, or the signal is aborted.
   */
  async *pings(options: PingsOptions = {}): AsyncGenerator<PingEvent> {
    const { count = 4, intervalMs = 1000, timeoutMs = 1000, totalMs = Infinity, signal } = options;
    const end = performance.now() + totalMs;
    let [sent, next] = [0, performance.now()];
    while (!signal?.aborted) {
      const now = performance.now();
      if (now >= end) return;
      if (sent < count && now >= next) {
        sent++;
        next = Math.max(next + intervalMs, now);
        yield* this.#send(options.size ?? 56);
      }
      yield* this.#received();
      let wake = Math.min(end, sent < count ? next : Infinity);
      for (const [sequence, request] of this.#requests) {
        if (request.state !== "open") continue;
        const due = request.sentAt + timeoutMs;
        if (due > performance.now()) wake = Math.min(wake, due);
        else {
          request.state = "late";
          yield { kind: "timeout", sequence };
        }
      }
      if (wake === Infinity) return;
      await this.#wait(wake - performance.now(), signal);
    }
  }

  *#send(size: number): Generator<PingEvent> {
    const sequence = this.#sequence = (this.#sequence + 1) & 0xffff;
    const data = crypto.getRandomValues(new Uint8Array(size));
    const request: Request = { data, sentAt: performance.now(), state: "open" };
    this.#requests.set(sequence, request);
    if (this.#requests.size > MAX_PENDING) {
      this.#requests.delete(this.#requests.keys().next().value!);
    }
    const message = encodeEchoRequest(this.#version, {
      identifier: this.#identifier,
      sequence,
      data,
    });
    const to = { hostname: this.#address, port: 0 };
    yield { kind: "sent", sequence };
    // A report about an earlier request arrives as an error of the next call too.
    for (let tries = 0; tries < 3; tries++) {
      try {
        this.#socket.send(message, to);
        return;
      } catch (error) {
        if (!(error instanceof NetwrightError)) throw error;
        const before = [...this.#errors()];
        yield* before;
        if (before.length > 0 && request.state === "open" && tries < 2) continue;
        if (request.state !== "open") return;
        request.state = "failed";
        yield { kind: "error", sequence, from: undefined, reason: error.reason };
        return;
      }
    }
  }

  /** Takes all that has come. */
  *#received(): Generator<PingEvent> {
    yield* this.#errors();
    for (let tries = 0; tries < MAX_PENDING; tries++) {
      let received: ReturnType<SystemSocket["receiveWithHops"]>;
      try {
        received = this.#socket.receiveWithHops(this.#buffer);
      } catch (error) {
        if (!(error instanceof NetwrightError)) throw error;
        yield* this.#errors();
        continue;
      }
      if (received === undefined) return;
      const reply = this.#read(received);
      if (reply !== undefined) yield { kind: "reply", ...reply };
    }
  }

  #read(
    { count, sender, hops }: NonNullable<ReturnType<SystemSocket["receiveWithHops"]>>,
  ): PingReply | undefined {
    const packet = this.#buffer.subarray(0, count);
    // A raw IPv4 socket gives the header of IP too, whose length is in its first byte.
    const raw = this.method === "raw" && this.#version === 4;
    const header = raw ? (packet[0]! & 0x0f) * 4 : 0;
    const message = packet.subarray(header);
    const reply = decodeEchoReply(this.#version, message);
    const request = reply && this.#requests.get(reply.sequence);
    // The kernel chooses the identifier of a datagram socket, and lets only its replies through.
    const isOurs = this.method === "datagram" || reply?.identifier === this.#identifier;
    if (reply === undefined || request === undefined || !isOurs) return undefined;
    const { state } = request;
    request.state = "answered";
    return {
      sequence: reply.sequence,
      from: sender === undefined ? this.#address : withZoneOf(sender.hostname, this.#address),
      bytes: message.length,
      ttl: hops,
      roundTripMs: performance.now() - request.sentAt,
      duplicate: state === "answered",
      late: state === "late",
      changedAt: differenceOf(request.data, reply.data),
    };
  }

  /** Reports of the network about requests. */
  *#errors(): Generator<PingEvent> {
    for (
      let report = this.#socket.receiveError();
      report !== undefined;
      report = this.#socket.receiveError()
    ) {
      const { identifier, sequence } = sequenceOfRequest(this.#version, report.data) ?? {};
      const isOurs = this.method === "datagram" || identifier === this.#identifier;
      const request = sequence === undefined ? undefined : this.#requests.get(sequence);
      if (!isOurs || request === undefined || request.state === "answered") continue;
      request.state = "failed";
      const { icmp, type, code, offender: from } = report;
      const reason = icmp
        ? describeIcmpError(this.#version, type, code).text
        : systemCallError(report.errno, { operation: "ping" }).reason;
      yield { kind: "error", sequence: sequence!, from: icmp ? from : undefined, reason };
    }
  }

  async #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#socket.wait(POLL.in, { signal, timeoutMs: Math.max(0, ms) });
    } catch (error) {
      if (!(error instanceof TimeoutError) && !signal?.aborted) throw error;
    }
  }

  /** Closes the socket. */
  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** The first place where they differ; undefined if they are the same. */
function differenceOf(sent: Uint8Array, came: Uint8Array): number | undefined {
  const length = Math.min(sent.length, came.length);
  for (let at = 0; at < length; at++) if (sent[at] !== came[at]) return at;
  return sent.length === came.length ? undefined : length;
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
