/**
 * Questions and answers in datagrams, of which any may be lost, doubled, late or damaged.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { closeQuietly } from "../core/close.ts";
import type { Address, DatagramConnection } from "../core/connection.ts";
import { formatEndpoint } from "../address/endpoint.ts";
import { ConnectError, LimitError, TimeoutError } from "../core/errors.ts";
import { isFrom } from "../address/is_from.ts";
import type { Network } from "../core/network.ts";
import { RoundTrip, type RoundTripOptions } from "./round_trip.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** How requests are made. */
export interface DatagramRequestsOptions extends RoundTripOptions {
  /** Finds in an answer which request it belongs to; undefined if it is none. */
  readonly idOf: (answer: Uint8Array) => number | undefined;
  /** Checks whether an answer is complete; others count as lost. @default {each is} */
  readonly isWhole?: ((answer: Uint8Array, question: Uint8Array) => boolean) | undefined;
  /** Where the socket is bound. @default {any address of IPv4, any port} */
  readonly local?: { readonly hostname: string; readonly port: number } | undefined;
  /** How often a request is sent at most. @default {5} */
  readonly tries?: number | undefined;
  /** Longest answer in bytes; more is noticed as damage. @default {65_507} */
  readonly maxBytes?: number | undefined;
  /** How many requests may wait at once. @default {10_000} */
  readonly maxPending?: number | undefined;
  /** The time. @default {that of the wall} */
  readonly clock?: Clock | undefined;
}

/** Counters. `sent` is `requests + resent`; `received` is the sum of the counters of answers. */
export interface DatagramStatistics {
  /** Requests that were made. */
  requests: number;
  /** Datagrams that were sent. */
  sent: number;
  /** Of these, how many repeated a request. */
  resent: number;
  /** Datagrams that came. */
  received: number;
  /** Requests that were answered. */
  answered: number;
  /** Answers to requests that were answered already. */
  duplicates: number;
  /** Answers to requests that had timed out. */
  late: number;
  /** Answers that were not whole. */
  damaged: number;
  /** Datagrams that answer nothing, or come from another sender. */
  unknown: number;
  /** Answered requests that were overtaken by a later one. */
  reordered: number;
  /** Requests that were given up without an answer. */
  unanswered: number;
  /** Requests that failed: refused by the other host, or not sent. */
  failed: number;
}

/** An answer. */
export interface DatagramAnswer {
  /** The datagram. */
  readonly bytes: Uint8Array;
  /** The sender. */
  readonly sender: Address;
  /** From the last time that the request was sent, in milliseconds. */
  readonly roundTripMs: number;
  /** How often it was sent. */
  readonly tries: number;
}

/** How one request is made. */
export interface DatagramRequestOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

interface Pending {
  readonly id: number;
  readonly peer: Address;
  readonly question: Uint8Array;
  readonly settled: PromiseWithResolvers<DatagramAnswer>;
  tries: number;
  sentAt: number;
  timer?: ReturnType<typeof setTimeout>;
}

/** The state of a request. */
interface Ended {
  readonly isAnswered: boolean;
  /** Of one that was sent again: how long to wait. */
  readonly impatient: RoundTrip | undefined;
}

/** Number of finished requests that are kept, to recognise late answers. */
const REMEMBERED = 65_536;

/**
 * Makes requests to any number of hosts through one socket: each is sent again until it is answered, after a time that is
 * learned from the host's round trips (RFC 6298) and doubled each time.
 *
 * @example Numbered questions to an echo server
 * ```ts
 * import { DatagramRequests } from "./datagram_requests.ts";
 * import { systemNetwork } from "@netwright/netwright/net";
 * async function echo(hostname: string): Promise<string> {
 *   using requests = new DatagramRequests(systemNetwork(), {
 *     idOf: (answer) => Number(/^\d+/.exec(new TextDecoder().decode(answer))?.[0]),
 *   });
 *   const peer = { transport: "udp", hostname, port: 7 } as const;
 *   const question = (id: number) => new TextEncoder().encode(`${id}: hello`);
 *   return new TextDecoder().decode((await requests.request(peer, question)).bytes);
 * }
 * ```
 */
