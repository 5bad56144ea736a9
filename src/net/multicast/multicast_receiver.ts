/**
 * Receives from a multicast group.
 *
 * @module
 */

import { closeQuietly } from "../core/close.ts";
import type { Address, DatagramConnection, MulticastMembership } from "../core/connection.ts";
import { formatEndpoint, type HostEndpoint } from "../address/endpoint.ts";
import { defaultInterface, type MulticastInterface } from "./multicast.ts";
import { holdsOnLink, join, scoped, versionOf } from "./_multicast_group.ts";
import type { Network } from "../core/network.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** Options for joining a group. */
export interface JoinOptions {
  /** The interfaces on which to join it. @default {the one of the system's route to the group} */
  readonly places?: readonly MulticastInterface[] | undefined;
}

/**
 * Receives from a group. The sockets are bound to the group's address, so that neither other groups of this host
 * nor datagrams to one address come in (but on Windows, which cannot).
 *
 * @example Receive from a group and send to it, in memory
 * ```ts
 * import { memoryNetwork, MulticastReceiver, MulticastSender } from "@netwright/netwright/net";
 * const network = memoryNetwork();
 * const group = { transport: "udp", hostname: "225.1.0.1", port: 2028 } as const;
 * await using receiver = await MulticastReceiver.join(network, group);
 * using sender = await MulticastSender.open(network, group, { hops: 1 });
 * await sender.send(Uint8Array.of(42));
 * const [bytes] = await receiver.receive();
 * if (bytes[0] !== 42) throw new Error("not received");
 * ```
 */
export class MulticastReceiver implements AsyncDisposable {
  /** The group. */
  readonly group: HostEndpoint;
  readonly #sockets: readonly ReceivingSocket[];

  private constructor(group: HostEndpoint, sockets: readonly ReceivingSocket[]) {
    this.group = group;
    this.#sockets = sockets;
  }

  /**
   * Joins a group; other programs on this host may join it too.
   * @param network Where.
   * @param group Its address and port.
   * @param options On which interfaces.
   * @returns The membership; dispose of it to leave.
   * @throws {UsageError} If it is not the address of a group.
   * @throws {ConnectError} If an interface is missing, or another program uses the port without sharing it.
   */
  static async join(
    network: Network,
    group: HostEndpoint,
    options: JoinOptions = {},
  ): Promise<MulticastReceiver> {
    const any = defaultInterface(versionOf(group));
    const { places = [any] } = options;
    const sockets: ReceivingSocket[] = [];
    const receiver = new MulticastReceiver(group, sockets);
    try {
      // A group that only holds on a link is another one on each: one socket for each of them.
      const sets = holdsOnLink(group) ? places.map((place) => [place]) : [places];
      for (const set of sets) sockets.push(await ReceivingSocket.open(network, group, set));
      return receiver;
    } catch (error) {
      await receiver[Symbol.asyncDispose]();
      throw toNetwrightError(error, { operation: "join", peer: formatEndpoint(group) });
    }
  }

  /**
   * Waits for a datagram.
   * @returns Its bytes and its sender.
   * @throws {NetwrightError} If the membership ends.
   */
  async receive(): Promise<[Uint8Array, Address]> {
    const coming = this.#sockets.map((socket) =>
      socket.next().then((datagram) => ({ socket, datagram }))
    );
    try {
      const { socket, datagram } = await Promise.race(coming);
      socket.taken();
      return datagram;
    } catch (error) {
      throw toNetwrightError(error, { operation: "receive", peer: formatEndpoint(this.group) });
    }
  }

  /** Leaves the group; a pending receive rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) await socket.close();
  }
}

/** One socket that has joined a group. */
class ReceivingSocket {
  readonly #socket: DatagramConnection;
  readonly #memberships: Omit<MulticastMembership, "setTTL">[] = [];
  #next: Promise<[Uint8Array, Address]> | undefined;

  private constructor(socket: DatagramConnection) {
    this.#socket = socket;
  }

  static async open(
    network: Network,
    group: HostEndpoint,
    places: readonly MulticastInterface[],
  ): Promise<ReceivingSocket> {
    const { port } = group;
    const own = new ReceivingSocket(
      network.listenDatagram({
        transport: "udp",
        hostname: Deno.build.os === "windows"
          ? defaultInterface(versionOf(group)).address
          : scoped(group, places[0]),
        port,
        reuseAddress: true,
      }),
    );
    try {
      for (const place of places) own.#memberships.push(await join(own.#socket, group, place));
      return own;
    } catch (error) {
      await own.close();
      throw error;
    }
  }

  /** The datagram that comes next; the same until it was taken. */
  next(): Promise<[Uint8Array, Address]> {
    return this.#next ??= this.#socket.receive(new Uint8Array(65_536));
  }

  taken(): void {
    this.#next = undefined;
  }

  async close(): Promise<void> {
    // Pending reads without a caller may fail now.
    this.#next?.catch(() => {});
    for (const membership of this.#memberships) await membership.leave().catch(() => {});
    closeQuietly(this.#socket);
  }
}
