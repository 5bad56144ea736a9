/**
 * How a host without a name of its own introduces itself.
 *
 * @module
 */

import type { Connection } from "../../net/mod.ts";

/**
 * Gives our own address in brackets (RFC 5321 §4.1.3).
 *
 * @param connection The connection over which it is said.
 * @returns Such as `[192.0.2.1]` or `[IPv6:2001:db8::1]`; `localhost` for other addresses.
 */
export function addressLiteral({ localAddr }: Pick<Connection, "localAddr">): string {
  if (!("hostname" in localAddr)) return "localhost";
  const { hostname } = localAddr;
  return hostname.includes(":") ? `[IPv6:${hostname}]` : `[${hostname}]`;
}
