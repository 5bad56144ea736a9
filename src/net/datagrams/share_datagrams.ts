/**
 * Many hosts, one socket.
 *
 * @module
 */

import { overrideNetwork } from "../core/override_network.ts";
import { closeQuietly } from "../core/close.ts";
import type { Address, DatagramConnection, MulticastMembership } from "../core/connection.ts";
import { UnsupportedError } from "../core/errors.ts";
import { isFrom } from "../address/is_from.ts";
import type { Network, UdpListenOptions } from "../core/network.ts";

/** Datagrams that wait to be received, of each part of a socket; more are lost, as datagrams may be. */
const MAX_WAITING = 64;
/** How many failures in a row say that nothing will come any more. */
const MAX_FAILURES = 100;

/**
 * Makes a network whose UDP sockets on any port are one socket for each address: a datagram goes to the user that last
 * sent to its sender. So any number of hosts are queried through one socket, by code that is not aware of it.
 *
 * @param network Where.
 * @returns The network; dispose of it to close the sockets.
 *
 * @example Ask several hosts
 * ```ts
 * import { askDatagram, type HostEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { shareDatagrams } from "./share_datagrams.ts";
 * async function askAll(hosts: readonly HostEndpoint[]): Promise<Uint8Array[]> {
 *   using network = shareDatagrams(systemNetwork());
 *   return await Promise.all(hosts.map((host) => askDatagram(host, new Uint8Array(0), { network })));
 * }
 * ```
 */
export function shareDatagrams(network: Network): Network & Disposable {
  const sockets = new Map<string, SharedSocket>();
  const shared = overrideNetwork(network, {
    listenDatagram(options): DatagramConnection {
      if (options.transport !== "udp" || options.port !== 0) return network.listenDatagram(options);
      const { hostname = "127.0.0.1" } = options;
      const socket = sockets.get(hostname) ?? new SharedSocket(network, options);
      sockets.set(hostname, socket);
      return socket.part();
    },
  });
  return {
    ...shared,
    [Symbol.dispose](): void {
      for (const socket of sockets.values()) socket[Symbol.dispose]();
    },
  };
}

/** One socket with its parts. */
class SharedSocket implements Disposable {
  readonly #socket: DatagramConnection;
  readonly #parts = new Set<Part>();
  #closed = false;

  constructor(network: Network, options: UdpListenOptions) {
    this.#socket = network.listenDatagram(options);
    void this.#receive();
  }

  part(): Part {
    const part = new Part(this.#socket, () => this.#parts.delete(part));
    this.#parts.add(part);
    return part;
  }

  async #receive(): Promise<void> {
    for (let failures = 0; !this.#closed && failures < MAX_FAILURES;) {
      try {
        const [bytes, sender] = await this.#socket.receive(new Uint8Array(65_536));
        failures = 0;
        const part = [...this.#parts].find((one) => one.expects(sender));
        part?.deliver([bytes, sender]);
      } catch (error) {
        failures++;
        for (const part of this.#parts) part.fail(error);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    closeQuietly(this.#socket);
  }
}

/** One user's view of the socket. */
class Part implements DatagramConnection {
  readonly addr: Address;
  readonly #socket: DatagramConnection;
  readonly #onClose: () => void;
  /** Peers to which datagrams were sent. */
  readonly #peers: Address[] = [];
  readonly #waiting: [Uint8Array, Address][] = [];
  #receiving: PromiseWithResolvers<[Uint8Array, Address]> | undefined;

  constructor(socket: DatagramConnection, onClose: () => void) {
    this.addr = socket.addr;
    this.#socket = socket;
    this.#onClose = onClose;
  }

  expects(sender: Address): boolean {
    return this.#waiting.length < MAX_WAITING && this.#peers.some((peer) => isFrom(sender, peer));
  }

  deliver(datagram: [Uint8Array, Address]): void {
    if (this.#receiving === undefined) return void this.#waiting.push(datagram);
    this.#receiving.resolve(datagram);
    this.#receiving = undefined;
  }

  fail(error: unknown): void {
    this.#receiving?.reject(error);
    this.#receiving = undefined;
  }

  async receive(p?: Uint8Array): Promise<[Uint8Array, Address]> {
    const next = this.#waiting.shift() ?? await this.#next();
    if (p === undefined) return next;
    const [bytes, sender] = next;
    const count = Math.min(p.length, bytes.length);
    p.set(bytes.subarray(0, count));
    return [p.subarray(0, count), sender];
  }

  #next(): Promise<[Uint8Array, Address]> {
    if (this.#receiving !== undefined) throw new Deno.errors.Busy("Another receive is under way");
    this.#receiving = Promise.withResolvers();
    return this.#receiving.promise;
  }

  async send(p: Uint8Array, addr: Address): Promise<number> {
    if (!this.#peers.some((peer) => isFrom(addr, peer))) this.#peers.push(addr);
    return await this.#socket.send(p, addr);
  }

  joinMulticastV4(): Promise<MulticastMembership> {
    return Promise.reject(new UnsupportedError("a shared socket joins no groups"));
  }

  joinMulticastV6(): Promise<Omit<MulticastMembership, "setTTL">> {
    return Promise.reject(new UnsupportedError("a shared socket joins no groups"));
  }

  close(): void {
    this.#onClose();
    this.fail(new Deno.errors.Interrupted("operation canceled"));
  }
}
