/**
 * How a host without a name of its own introduces itself.
 *
 * @module
 */

/**
 * Gives an address in brackets (RFC 5321 §4.1.3).
 *
 * @param address Our end of a connection.
 * @returns Such as `[192.0.2.1]` or `[IPv6:2001:db8::1]`; `localhost` for addresses that are not IP's.
 */
export function addressLiteral(address: { readonly hostname: string } | object): string {
  if (!("hostname" in address)) return "localhost";
  const { hostname } = address;
  return hostname.includes(":") ? `[IPv6:${hostname}]` : `[${hostname}]`;
}
