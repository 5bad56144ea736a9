/**
 * Capabilities of a POP3 server (RFC 2449).
 *
 * @module
 */

/** The capabilities of a server, by their names in upper case, each with its parameters. */
export type Pop3Capabilities = ReadonlyMap<string, readonly string[]>;

/** A server without CAPA. */
export const NO_CAPABILITIES: Pop3Capabilities = new Map();

/**
 * Parses the response to CAPA.
 *
 * @param lines Its lines, without the first and the dot.
 * @returns The capabilities; the last of a name counts.
 *
 * @example A server with SASL
 * ```ts
 * import { parseCapabilities } from "./capabilities.ts";
 * const capabilities = parseCapabilities(["TOP", "sasl PLAIN SCRAM-SHA-256"]);
 * if (capabilities.get("SASL")?.[1] !== "SCRAM-SHA-256") throw new Error();
 * ```
 */
export function parseCapabilities(lines: readonly string[]): Pop3Capabilities {
  return new Map(lines.flatMap((line) => {
    const [name, ...parameters] = line.split(/[ \t]+/).filter((word) => word !== "");
    return name === undefined ? [] : [[name.toUpperCase(), parameters] as const];
  }));
}