export class DatagramRequests implements Disposable {
  /** What happened so far. */
  readonly statistics: DatagramStatistics = {
    ...{ requests: 0, sent: 0, resent: 0, received: 0, answered: 0, duplicates: 0 },
    ...{ late: 0, damaged: 0, unknown: 0, reordered: 0, unanswered: 0, failed: 0 },
  };
  readonly #options: DatagramRequestsOptions;
  readonly #socket: DatagramConnection;
  readonly #pending = new Map<number, Pending>();
  /** Finished requests, oldest first. */
  readonly #ended = new Map<number, Ended>();
  readonly #roundTrips = new Map<string, RoundTrip>();
  readonly #newest = new Map<string, number>();
  #nextId = 1;
  #closed = false;

  /**
   * Binds a socket.
   * @param network Where.
   * @param options How answers are recognized; limits.
   */
  constructor(network: Network, options: DatagramRequestsOptions) {
    this.#options = options;
    const { hostname = "0.0.0.0", port = 0 } = options.local ?? {};
    this.#socket = network.listenDatagram({ transport: "udp", hostname, port });
    void this.#receive();
  }

  /** Where the socket is bound. */
  get addr(): Address {
    return this.#socket.addr;
  }

  /** How many requests wait. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Returns the estimated round-trip time of a host.
   * @param peer The host and port.
   * @returns The smoothed time in milliseconds; undefined while nothing is known.
   */
  roundTripMs(peer: Address): number | undefined {
    return this.#roundTrips.get(formatEndpoint(peer))?.smoothedMs;
  }

  /**
   * Makes a request.
   * @param peer The server. An answer must come from there; of a name only the port is known.
   * @param question Makes the question, which bears its number.
   * @param options Ends it early.
   * @returns The first whole answer.
   * @throws {TimeoutError} If none came.
   * @throws {ConnectError} If the other host reports that the port is closed, where the socket is notified.
   * @throws {LimitError} If too many wait.
   */
  async request(
    peer: Address,
    question: (id: number) => Uint8Array,
    { signal }: DatagramRequestOptions = {},
  ): Promise<DatagramAnswer> {
    const { maxPending = 10_000 } = this.#options;
    signal?.throwIfAborted();
    if (this.#closed) throw new TypeError("the socket is closed");
    if (this.#pending.size >= maxPending) {
      throw new LimitError(`${maxPending} requests wait already`, { limit: maxPending });
    }
    const id = this.#nextId++;
    const settled = Promise.withResolvers<DatagramAnswer>();
    const pending: Pending = { id, peer, question: question(id), settled, tries: 0, sentAt: 0 };
    this.#pending.set(id, pending);
    this.statistics.requests++;
    const abort = (): void => this.#fail(pending, signal!.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      this.#send(pending);
      return await settled.promise;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  #now(): number {
    return this.#options.clock?.now() ?? performance.now();
  }

  #roundTrip(peer: Address): RoundTrip {
    const key = formatEndpoint(peer);
    let roundTrip = this.#roundTrips.get(key);
    if (roundTrip === undefined) {
      this.#roundTrips.set(key, roundTrip = new RoundTrip(this.#options));
    }
    return roundTrip;
  }

