/**
 * What ICMP says about packets that did not arrive, in words and in the marks of traceroute.
 *
 * @module
 */

/** The meaning of a message. */
export interface IcmpError {
  /** In words. */
  readonly text: string;
  /** As traceroute marks it, such as `!H`. */
  readonly mark: string;
}

type Codes = readonly (readonly [code: number, text: string, mark: string])[];

/** Codes of "destination unreachable" (RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1). */
const UNREACHABLE_4: Codes = [
  [0, "network unreachable", "!N"],
  [1, "host unreachable", "!H"],
  [2, "protocol unreachable", "!P"],
  [3, "port unreachable", ""],
  [4, "packet too big", "!F"],
  [5, "source route failed", "!S"],
  [6, "network unknown", "!U"],
  [7, "host unknown", "!W"],
  [8, "source host isolated", "!I"],
  [9, "network administratively prohibited", "!A"],
  [10, "host administratively prohibited", "!Z"],
  [11, "network unreachable for this type of service", "!Q"],
  [12, "host unreachable for this type of service", "!T"],
  [13, "administratively prohibited", "!X"],
  [14, "host precedence violation", "!V"],
  [15, "precedence cutoff in effect", "!C"],
];

/** Codes of "destination unreachable" (RFC 4443 §3.1). */
const UNREACHABLE_6: Codes = [
  [0, "no route to the destination", "!N"],
  [1, "administratively prohibited", "!X"],
  [2, "beyond the scope of the source address", "!S"],
  [3, "address unreachable", "!H"],
  [4, "port unreachable", ""],
  [5, "source address failed a policy", "!X"],
  [6, "route rejected", "!X"],
];

/**
 * Describes an error message.
 *
 * @param version Of IP.
 * @param type The message's type.
 * @param code Its code.
 * @returns The words, and traceroute's mark; of an unknown code its number.
 */
export function describeIcmpError(version: 4 | 6, type: number, code: number): IcmpError {
  if (type === (version === 4 ? 3 : 1)) {
    const codes = version === 4 ? UNREACHABLE_4 : UNREACHABLE_6;
    const [, text = `unreachable, code ${code}`, mark = `!<${code}>`] = codes.find(([known]) =>
      known === code
    ) ?? [];
    return { text, mark };
  }
  if (version === 6 && type === 2) return { text: "packet too big", mark: "!F" };
  if (type === (version === 4 ? 11 : 3)) {
    return {
      text: code === 0 ? "hop limit exceeded" : "fragments did not come in time",
      mark: code === 0 ? "" : "!R",
    };
  }
  return { text: `ICMP type ${type}, code ${code}`, mark: `!<${type}/${code}>` };
}
