/**
 * Multicast groups: heard on chosen interfaces, and sent to (RFC 1112, RFC 4291 §2.7).
 *
 * @module
 */

import { closeQuietly } from "./close.ts";
import type { Address, DatagramConnection, MulticastMembership } from "./connection.ts";
import { formatEndpoint, type HostEndpoint } from "./endpoint.ts";
import { UnsupportedError, UsageError } from "./errors.ts";
import { isLoopback, kindOfIp, parseIp } from "./ip.ts";
import type { Network } from "./network.ts";
import { toNetwrightError } from "./system_errors.ts";

/** An interface that groups are heard on or sent to through. */
export interface MulticastPlace {
  /** Its name, such as `eth0`. */
  readonly name: string;
  /** An address of this host on it; the address of all is the system's choice. */
  readonly address: string;
  /** Its number, which IPv6 goes by; 0 is the system's choice. */
  readonly index: number;
}

/** One network interface, as far as it matters here; what `Deno.networkInterfaces()` gives. */
export interface MulticastInterface {
  /** Its name. */
  readonly name: string;
  /** An address of it. */
  readonly address: string;
  /** Its number, told with the addresses that only hold on its link. */
  readonly scopeid?: number | null | undefined;
}

/** The number of the loopback interface, whose addresses do not tell it. */
const LOOPBACK_INDEX = 1;

/**
 * Lists the interfaces that can carry multicast of a family: each once, by its first address. Those of
 * IPv6 need a number, which only an address for their own link tells.
 *
 * @param interfaces As `Deno.networkInterfaces()` gives them.
 * @param version Of the internet protocol.
 * @returns One for each interface, the loopback interface last.
 *
 * @example
 * ```ts
 * import { multicastPlaces } from "@netwright/netwright/net";
 * const [first] = multicastPlaces([{ name: "lo", address: "127.0.0.1" }, { name: "eth0", address: "192.0.2.7" }], 4);
 * if (first?.name !== "eth0" || first.address !== "192.0.2.7") throw new Error("wrong");
 * ```
 */
export function multicastPlaces(
  interfaces: readonly MulticastInterface[],
  version: 4 | 6,
): MulticastPlace[] {
  const found = new Map<string, MulticastPlace>();
  for (const { name, address } of interfaces) {
    const ip = parseIp(address);
    if (ip?.version !== version || found.has(name)) continue;
    const index = version === 4 ? 0 : numberOf(name, interfaces);
    if (index !== undefined) found.set(name, { name, address, index });
  }
  const places = [...found.values()];
  return [
    ...places.filter(({ address }) => !isLoopback(address)),
    ...places.filter(({ address }) => isLoopback(address)),
  ];
}

function numberOf(name: string, interfaces: readonly MulticastInterface[]): number | undefined {
  const own = interfaces.filter((one) => one.name === name);
  const told = own.find(({ scopeid }) => (scopeid ?? 0) > 0)?.scopeid;
  return told ?? (own.some(({ address }) => isLoopback(address)) ? LOOPBACK_INDEX : undefined);
}

/** Where the system's routes lead. */
export const ANY_PLACE_V4: MulticastPlace = { name: "any", address: "0.0.0.0", index: 0 };
/** Where the system's routes lead. */
export const ANY_PLACE_V6: MulticastPlace = { name: "any", address: "::", index: 0 };

/** How a group is heard. */
export interface JoinOptions {
  /** The interfaces to hear it on. @default {the one that the system's routes lead to} */
  readonly places?: readonly MulticastPlace[] | undefined;
}

/**
 * Hears a group. The sockets are bound to the group's address, so that neither other groups of this host
 * nor datagrams to one address come in (but on Windows, which cannot).
 *
 * @example Hear a group and send to it, in memory
 * ```ts
 * import { memoryNetwork, MulticastReceiver, MulticastSender } from "@netwright/netwright/net";
 * const network = memoryNetwork();
 * const group = { transport: "udp", hostname: "225.1.0.1", port: 2028 } as const;
 * await using receiver = await MulticastReceiver.join(network, group);
 * using sender = await MulticastSender.open(network, group, { hops: 1 });
 * await sender.send(Uint8Array.of(42));
 * const [bytes] = await receiver.receive();
 * if (bytes[0] !== 42) throw new Error("not heard");
 * ```
 */
export class MulticastReceiver implements AsyncDisposable {
  /** The group. */
  readonly group: HostEndpoint;
  readonly #sockets: readonly HearingSocket[];

  private constructor(group: HostEndpoint, sockets: readonly HearingSocket[]) {
    this.group = group;
    this.#sockets = sockets;
  }

