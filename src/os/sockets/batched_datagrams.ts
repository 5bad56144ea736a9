/**
 * Sockets for datagrams that take and send many with one call of the system.
 *
 * @module
 */

import {
  type Address,
  type DatagramConnection,
  formatEndpoint,
  type MulticastMembership,
  type Network,
  type NetwrightError,
  overrideNetwork,
  UnsupportedError,
} from "../../net/mod.ts";
import {
  bindDatagrams,
  closeDatagrams,
  datagramErrno,
  datagramName,
  datagramSocket,
  openDatagramCalls,
  ReceiveBatch,
  SendBatch,
  setDatagramOption,
} from "./datagram_batch.ts";
import { POLL, poller } from "./poller.ts";
import { openSocketCalls } from "../libc/socket_calls.ts";
import { AF_INET, AF_INET6, decodeSockaddr, encodeSockaddr } from "./sockaddr.ts";
import { ERRNO, systemCallError } from "../libc/system_call_error.ts";

/** How many batches are taken before timers and signals have their turn. */
const BATCHES_AT_ONCE = 16;
/** Options of groups (Linux, `in.h`). */
const MULTICAST_V4 = { level: 0, join: 35, leave: 36, loopback: 34, hops: 33 };
/** Options of groups (Linux, `in6.h`). */
const MULTICAST_V6 = { level: 41, join: 20, leave: 21, loopback: 19, hops: 18 };
/** Options that keep refusals: IP_RECVERR, IPV6_RECVERR. */
const KEEP_REFUSALS = { 4: [0, 11], 6: [41, 25] } as const;
/** How many addresses are remembered. */
const MAX_NAMES = 65_536;

/** How batched sockets behave. */
export interface BatchedDatagramsOptions {
  /**
   * Whether `receive` rejects with a `ConnectError` that names the peer when a host reports that a port is closed;
   * for clients, which need to know. @default {false}
   */
  readonly refusals?: boolean | undefined;
}

/**
 * Gives a network whose UDP sockets use `recvmmsg` and `sendmmsg`; all else is the other network's. Several times as many
 * datagrams go through such a socket as through the runtime's own.
 *
 * @param network The other network.
 * @param options Whether refusals are reported.
 * @returns The network.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {CapabilityError} If the process may not load the C library.
 *
 * @example A fast echo server
 * ```ts
 * import { batchedDatagrams } from "./batched_datagrams.ts";
 * import { parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { serveDatagrams } from "@netwright/netwright/servers";
 * async function serve(): Promise<void> {
 *   const network = batchedDatagrams(systemNetwork());
 *   const endpoint = parseEndpoint("127.0.0.1:7", { transport: "udp" });
 *   const echo = { name: "echo", reply: (message: Uint8Array) => message };
 *   await using server = serveDatagrams(echo, { network, endpoint });
 *   await server.finished;
 * }
 * ```
 */
export function batchedDatagrams(
  network: Network,
  { refusals = false }: BatchedDatagramsOptions = {},
): Network {
  openDatagramCalls();
  openSocketCalls();
  return overrideNetwork(network, {
    listenDatagram(options): DatagramConnection {
      if (options.transport !== "udp") return network.listenDatagram(options);
      const { hostname = "127.0.0.1", port, reuseAddress = false } = options;
      return new BatchedDatagrams(hostname, port, reuseAddress, refusals);
    },
  });
}

/** Called for datagrams that could not be sent. */
type OnFailure = (error: unknown, addr: Address) => void;

class BatchedDatagrams implements DatagramConnection {
  readonly addr: Address;
  readonly #fd: number;
  readonly #received = new ReceiveBatch();
  #next = 0;
  #count = 0;
  #batches = 0;
  #receiving = false;
  readonly #sending = new SendBatch();
  /** How many of them the system took. */
  #sent = 0;
  readonly #posted: (readonly [OnFailure, Address])[] = [];
  #flushing: Promise<void> | undefined;
  #closed = false;
  /** Refusals that are not reported yet; absent if they are not to be reported. */
  readonly #refusals: NetwrightError[] | undefined;
  #refused: ReceiveBatch | undefined;
  /** Addresses of IPv4 that were met, by number. */
  readonly #senders = new Map<number, Address>();
  /** How the system writes addresses. */
  readonly #names = new WeakMap<Address, Uint8Array>();

