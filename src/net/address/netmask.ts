/**
 * Netmasks of IPv4 and IPv6: network, broadcast and host part of addresses, containment, ranges.
 *
 * @module
 */

import { escapeControls } from "../core/escape_controls.ts";
import { UsageError } from "../core/errors.ts";
import { formatIp, type IpAddress, parseIp } from "./ip.ts";

/**
 * The division of an address into network part and host part.
 *
 * @example The last address of a network
 * ```ts
 * import { Netmask, parseIp, formatIp } from "@netwright/netwright/net";
 * const mask = Netmask.parse("/26");
 * const address = parseIp("192.168.1.77");
 * if (address === undefined) throw new Error("no address");
 * if (formatIp(mask.network(address)) !== "192.168.1.64") throw new Error("wrong network");
 * if (formatIp(mask.last(address)) !== "192.168.1.127") throw new Error("wrong broadcast");
 * ```
 */
export class Netmask {
  /** Number of leading one bits: 0 to 32, or 0 to 128. */
  readonly length: number;
  /** Which addresses it divides. */
  readonly version: 4 | 6;

  /**
   * Makes the mask with so many leading ones.
   * @param length Number of leading one bits.
   * @param version Which addresses it divides.
   * @throws {RangeError} If the length does not fit the version.
   */
  constructor(length: number, version: 4 | 6) {
    if (!Number.isInteger(length) || length < 0 || length > widthOf(version)) {
      throw new RangeError(`an IPv${version} netmask has 0 to ${widthOf(version)} bits`);
    }
    this.length = length;
    this.version = version;
  }

  /**
   * Reads a mask: `/24`, `24`, `255.255.255.0`, `0xffffff00`, `ffff:ffff::`.
   * @param text The mask.
   * @param version What `/24` means; by itself 4, above 32 bits 6.
   * @returns The mask.
   * @throws {UsageError} If it is none, or its one bits are not all at the left.
   */
  static parse(text: string, version?: 4 | 6): Netmask {
    const prefix = /^\/?(\d{1,3})$/.exec(text);
    if (prefix !== null) {
      const length = Number(prefix[1]);
      const meant = version ?? (length > 32 ? 6 : 4);
      if (length > widthOf(meant)) {
        throw new UsageError(
          `an IPv${meant} netmask has at most ${widthOf(meant)} bits, not ${length}`,
        );
      }
      return new Netmask(length, meant);
    }
    const address = /^0x[0-9a-f]{8}$/i.test(text)
      ? { version: 4 as const, value: BigInt(text) }
      : parseIp(text);
    if (address === undefined) throw notMask(text, "write /24 or 255.255.255.0");
    if (version !== undefined && address.version !== version) {
      throw notMask(text, `the address is of IPv${version}`);
    }
    const zeros = countTrailingZeros(address.value, widthOf(address.version));
    const mask = new Netmask(widthOf(address.version) - zeros, address.version);
    if (mask.bits.value !== address.value) throw notMask(text, "its one bits have gaps");
    return mask;
  }

  /** Number of addresses in each network. */
  get size(): bigint {
    return 1n << BigInt(widthOf(this.version) - this.length);
  }

  /** The mask itself, written as an address. */
  get bits(): IpAddress {
    return { version: this.version, value: this.#all - this.#host };
  }

  /** The mask with ones and zeros exchanged: the wildcard of access lists. */
  get wildcard(): IpAddress {
    return { version: this.version, value: this.#host };
  }

  /**
   * Gives the network that an address is in.
   * @param address Of the mask's version, as in all methods.
   * @returns The first address of its network.
   * @throws {RangeError} If the address is of the other version, as in all methods.
   */
  network(address: IpAddress): IpAddress {
    return this.#with(address, address.value & ~this.#host);
  }

  /** Gives the last address of an address's network: with IPv4 its broadcast address. */
  last(address: IpAddress): IpAddress {
    return this.#with(address, address.value | this.#host);
  }

  /** Gives the host part: the address with its network part zero. */
  hostPart(address: IpAddress): IpAddress {
    return this.#with(address, address.value & this.#host);
  }

  /** Checks whether two addresses are in the same network. */
  sameNetwork(a: IpAddress, b: IpAddress): boolean {
    return a.version === b.version && this.network(a).value === this.network(b).value;
  }

  /**
   * Gives the first and the last address that a host can have: with IPv4 neither the network's own nor its
   * broadcast address, except in networks of one or two (RFC 3021).
   */
  hosts(address: IpAddress): [first: IpAddress, last: IpAddress] {
    const [first, last] = [this.network(address), this.last(address)];
    const inner = this.version === 4 && this.length < 31 ? 1n : 0n;
    return [this.#with(first, first.value + inner), this.#with(last, last.value - inner)];
  }

  /** Prints the mask as `/24`. */
  toString(): string {
    return `/${this.length}`;
  }

  get #all(): bigint {
    return (1n << BigInt(widthOf(this.version))) - 1n;
  }

  get #host(): bigint {
    return this.size - 1n;
  }

  #with(address: IpAddress, value: bigint): IpAddress {
    if (address.version !== this.version) {
      throw new RangeError(`an IPv${this.version} netmask does not divide ${formatIp(address)}`);
    }
    return { version: this.version, value };
  }
}

/**
 * Finds the smallest network that holds two addresses.
 *
 * @param a One address.
 * @param b Another of the same version.
 * @returns Its mask.
 * @throws {RangeError} If the versions differ.
 */
export function smallestMask(a: IpAddress, b: IpAddress): Netmask {
  if (a.version !== b.version) throw new RangeError("the addresses are of different versions");
  const differing = (a.value ^ b.value).toString(2);
  const bits = a.value === b.value ? 0 : differing.length;
  return new Netmask(widthOf(a.version) - bits, a.version);
}

/**
 * Divides a range of addresses into as few networks as possible.
 *
 * @param first The first address.
 * @param last The last, of the same version and not below the first.
 * @returns Network addresses with their masks, in order; at most 62 for IPv4 and 254 for IPv6.
 * @throws {RangeError} If the range is none.
 */
export function* networksOfRange(
  first: IpAddress,
  last: IpAddress,
): Generator<[network: IpAddress, mask: Netmask]> {
  const { version } = first;
  if (version !== last.version || first.value > last.value) {
    throw new RangeError("the range's end lies before its beginning");
  }
  const width = widthOf(version);
  for (let value = first.value; value <= last.value;) {
    let zeros = value === 0n ? width : countTrailingZeros(value, width);
    while (value + (1n << BigInt(zeros)) - 1n > last.value) zeros--;
    yield [{ version, value }, new Netmask(width - zeros, version)];
    value += 1n << BigInt(zeros);
  }
}

function widthOf(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

function countTrailingZeros(value: bigint, width: number): number {
  let zeros = 0;
  while (zeros < width && (value >> BigInt(zeros) & 1n) === 0n) zeros++;
  return zeros;
}

function notMask(text: string, reason: string): UsageError {
  return new UsageError(`"${escapeControls(text, { maxLength: 80 })}" is not a netmask: ${reason}`);
}
