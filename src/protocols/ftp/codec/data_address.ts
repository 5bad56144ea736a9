/**
 * Where data connections go: PASV and PORT (RFC 959 §4.1.2), EPSV and EPRT (RFC 2428).
 *
 * @module
 */

import { formatIp, parseIp } from "../../../net/mod.ts";

/** An address and a port. */
export interface DataAddress {
  /** An IPv4 or IPv6 address. */
  readonly hostname: string;
  /** 0 to 65535. */
  readonly port: number;
}

/**
 * Reads six numbers, in a PASV reply or as the argument of PORT.
 *
 * @param text Such as `Entering passive mode (192,0,2,1,4,1)`; servers differ in all but the numbers.
 * @returns The address; undefined if there is none.
 */
export function parseHostPort(text: string): DataAddress | undefined {
  const match = /(?<!\d)(\d{1,3}), ?(\d{1,3}), ?(\d{1,3}), ?(\d{1,3}), ?(\d{1,3}), ?(\d{1,3})(?!\d)/
    .exec(text);
  const numbers = match?.slice(1).map(Number);
  if (numbers === undefined || numbers.some((number) => number > 255)) return undefined;
  const [high, low] = numbers.slice(4) as [number, number];
  return { hostname: numbers.slice(0, 4).join("."), port: high * 256 + low };
}

/**
 * Writes six numbers.
 *
 * @param address One of IPv4.
 * @returns Such as `192,0,2,1,4,1`.
 * @throws {RangeError} If it is no IPv4 address.
 */
export function formatHostPort({ hostname, port }: DataAddress): string {
  const ip = parseIp(hostname);
  if (ip?.version !== 4) throw new RangeError("PORT and PASV know IPv4 only");
  return [...formatIp(ip).split("."), port >> 8, port & 255].join(",");
}

/**
 * Reads the port of an EPSV reply.
 *
 * @param text Such as `Entering extended passive mode (|||6446|)`.
 * @returns The port; undefined if there is none.
 */
export function parseExtendedPort(text: string): number | undefined {
  const [, , digits] = /\(([!-/:-~])\1\1(\d{1,5})\1\)/.exec(text) ?? [];
  const port = Number(digits);
  return port >= 1 && port <= 65535 ? port : undefined;
}

/**
 * Reads the argument of EPRT.
 *
 * @param text Such as `|2|2001:db8::1|6446|`.
 * @returns The address; undefined if it is none, `unknown` if it is of a family that is neither IPv4 nor IPv6.
 */
export function parseExtendedAddress(text: string): DataAddress | "unknown" | undefined {
  const delimiter = text[0];
  if (delimiter === undefined || !/[!-/:-~]/.test(delimiter)) return undefined;
  const [, family, hostname = "", digits = "", end, more] = text.split(delimiter, 6);
  if (end !== "" || more !== undefined || !/^\d{1,5}$/.test(digits)) return undefined;
  if (family !== "1" && family !== "2") return /^\d+$/.test(family!) ? "unknown" : undefined;
  const ip = parseIp(hostname);
  const port = Number(digits);
  if (ip === undefined || ip.version !== (family === "1" ? 4 : 6) || port > 65535) return undefined;
  return { hostname: formatIp(ip), port };
}

/**
 * Writes the argument of EPRT.
 *
 * @param address Of either family.
 * @returns Such as `|1|192.0.2.1|6446|`.
 * @throws {RangeError} If it is not an address.
 */
export function formatExtendedAddress({ hostname, port }: DataAddress): string {
  const ip = parseIp(hostname);
  if (ip === undefined) throw new RangeError("EPRT requires an address");
  return `|${ip.version === 4 ? 1 : 2}|${formatIp(ip)}|${port}|`;
}