  #send(pending: Pending): void {
    pending.tries++;
    pending.sentAt = this.#now();
    this.statistics.sent++;
    if (pending.tries > 1) this.statistics.resent++;
    // Many are sent before the first is known to be on its way.
    this.#socket.send(pending.question, pending.peer).catch((error) => {
      this.#fail(pending, this.#explained(error, pending.peer));
    });
    const tries = pending.tries;
    const { maxMs = 60_000 } = this.#options;
    const waitMs = Math.min(this.#roundTrip(pending.peer).timeoutMs * 2 ** (tries - 1), maxMs);
    const overdue = (): void => this.#overdue(pending, tries);
    const { clock } = this.#options;
    if (clock === undefined) pending.timer = setTimeout(overdue, waitMs);
    else clock.at(pending.sentAt + waitMs, overdue);
  }

  #overdue(pending: Pending, tries: number): void {
    if (this.#pending.get(pending.id) !== pending || pending.tries !== tries) return;
    if (tries >= (this.#options.tries ?? 5)) {
      this.#end(pending, false);
      this.statistics.unanswered++;
      pending.settled.reject(
        new TimeoutError(`no answer to ${tries} datagrams`, {
          operation: "ask",
          peer: formatEndpoint(pending.peer),
        }),
      );
      return;
    }
    this.#send(pending);
  }

  #fail(pending: Pending, error: unknown): void {
    if (this.#pending.get(pending.id) !== pending) return;
    this.#end(pending, false);
    this.statistics.failed++;
    pending.settled.reject(error);
  }

  #end({ id, tries, peer, timer }: Pending, isAnswered: boolean): void {
    clearTimeout(timer);
    this.#pending.delete(id);
    const impatient = tries > 1 ? this.#roundTrip(peer) : undefined;
    this.#ended.set(id, { isAnswered, impatient });
    if (this.#ended.size <= REMEMBERED) return;
    for (const oldest of this.#ended.keys()) {
      this.#ended.delete(oldest);
      break;
    }
  }

  #explained(error: unknown, peer: Address): unknown {
    return toNetwrightError(error, { operation: "ask", peer: formatEndpoint(peer) });
  }

  async #receive(): Promise<void> {
    const { maxBytes = 65_507 } = this.#options;
    // One byte more, so that a larger one is seen to be larger.
    const buffer = new Uint8Array(maxBytes + 1);
    while (!this.#closed) {
      try {
        const [bytes, sender] = await this.#socket.receive(buffer);
        this.statistics.received++;
        this.#take(bytes, sender, bytes.length > maxBytes);
      } catch (error) {
        if (this.#closed) return;
        this.#failReceiving(error);
      }
    }
  }

  /** A host's refusal is reported with its address, where the socket is notified at all. */
  #failReceiving(error: unknown): void {
    const waiting = [...this.#pending.values()];
    if (error instanceof ConnectError && error.peer !== undefined) {
      const refused = waiting.filter(({ peer }) => formatEndpoint(peer) === error.peer);
      return refused.forEach((pending) => this.#fail(pending, error));
    }
    this.#closed = true;
    closeQuietly(this.#socket);
    for (const pending of waiting) this.#fail(pending, this.#explained(error, pending.peer));
  }

  #take(bytes: Uint8Array, sender: Address, isCut: boolean): void {
    const { statistics } = this;
    const id = this.#options.idOf(bytes);
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (pending === undefined) {
      const ended = id === undefined ? undefined : this.#ended.get(id);
      if (ended === undefined) statistics.unknown++;
      else if (ended.isAnswered) statistics.duplicates++;
      else statistics.late++;
      // The first question was not lost: it was sent again too soon.
      ended?.impatient?.backOff();
      return;
    }
    if (!isFrom(sender, pending.peer)) {
      statistics.unknown++;
      return;
    }
    if (isCut || this.#options.isWhole?.(bytes, pending.question) === false) {
      statistics.damaged++;
      return;
    }
    statistics.answered++;
    this.#end(pending, true);
    const { tries, peer, sentAt } = pending;
    const roundTripMs = this.#now() - sentAt;
    if (tries === 1) this.#roundTrip(peer).sample(roundTripMs);
    const key = formatEndpoint(peer);
    const newest = this.#newest.get(key) ?? 0;
    if (pending.id < newest) statistics.reordered++;
    else this.#newest.set(key, pending.id);
    pending.settled.resolve({ bytes: bytes.slice(), sender, roundTripMs, tries });
  }

  /** Closes the socket; what waits fails. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    closeQuietly(this.#socket);
    for (const pending of [...this.#pending.values()]) {
      this.#fail(pending, new Deno.errors.Interrupted("the socket was closed"));
    }
  }
}