  /**
   * Joins a group; others on this host may hear it too.
   * @param network Where.
   * @param group Its address and port.
   * @param options On which interfaces.
   * @returns The membership; dispose of it to leave.
   * @throws {UsageError} If it is not the address of a group.
   * @throws {ConnectError} If an interface is not there, or the port is taken by somebody who does not share it.
   */
  static async join(
    network: Network,
    group: HostEndpoint,
    options: JoinOptions = {},
  ): Promise<MulticastReceiver> {
    const { places = [anyPlace(group)] } = options;
    const sockets: HearingSocket[] = [];
    const receiver = new MulticastReceiver(group, sockets);
    try {
      // A group that only holds on a link is another one on each: one socket for each of them.
      const sets = holdsOnLink(group) ? places.map((place) => [place]) : [places];
      for (const set of sets) sockets.push(await HearingSocket.open(network, group, set));
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
class HearingSocket {
  readonly #socket: DatagramConnection;
  readonly #memberships: Omit<MulticastMembership, "setTTL">[] = [];
  #next: Promise<[Uint8Array, Address]> | undefined;

  private constructor(socket: DatagramConnection) {
    this.#socket = socket;
  }

  static async open(
    network: Network,
    group: HostEndpoint,
    places: readonly MulticastPlace[],
  ): Promise<HearingSocket> {
    const { port } = group;
    const own = new HearingSocket(
      network.listenDatagram({
        transport: "udp",
        hostname: Deno.build.os === "windows" ? anyPlace(group).address : scoped(group, places[0]),
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
    // What nobody waits for may fail now.
    this.#next?.catch(() => {});
    for (const membership of this.#memberships) await membership.leave().catch(() => {});
    closeQuietly(this.#socket);
  }
}

/** How a group is sent to. */
export interface MulticastSenderOptions {
  /** The interfaces to send through. @default {the one that the system's routes lead to} */
  readonly places?: readonly MulticastPlace[] | undefined;
  /** How many routers datagrams may pass, and one: 1 stays on the link, 0 on this host. @default {1} */
  readonly hops?: number | undefined;
  /** Whether members on this host hear it. @default {true} */
  readonly loopback?: boolean | undefined;
}

/** Sends to a group; whoever sends need not hear it. See {@link MulticastReceiver}. */
export class MulticastSender implements Disposable {
  /** The group. */
  readonly group: HostEndpoint;
  readonly #sockets: (readonly [DatagramConnection, MulticastPlace])[] = [];

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
    const { places = [anyPlace(group)], hops = 1, loopback = true } = options;
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
    place: MulticastPlace,
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

/**
 * Lists the network patterns that a scope needs to hear a group and to send to it.
 *
 * @param group The group.
 * @param places The interfaces to send through; none if it is only heard.
 * @returns The group, and what senders are bound to.
 */
export function patternsForGroup(
  group: HostEndpoint,
  places: readonly MulticastPlace[] = [],
): string[] {
  const bound = places.map(({ address }) =>
    formatEndpoint({ transport: "udp", hostname: address, port: 0 })
  );
  return [formatEndpoint(group), ...bound];
}

/** Joins a group on an interface. */
async function join(
  socket: DatagramConnection,
  { hostname }: HostEndpoint,
  { address, index }: MulticastPlace,
): Promise<Omit<MulticastMembership, "setTTL">> {
  return hostname.includes(":")
    ? await socket.joinMulticastV6(hostname, index)
    : await socket.joinMulticastV4(hostname, address);
}

function versionOf(group: HostEndpoint): 4 | 6 {
  const ip = parseIp(group.hostname);
  if (ip !== undefined && kindOfIp(ip) === "multicast") return ip.version;
  throw new UsageError(`${group.hostname} is not the address of a multicast group`, {
    peer: formatEndpoint(group),
  });
}

function anyPlace(group: HostEndpoint): MulticastPlace {
  return versionOf(group) === 4 ? ANY_PLACE_V4 : ANY_PLACE_V6;
}

/** Whether a group's scope is an interface or a link (RFC 4291 §2.7). */
function holdsOnLink(group: HostEndpoint): boolean {
  return versionOf(group) === 6 && /^ff[0-9a-f][12]:/.test(group.hostname);
}

/** The group's address on an interface. */
function scoped(group: HostEndpoint, place: MulticastPlace | undefined): string {
  const { hostname } = group;
  const index = place?.index ?? 0;
  return holdsOnLink(group) && index > 0 ? `${hostname}%${index}` : hostname;
}

/** An address of this host with its interface, if it only holds there. */
function linkScoped({ address, index }: MulticastPlace): string {
  return /^fe[89ab]/.test(address) ? `${address}%${index}` : address;
}
