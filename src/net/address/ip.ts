/**
 * Internet addresses: strict reading, canonical printing, and what kind each is.
 *
 * @module
 */

/** An address: its version, and its bits as one number. */
export interface IpAddress {
  /** 4 or 6. */
  readonly version: 4 | 6;
  /** 32 or 128 bits. */
  readonly value: bigint;
}

/**
 * Reads an address: four decimal numbers without leading zeros, or RFC 4291 §2.2 text, the form that ends
 * in an IPv4 address included. Zone identifiers, octal, hexadecimal and short IPv4 forms are refused,
 * because readers disagree about them.
 *
 * @param text The address, without brackets.
 * @returns The address, or undefined if it is none.
 *
 * @example Both versions
 * ```ts
 * import { formatIp, parseIp } from "@netwright/netwright/net";
 * const address = parseIp("2001:DB8:0:0::1");
 * if (address === undefined || formatIp(address) !== "2001:db8::1") throw new Error("not canonical");
 * if (parseIp("127.1") !== undefined) throw new Error("short forms are not addresses");
 * ```
 */
export function parseIp(text: string): IpAddress | undefined {
  if (text.length > 45) return undefined;
  const value = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  return value === undefined ? undefined : { version: text.includes(":") ? 6 : 4, value };
}

/**
 * Takes the zone off an address: the interface that one of a link's addresses is meant on (RFC 4007 §11).
 *
 * @param address An address or a name.
 * @returns It without a zone.
 */
export function withoutZone(address: string): string {
  return address.includes(":") ? address.replace(/%.*$/s, "") : address;
}

/**
 * Gives an address the zone of another address of the same link: the system reports peers' addresses without a zone.
 *
 * @param address An address without a zone.
 * @param other An address that may have one, or a name.
 * @returns The address, with the zone if both are addresses of a link.
 */
export function withZoneOf(address: string, other: string): string {
  const zone = other.includes(":") ? /%.*$/s.exec(other)?.[0] : undefined;
  return zone !== undefined && /^fe[89ab]/i.test(address) ? address + zone : address;
}

/**
 * Checks whether text is an address.
 *
 * @param text Anything.
 * @returns Whether {@link parseIp} reads it.
 */
export function isIp(text: string): boolean {
  return parseIp(text) !== undefined;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value << 8n | BigInt(part);
  }
  return value;
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => parseGroups(half, i === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? join(head) : undefined;
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return join([...head, ...Array(8 - head.length - tail.length).fill(0n), ...tail]);
}

function parseGroups(text: string, last: boolean): bigint[] | undefined {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes(".")) {
      const ipv4 = parseIpv4(part);
      if (ipv4 === undefined) return undefined;
      groups.push(ipv4 >> 16n, ipv4 & 0xffffn);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

function join(groups: readonly bigint[]): bigint {
  return groups.reduce((value, group) => value << 16n | group, 0n);
}

/**
 * Prints an address in its canonical form (RFC 5952).
 *
 * @param address Which.
 * @returns Such as `192.0.2.1`, `2001:db8::1`, `::ffff:192.0.2.1`.
 */
export function formatIp(address: IpAddress): string {
  return address.version === 4 ? formatIpv4(address.value) : formatIpv6(address.value);
}

function formatIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => value >> shift & 0xffn).join(".");
}

function formatIpv6(value: bigint): string {
  if (value >> 32n === 0xffffn) return `::ffff:${formatIpv4(value & 0xffff_ffffn)}`;
  const groups = Array.from({ length: 8 }, (_, i) => value >> BigInt(112 - 16 * i) & 0xffffn);
  let [start, length] = [0, 1];
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0n) run++;
    if (run > length) [start, length] = [i, run];
  }
  const text = (part: readonly bigint[]): string =>
    part.map((group) => group.toString(16)).join(":");
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

/** The scope of an address. */
export type IpScope =
  | "unspecified"
  | "loopback"
  | "private"
  | "shared"
  | "link-local"
  | "multicast"
  | "broadcast"
  | "documentation"
  | "reserved"
  | "global";

