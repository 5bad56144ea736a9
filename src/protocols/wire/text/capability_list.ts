/**
 * Capabilities of a server as POP3 and NNTP list them (RFC 2449, RFC 3977 §5.2).
 *
 * @module
 */

/** The capabilities of a server, by their names in upper case, each with its parameters. */
export type CapabilityList = ReadonlyMap<string, readonly string[]>;

/** A server that lists none. */
export const NO_CAPABILITIES: CapabilityList = new Map();

/**
 * Parses a list of capabilities.
 *
 * @param lines Its lines, without the dot.
 * @returns The capabilities; the last of a name counts.
 *
 * @example A server with SASL
 * ```ts
 * import { parseCapabilities } from "./capability_list.ts";
 * const capabilities = parseCapabilities(["TOP", "sasl PLAIN SCRAM-SHA-256"]);
 * if (capabilities.get("SASL")?.[1] !== "SCRAM-SHA-256") throw new Error();
 * ```
 */
export function parseCapabilities(lines: readonly string[]): CapabilityList {
  return new Map(lines.flatMap((line) => {
    const [name, ...parameters] = line.split(/[ \t]+/).filter((word) => word !== "");
    return name === undefined ? [] : [[name.toUpperCase(), parameters] as const];
  }));
}
