/**
 * Destinations that a hostile peer may name, for the gate and for each protocol in which peers name any.
 *
 * @module
 */

/** Hosts that no peer may send us to, whatever their spelling. */
export const HOSTILE_HOSTS: readonly (readonly [host: string, why: string])[] = [
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["0.0.0.0", "unspecified"],
  ["10.0.0.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.1", "private"],
  ["169.254.169.254", "link-local, where clouds keep credentials"],
  ["100.64.0.1", "shared by a carrier (RFC 6598)"],
  ["198.18.0.1", "for benchmarks (RFC 2544)"],
  ["224.0.0.1", "multicast"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.255", "broadcast"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["::ffff:127.0.0.1", "loopback, mapped into IPv6"],
  ["::ffff:10.0.0.1", "private, mapped into IPv6"],
  ["::127.0.0.1", "loopback, in the old compatible form"],
  ["64:ff9b::7f00:1", "loopback, by NAT64"],
  ["64:ff9b::a00:1", "private, by NAT64"],
  ["2002:7f00:1::", "loopback, by 6to4"],
  ["2002:a00:1::1", "private, by 6to4"],
  ["fe80::1", "link-local"],
  ["fc00::1", "unique local"],
  ["fd12:3456::1", "unique local"],
  ["fec0::1", "site-local"],
  ["ff02::1", "multicast"],
];

/** Hosts that a peer may name. */
export const GOOD_HOSTS: readonly string[] = [
  "93.184.216.34",
  "172.32.0.1",
  "100.128.0.1",
  "2606:2800:220:1::1",
  "64:ff9b::5db8:d822",
  "2002:5db8:d822::1",
];
