/**
 * The part of an address that identifies a client.
 *
 * @module
 */

import type { Address } from "../core/connection.ts";
import { formatIp, type IpAddress, parseIp } from "./ip.ts";
import { Netmask } from "./netmask.ts";

/** How many leading bits of an address make out a client. */
export interface ClientPrefix {
  /** Of IPv4. @default {32} */
  readonly v4?: number | undefined;
  /** Of IPv6, where a household has a whole network. @default {64} */
  readonly v6?: number | undefined;
}

/**
 * Makes a function that names clients.
 *
 * @param prefix The length of that part.
 * @returns It gives the network of an address as text.
 * @throws {RangeError} If the prefix is longer than an address.
 *
 * @example A household
 * ```ts
 * import { clientKeys } from "./client_key.ts";
 * const key = clientKeys();
 * const address = { transport: "tcp", hostname: "2001:db8::1", port: 1 } as const;
 * if (key(address) !== "2001:db8::/64") throw new Error(key(address));
 * ```
 */
export function clientKeys(
  { v4 = 32, v6 = 64 }: ClientPrefix = {},
): (address: Address) => string {
  const masks = { 4: new Netmask(v4, 4), 6: new Netmask(v6, 6) };
  return (address) => {
    if (!("hostname" in address)) return address.transport;
    const { hostname } = address;
    // The runtime writes addresses of IPv4 in one way only.
    if (v4 === 32 && !hostname.includes(":")) return hostname;
    const parsed = parseIp(hostname);
    if (parsed === undefined) return hostname;
    const ip = unmapped(parsed);
    const mask = masks[ip.version];
    const network = formatIp(mask.network(ip));
    return mask.size === 1n ? network : `${network}/${mask.length}`;
  };
}

/** An IPv4 client of an IPv6 socket is one of IPv4. */
function unmapped({ version, value }: IpAddress): IpAddress {
  return version === 6 && value >> 32n === 0xffffn
    ? { version: 4, value: value & 0xffff_ffffn }
    : { version, value };
}
