/**
 * What carries datagrams between in-memory sockets: to one, to a group, to all, with faults.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Address, NetAddress } from "../core/connection.ts";
import { ipScope, parseIp, withoutZone } from "../address/ip.ts";
import { MemoryDatagram } from "./_memory_datagram.ts";
import type { Random } from "./_random.ts";

/** What goes wrong with datagrams. Chances go from 0 to 1. */
export interface DatagramFaults {
  /** Chance that a datagram is lost. @default {0} */
  readonly loss?: number;
  /** Chance that a datagram arrives twice. @default {0} */
  readonly duplication?: number;
  /** Chance that a datagram is overtaken by later ones. @default {0} */
  readonly reordering?: number;
  /** Chance that only a part of a datagram arrives. @default {0} */
  readonly truncation?: number;
  /** Time that datagrams travel, in milliseconds. @default {0} */
  readonly delayMs?: number;
  /** Random time on top, up to this many milliseconds; it may change the order. @default {0} */
  readonly jitterMs?: number;
}

/** Where datagrams for all hosts go: the limited broadcast and that of the loopback network. */
const BROADCAST: ReadonlySet<string> = new Set(["255.255.255.255", "127.255.255.255"]);
const ANY: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** All datagram sockets of one network. */
export class DatagramBus {
  readonly #world: { readonly clock: Clock; readonly random: Random };
  readonly #faults: DatagramFaults;
  readonly #capacity: number;
  /** Bound sockets, in the order of binding. */
  readonly #sockets = new Map<string, MemoryDatagram[]>();

  constructor(
    world: { readonly clock: Clock; readonly random: Random },
    faults: DatagramFaults,
    capacity: number,
  ) {
    this.#world = world;
    this.#faults = faults;
    this.#capacity = capacity;
  }

  /** Binds a socket; undefined if the address is in use. */
  bind(addr: Address, shared: boolean): MemoryDatagram | undefined {
    const key = portOf(addr);
    const others = this.#sockets.get(key) ?? [];
    const taken = others.some((other) =>
      hostOf(other.addr) === hostOf(addr) && !(shared && other.shared)
    );
    if (taken) return undefined;
    const socket = new MemoryDatagram(
      addr,
      shared,
      this.#capacity,
      (bytes, from, to) => this.#carry(bytes, from, to),
      () => {
        const left = (this.#sockets.get(key) ?? []).filter((other) => other !== socket);
        if (left.length > 0) this.#sockets.set(key, left);
        else this.#sockets.delete(key);
      },
    );
    this.#sockets.set(key, [...others, socket]);
    return socket;
  }

  #carry(bytes: Uint8Array, from: MemoryDatagram, to: Address): void {
    const { loss = 0, duplication = 0, reordering = 0, delayMs = 0, jitterMs = 0 } = this.#faults;
    const { clock, random } = this.#world;
    if (random() < loss) return;
    const copies = random() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const held = random() < reordering ? 1 + delayMs : 0;
      const wait = delayMs + held + (jitterMs > 0 ? random() * jitterMs : 0);
      const piece = this.#truncate(bytes);
      const arrive = (): void => {
        for (const socket of this.#receivers(from, to)) socket.deliver(piece.slice(), from.addr);
      };
      if (wait === 0) arrive();
      else clock.at(clock.now() + wait, arrive);
    }
  }

  #truncate(bytes: Uint8Array): Uint8Array {
    const { truncation = 0 } = this.#faults;
    const { random } = this.#world;
    if (truncation === 0 || random() >= truncation) return bytes;
    return bytes.subarray(0, Math.floor(random() * bytes.length));
  }

  #receivers(from: MemoryDatagram, to: Address): MemoryDatagram[] {
    const bound = this.#sockets.get(portOf(to)) ?? [];
    const host = hostOf(to);
    // A socket that is bound to one address of its host receives neither groups nor broadcasts.
    const open = bound.filter((socket) => ANY.has(hostOf(socket.addr)));
    const exact = bound.filter((socket) => hostOf(socket.addr) === host);
    const ip = parseIp(host);
    if (ip !== undefined && ipScope(ip) === "multicast") {
      return [...open, ...exact].filter((socket) =>
        socket.groups.has(host) && (socket !== from || from.loopback)
      );
    }
    if (BROADCAST.has(host)) return [...open, ...exact];
    // Of those that share an address, the last one bound gets datagrams for one.
    return [...open, ...exact].slice(-1);
  }
}

function portOf(addr: Address): string {
  return addr.transport === "udp" ? `${addr.port}` : pathOf(addr);
}

function hostOf(addr: Address): string {
  return addr.transport === "udp" ? withoutZone((addr as NetAddress).hostname) : "";
}

function pathOf(addr: Address): string {
  return "path" in addr ? `unix:${addr.path}` : "";
}