  constructor(hostname: string, port: number, shared: boolean, refusals: boolean) {
    this.#refusals = refusals ? [] : undefined;
    const name = encodeSockaddr({ hostname, port });
    const context = { operation: "bind", peer: `${hostname}:${port}` };
    this.#fd = datagramSocket(hostname.includes(":") ? AF_INET6 : AF_INET);
    if (this.#fd < 0) throw systemCallError(datagramErrno(), context);
    if (bindDatagrams(this.#fd, name, shared) < 0) {
      const code = datagramErrno();
      closeDatagrams(this.#fd);
      throw systemCallError(code, context);
    }
    if (refusals) {
      const [level, option] = KEEP_REFUSALS[hostname.includes(":") ? 6 : 4];
      setDatagramOption(this.#fd, level, option, new Uint8Array(Int32Array.of(1).buffer));
    }
    this.addr = { transport: "udp", ...decodeSockaddr(datagramName(this.#fd))! };
  }

  async receive(p?: Uint8Array): Promise<[Uint8Array, Address]> {
    if (this.#next === this.#count) await this.#fill();
    const n = this.#next++;
    const bytes = this.#received.datagram(n);
    const sender = this.#senderOf(n);
    if (p === undefined) return [bytes.slice(), sender];
    const count = Math.min(p.length, bytes.length);
    p.set(count === bytes.length ? bytes : bytes.subarray(0, count));
    return [p.subarray(0, count), sender];
  }

  /** Waits for the next batch. */
  async #fill(): Promise<void> {
    if (this.#receiving) throw new Deno.errors.Busy("Another receive is under way");
    this.#receiving = true;
    try {
      while (true) {
        await this.#flush();
        const refusal = this.#refusals?.shift();
        if (refusal !== undefined) throw refusal;
        if (this.#closed) throw new Deno.errors.BadResource("Bad resource ID");
        if (this.#batches++ < BATCHES_AT_ONCE) {
          const count = this.#received.receive(this.#fd);
          if (count > 0) {
            [this.#next, this.#count] = [0, count];
            return;
          }
          const code = count < 0 ? datagramErrno() : ERRNO.EAGAIN;
          if (this.#takeRefusals(code)) continue;
          if (code !== ERRNO.EAGAIN && code !== ERRNO.EINTR) {
            throw systemCallError(code, { operation: "receive" });
          }
        }
        this.#batches = 0;
        await this.#ready(POLL.in);
      }
    } finally {
      this.#receiving = false;
    }
  }

  /** Takes the refusals; the last call's error has the reason. */
  #takeRefusals(code: number): boolean {
    if (this.#refusals === undefined || code === ERRNO.EINTR) return false;
    // In memory of its own: received datagrams may not have been taken yet.
    const refused = this.#refused ??= new ReceiveBatch();
    const count = refused.receiveRefused(this.#fd);
    // The reason is reported once for all that are queued; without it, it was reported before.
    const reason = code === ERRNO.EAGAIN ? ERRNO.ECONNREFUSED : code;
    for (let n = 0; n < count; n++) {
      const address = decodeSockaddr(refused.name(n));
      if (address === undefined) continue;
      const peer = formatEndpoint({ transport: "udp", ...address });
      this.#refusals.push(systemCallError(reason, { operation: "receive", peer }));
    }
    return count > 0;
  }

  async #ready(events: number): Promise<void> {
    try {
      await poller().wait(this.#fd, events);
    } catch (error) {
      if (this.#closed) throw new Deno.errors.Interrupted("operation canceled");
      throw error;
    }
  }

  #senderOf(n: number): Address {
    const number = this.#received.sender(n);
    const known = number === undefined ? undefined : this.#senders.get(number);
    if (known !== undefined) return known;
    const name = this.#received.name(n).slice();
    const address: Address = { transport: "udp", ...decodeSockaddr(name)! };
    this.#names.set(address, name);
    if (this.#senders.size >= MAX_NAMES) this.#senders.clear();
    if (number !== undefined) this.#senders.set(number, address);
    return address;
  }

  async send(p: Uint8Array, addr: Address): Promise<number> {
    let failure: unknown;
    this.post(p, addr, (error) => failure = error);
    await this.#flush();
    if (failure !== undefined) throw failure;
    return p.length;
  }

  post(p: Uint8Array, addr: Address, onFailure: OnFailure): void {
    if (this.#closed) return onFailure(new Deno.errors.BadResource("Bad resource ID"), addr);
    let name: Uint8Array;
    try {
      name = this.#nameOf(addr);
    } catch (error) {
      return onFailure(error, addr);
    }
    if (!this.#sending.add(p, name)) {
      this.#sendNow();
      if (!this.#sending.add(p, name)) {
        return onFailure(new UnsupportedError("the socket's buffer is full"), addr);
      }
    }
    this.#posted.push([onFailure, addr]);
    // A datagram that is posted while others wait is sent with the next ones.
    if (this.#next === this.#count && this.#flushing === undefined) {
      queueMicrotask(() => void this.#flush());
    }
  }

  #nameOf(addr: Address): Uint8Array {
    const known = this.#names.get(addr);
    if (known !== undefined) return known;
    if (!("hostname" in addr)) throw new UnsupportedError("only UDP is sent to");
    const name = encodeSockaddr(addr);
    this.#names.set(addr, name);
    return name;
  }

  /** Sends the posted datagrams; waits if the system has no room. */
  #flush(): Promise<void> {
    if (this.#flushing !== undefined) return this.#flushing.then(() => this.#flush());
    if (this.#sendNow()) return Promise.resolve();
    return this.#flushing = this.#sendLater().finally(() => this.#flushing = undefined);
  }

  async #sendLater(): Promise<void> {
    do {
      await this.#ready(POLL.out).catch(() => {});
    } while (!this.#sendNow());
  }

  /** Sends as many as the system takes; returns whether that was all. */
  #sendNow(): boolean {
    const batch = this.#sending;
    while (this.#sent < batch.count && !this.#closed) {
      const sent = batch.send(this.#fd, this.#sent);
      if (sent > 0) {
        this.#sent += sent;
        continue;
      }
      const code = datagramErrno();
      if (code === ERRNO.EINTR) continue;
      if (code === ERRNO.EAGAIN) break;
      // That is about an earlier one, and reported once.
      if (code === ERRNO.ECONNREFUSED && this.#takeRefusals(code)) continue;
      // The first one is at fault; the others may go.
      const [onFailure, addr] = this.#posted[this.#sent++]!;
      onFailure(systemCallError(code, { operation: "send" }), addr);
    }
    const isAll = this.#sent >= batch.count || this.#closed;
    if (isAll) {
      batch.clear();
      this.#sent = 0;
      this.#posted.length = 0;
    }
    return isAll;
  }

  async joinMulticastV4(group: string, networkInterface: string): Promise<MulticastMembership> {
    const name = (address: string) => encodeSockaddr({ hostname: address, port: 0 }).subarray(4, 8);
    const which = Uint8Array.of(...name(group), ...name(networkInterface));
    return await this.#join(MULTICAST_V4, which);
  }

  async joinMulticastV6(group: string, networkInterface: number): Promise<MulticastMembership> {
    const which = new Uint8Array(20);
    which.set(encodeSockaddr({ hostname: group, port: 0 }).subarray(8, 24));
    new DataView(which.buffer).setUint32(16, networkInterface, true);
    return await this.#join(MULTICAST_V6, which);
  }

  async #join(
    { level, join, leave, loopback, hops }: typeof MULTICAST_V4,
    which: Uint8Array<ArrayBuffer>,
  ): Promise<MulticastMembership> {
    const set = (option: number, value: Uint8Array<ArrayBuffer>, operation: string): void => {
      if (this.#closed) throw new Deno.errors.BadResource("Bad resource ID");
      if (setDatagramOption(this.#fd, level, option, value) === 0) return;
      throw systemCallError(datagramErrno(), { operation });
    };
    const number = (value: number) => new Uint8Array(Int32Array.of(value).buffer);
    set(join, which, "join");
    return await Promise.resolve({
      leave: async () => await set(leave, which, "leave"),
      setLoopback: async (on: boolean) => await set(loopback, number(Number(on)), "set loopback"),
      setTTL: async (count: number) => await set(hops, number(count), "set hops"),
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#sendNow();
    this.#closed = true;
    poller().forget(this.#fd);
    closeDatagrams(this.#fd);
  }
}
