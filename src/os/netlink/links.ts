/**
 * This host's network interfaces with all that the kernel knows of them.
 *
 * @module
 */

import { formatIp } from "../../net/mod.ts";
import { askKernel, type NetlinkItem, parseAttributes } from "./netlink.ts";

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const RTM_NEWADDR = 20;
const RTM_GETADDR = 22;

/** An address of an interface. */
export interface LinkAddress {
  /** IPv4 or IPv6. */
  readonly version: 4 | 6;
  /** The address. */
  readonly address: string;
  /** How many bits of it name the network. */
  readonly prefixLength: number;
  /** The address of all hosts of the network; IPv4 only. */
  readonly broadcast: string | undefined;
  /** The other end of a link between two. */
  readonly peer: string | undefined;
}

/** A network interface. */
export interface Link {
  /** Its number. */
  readonly index: number;
  /** Its name. */
  readonly name: string;
  /** Its kind, such as `veth`, `bridge`; undefined for real hardware. */
  readonly kind: string | undefined;
  /** `up`, `down`, `unknown`, … (RFC 2863). */
  readonly state: string;
  /** Such as `BROADCAST`, `UP`, `LOWER_UP`. */
  readonly flags: readonly string[];
  /** The largest packet, in bytes. */
  readonly mtu: number;
  /** The hardware's address; undefined if it has none. */
  readonly mac: string | undefined;
  /** The addresses; there may be none. */
  readonly addresses: readonly LinkAddress[];
}

/** Bits of `ifi_flags`, as ip(8) names them. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, "UP"],
  [0x2, "BROADCAST"],
  [0x4, "DEBUG"],
  [0x8, "LOOPBACK"],
  [0x10, "POINTOPOINT"],
  [0x20, "NOTRAILERS"],
  [0x80, "NOARP"],
  [0x100, "PROMISC"],
  [0x200, "ALLMULTI"],
  [0x400, "MASTER"],
  [0x800, "SLAVE"],
  [0x1000, "MULTICAST"],
  [0x8000, "DYNAMIC"],
  [0x10000, "LOWER_UP"],
  [0x20000, "DORMANT"],
  [0x40000, "ECHO"],
];

const STATES = ["unknown", "not present", "down", "lower layer down", "testing", "dormant", "up"];

/**
 * Lists the network interfaces, those without addresses too.
 *
 * @returns The interfaces in the order of their numbers.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {CapabilityError} If the process may not load the C library.
 */
export function listLinks(): Link[] {
  return parseLinks(askKernel({ type: RTM_GETLINK }), askKernel({ type: RTM_GETADDR }));
}

/**
 * Reads the kernel's answers.
 *
 * @param links Messages about links.
 * @param addresses Messages about addresses.
 * @returns The interfaces; messages that are too short are left out.
 * @throws {ProtocolError} If a length is wrong.
 */
export function parseLinks(
  links: readonly NetlinkItem[],
  addresses: readonly NetlinkItem[],
): Link[] {
  const found = new Map<number, LinkAddress[]>();
  for (const { type, data } of addresses) {
    const [index, address] = type === RTM_NEWADDR ? parseAddress(data) ?? [] : [];
    if (index !== undefined) found.set(index, [...found.get(index) ?? [], address!]);
  }
  return links.flatMap(({ type, data }) => {
    if (type !== RTM_NEWLINK || data.length < 16) return [];
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const index = view.getInt32(4, true);
    const bits = view.getUint32(8, true);
    const attributes = parseAttributes(data.subarray(16));
    const mac = [...attributes.get(1) ?? []].map((byte) => byte.toString(16).padStart(2, "0"));
    const kind = parseAttributes(attributes.get(18) ?? new Uint8Array(0)).get(1);
    return [{
      index,
      name: textOf(attributes.get(3)),
      kind: kind && textOf(kind),
      state: STATES[attributes.get(16)?.[0] ?? 0] ?? "unknown",
      flags: FLAGS.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name),
      mtu: numberOf(attributes.get(4)),
      mac: mac.length === 0 ? undefined : mac.join(":"),
      addresses: found.get(index) ?? [],
    }];
  }).sort((a, b) => a.index - b.index);
}

function parseAddress(data: Uint8Array): [index: number, address: LinkAddress] | undefined {
  const version = data[0] === 2 ? 4 : data[0] === 10 ? 6 : undefined;
  if (version === undefined || data.length < 8) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const attributes = parseAttributes(data.subarray(8));
  const [remote, local] = [ipOf(attributes.get(1), version), ipOf(attributes.get(2), version)];
  const address = local ?? remote;
  if (address === undefined) return undefined;
  return [view.getUint32(4, true), {
    version,
    address,
    prefixLength: data[1]!,
    broadcast: ipOf(attributes.get(4), version),
    peer: local === undefined || remote === local ? undefined : remote,
  }];
}

function ipOf(bytes: Uint8Array | undefined, version: 4 | 6): string | undefined {
  if (bytes?.length !== (version === 4 ? 4 : 16)) return undefined;
  let value = 0n;
  for (const byte of bytes) value = value << 8n | BigInt(byte);
  return formatIp({ version, value });
}

function numberOf(bytes: Uint8Array | undefined): number {
  if (bytes?.length !== 4) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}

/** Names end with NUL. */
function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes).replace(/\0[^]*$/, "");
}