const V4_KINDS = table({
  "255.255.255.255/32": "broadcast",
  "0.0.0.0/8": "unspecified",
  "127.0.0.0/8": "loopback",
  "10.0.0.0/8": "private",
  "172.16.0.0/12": "private",
  "192.168.0.0/16": "private",
  "100.64.0.0/10": "shared",
  "169.254.0.0/16": "link-local",
  "224.0.0.0/4": "multicast",
  "192.0.2.0/24": "documentation",
  "198.51.100.0/24": "documentation",
  "203.0.113.0/24": "documentation",
  "192.0.0.0/24": "reserved",
  "198.18.0.0/15": "reserved",
  "240.0.0.0/4": "reserved",
});

const V6_KINDS = table({
  "::/128": "unspecified",
  "::1/128": "loopback",
  "fc00::/7": "private",
  "fec0::/10": "private",
  "fe80::/10": "link-local",
  "ff00::/8": "multicast",
  "2001:db8::/32": "documentation",
  "3fff::/20": "documentation",
  "100::/64": "reserved",
});

/** Prefixes whose addresses hold an IPv4 address, and how far from the right it ends. */
const EMBEDDINGS: readonly (readonly [prefix: Prefix, shift: bigint])[] = [
  [prefix("::ffff:0:0/96"), 0n],
  [prefix("64:ff9b::/96"), 0n],
  [prefix("64:ff9b:1::/48"), 0n],
  [prefix("2002::/16"), 80n],
];

/**
 * Determines the scope of an address (RFC 6890, 4193, 4291, 6598). An IPv6 address with an embedded IPv4 address
 * (mapped, 6to4, NAT64) has the scope of that one: packets may end there.
 *
 * @param address Which.
 * @returns Its kind; `global` if it is for nothing in particular.
 */
export function ipScope(address: IpAddress): IpScope {
  if (address.version === 4) return findKind(V4_KINDS, address.value);
  const kind = findKind(V6_KINDS, address.value);
  if (kind !== "global") return kind;
  for (const [embedding, shift] of EMBEDDINGS) {
    if (matches(embedding, address.value)) {
      return findKind(V4_KINDS, address.value >> shift & 0xffff_ffffn);
    }
  }
  // IPv4-compatible addresses are deprecated (RFC 4291 §2.5.5.1), but some systems still route them.
  return address.value >> 32n === 0n ? findKind(V4_KINDS, address.value) : "global";
}

interface Prefix {
  readonly value: bigint;
  readonly shift: bigint;
}

function table(kinds: Readonly<Record<string, IpScope>>): readonly (readonly [Prefix, IpScope])[] {
  return Object.entries(kinds).map(([text, kind]) => [prefix(text), kind]);
}

function prefix(text: string): Prefix {
  const slash = text.indexOf("/");
  const { version, value } = parseIp(text.slice(0, slash))!;
  const shift = BigInt((version === 4 ? 32 : 128) - Number(text.slice(slash + 1)));
  return { value: value >> shift, shift };
}

function matches({ value, shift }: Prefix, address: bigint): boolean {
  return address >> shift === value;
}

/**
 * Checks whether an address leads to this host only.
 *
 * @param text An address, or anything else, which does not.
 * @returns Whether it is one of loopback.
 */
export function isLoopback(text: string): boolean {
  const address = parseIp(text);
  return address !== undefined && ipScope(address) === "loopback";
}

function findKind(kinds: readonly (readonly [Prefix, IpScope])[], value: bigint): IpScope {
  return kinds.find(([prefix]) => matches(prefix, value))?.[1] ?? "global";
}

/**
 * Gives the name under which the DNS keeps the name of an address (RFC 1035 §3.5, RFC 3596 §2.5).
 *
 * @param address The address.
 * @returns A name in `in-addr.arpa` or `ip6.arpa`.
 *
 * @example An IPv4 address
 * ```ts
 * import { parseIp, reverseName } from "@netwright/netwright/net";
 * const name = reverseName(parseIp("192.0.2.1")!);
 * if (name !== "1.2.0.192.in-addr.arpa") throw new Error(name);
 * ```
 */
export function reverseName(address: IpAddress): string {
  if (address.version === 4) {
    return `${formatIp(address).split(".").reverse().join(".")}.in-addr.arpa`;
  }
  const digits = address.value.toString(16).padStart(32, "0");
  return `${[...digits].reverse().join(".")}.ip6.arpa`;
}
