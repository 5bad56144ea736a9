/**
 * An in-memory datagram socket.
 *
 * @module
 */

import type { Address, DatagramConnection, MulticastMembership } from "../core/connection.ts";

/** What carries a datagram away, with whatever faults the network has. */
export type Carry = (bytes: Uint8Array, from: MemoryDatagram, to: Address) => void;

/** A socket that queues what arrives, up to a number of bytes, and drops the rest as a kernel does. */
export class MemoryDatagram implements DatagramConnection {
  readonly addr: Address;
  /** Whether others may bind the same address. */
  readonly shared: boolean;
  /** The groups that it has joined. */
  readonly groups: Set<string> = new Set();
  /** Whether its own datagrams to a group come back to it (IP_MULTICAST_LOOP). */
  loopback = true;
  readonly #carry: Carry;
  readonly #onClose: () => void;
  readonly #capacity: number;
  readonly #queue: [Uint8Array, Address][] = [];
  #queued = 0;
  #receiving: PromiseWithResolvers<void> | undefined;
  #closed = false;

  constructor(
    addr: Address,
    shared: boolean,
    capacity: number,
    carry: Carry,
    onClose: () => void,
  ) {
    this.addr = addr;
    this.shared = shared;
    this.#capacity = capacity;
    this.#carry = carry;
    this.#onClose = onClose;
  }

  async receive(p?: Uint8Array): Promise<[Uint8Array, Address]> {
    while (this.#queue.length === 0) {
      if (this.#closed) throw new Deno.errors.Interrupted("operation canceled");
      if (this.#receiving !== undefined) throw new Deno.errors.Busy("Another receive is under way");
      this.#receiving = Promise.withResolvers();
      await this.#receiving.promise;
    }
    if (this.#closed) throw new Deno.errors.BadResource("Bad resource ID");
    const [bytes, sender] = this.#queue.shift()!;
    this.#queued -= bytes.length;
    if (p === undefined) return [bytes, sender];
    const count = Math.min(p.length, bytes.length);
    p.set(bytes.subarray(0, count));
    return [p.subarray(0, count), sender];
  }

  send(p: Uint8Array, addr: Address): Promise<number> {
    if (this.#closed) return Promise.reject(new Deno.errors.BadResource("Bad resource ID"));
    // Larger ones do not fit into an IPv4 packet (RFC 768: 16 bits of length).
    if (p.length > 65_507) return Promise.reject(new Error("Message too long (os error 90)"));
    this.#carry(p.slice(), this, addr);
    return Promise.resolve(p.length);
  }

  joinMulticastV4(group: string, _networkInterface: string): Promise<MulticastMembership> {
    return this.#join(group);
  }

  async joinMulticastV6(
    group: string,
    _networkInterface: number,
  ): Promise<Omit<MulticastMembership, "setTTL">> {
    const { leave, setLoopback } = await this.#join(group);
    return { leave, setLoopback };
  }

  #join(group: string): Promise<MulticastMembership> {
    if (this.#closed) return Promise.reject(new Deno.errors.BadResource("Bad resource ID"));
    this.groups.add(group);
    return Promise.resolve({
      leave: (): Promise<void> => {
        this.groups.delete(group);
        return Promise.resolve();
      },
      setLoopback: (loopback: boolean): Promise<void> => {
        this.loopback = loopback;
        return Promise.resolve();
      },
      // Nothing in memory is further away than one hop.
      setTTL: (_hops: number): Promise<void> => Promise.resolve(),
    });
  }

  /** Called by the network when a datagram arrives. */
  deliver(bytes: Uint8Array, sender: Address): void {
    if (this.#closed || this.#queued + bytes.length > this.#capacity) return;
    this.#queue.push([bytes, sender]);
    this.#queued += bytes.length;
    this.#wake();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#wake();
  }

  #wake(): void {
    this.#receiving?.resolve();
    this.#receiving = undefined;
  }
}
