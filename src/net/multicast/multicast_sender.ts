/**
 * Sends to a multicast group.
 *
 * @module
 */

import { closeQuietly } from "../core/close.ts";
import type { DatagramConnection, MulticastMembership } from "../core/connection.ts";
import { formatEndpoint, type HostEndpoint } from "../address/endpoint.ts";
import { UnsupportedError, UsageError } from "../core/errors.ts";
import { defaultInterface, type MulticastInterface } from "./multicast.ts";
import { join, linkScoped, scoped, versionOf } from "./_multicast_group.ts";
import type { Network } from "../core/network.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** How a group is sent to. */
export interface MulticastSenderOptions {
  /** The interfaces to send through. @default {the one that the system's routes lead to} */
  readonly places?: readonly MulticastInterface[] | undefined;
  /** How many routers datagrams may pass, and one: 1 stays on the link, 0 on this host. @default {1} */
  readonly hops?: number | undefined;
  /** Whether members on this host receive it. @default {true} */
  readonly loopback?: boolean | undefined;
}

/** Sends to a group; a sender need not be a member. See `MulticastReceiver`. */
export class MulticastSender implements Disposable {
  /** The group. */
  readonly group: HostEndpoint;
  readonly #sockets: (readonly [DatagramConnection, MulticastInterface])[] = [];

  private constructor(group: HostEndpoint) {
    this.group = group;
  }

  /**
   * Makes ready to send.
   * @param network Where.
   * @param group Its address and port.
   * @param options Through which interfaces, and how far.
   * @returns The sender.
   * @throws {UsageError} If it is not the address of a group.
   * @throws {UnsupportedError} If IPv6 is to pass routers: the runtime cannot set its hop limit.
   * @throws {ConnectError} If an interface is not there.
   */
  static async open(
    network: Network,
    group: HostEndpoint,
    options: MulticastSenderOptions = {},
  ): Promise<MulticastSender> {
    const any = defaultInterface(versionOf(group));
    const { places = [any], hops = 1, loopback = true } = options;
    const context = { operation: "send", peer: formatEndpoint(group) };
    if (!(Number.isInteger(hops) && hops >= 0 && hops <= 255)) {
      throw new UsageError("hops go from 0 to 255", context);
    }
    const sender = new MulticastSender(group);
    try {
      for (const place of places) await sender.#open(network, place, hops, loopback);
      return sender;
    } catch (error) {
      sender[Symbol.dispose]();
      throw toNetwrightError(error, context);
    }
  }

  async #open(
    network: Network,
    place: MulticastInterface,
    hops: number,
    loopback: boolean,
  ): Promise<void> {
    const { group } = this;
    const socket = network.listenDatagram({
      transport: "udp",
      hostname: linkScoped(place),
      port: 0,
    });
    this.#sockets.push([socket, place]);
    // The runtime sets these by a membership only; they hold on when it has ended.
    const membership = await join(socket, group, place);
    await membership.setLoopback(loopback);
    if ("setTTL" in membership) await (membership as MulticastMembership).setTTL(hops);
    else if (hops !== 1) {
      throw new UnsupportedError("the runtime cannot set the hop limit of IPv6 multicast", {
        ...{ operation: "send", peer: formatEndpoint(group) },
        hint: "1 hop, or a group of IPv4",
      });
    }
    // Linux lets what may take no hop leave this host, unless the host is a member.
    if (hops > 0) await membership.leave();
  }

  /**
   * Sends a datagram to the group, through each of the interfaces.
   * @param bytes The datagram.
   * @param group Another group of the same family.
   * @throws {NetwrightError} If it could not be sent through one of them; it was sent through the others.
   */
  async send(bytes: Uint8Array, group: HostEndpoint = this.group): Promise<void> {
    const sent = await Promise.allSettled(
      this.#sockets.map(async ([socket, place]) =>
        await socket.send(bytes, {
          transport: "udp",
          hostname: scoped(group, place),
          port: group.port,
        })
      ),
    );
    const failed = sent.find((result) => result.status === "rejected");
    if (failed === undefined) return;
    throw toNetwrightError(failed.reason, {
      operation: "send",
      peer: formatEndpoint(group),
    });
  }

  /** Closes its sockets. */
  [Symbol.dispose](): void {
    for (const [socket] of this.#sockets) closeQuietly(socket);
  }
}
