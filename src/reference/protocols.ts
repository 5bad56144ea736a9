/**
 * Internet protocols by name and number.
 *
 * @module
 */

import { PROTOCOLS } from "./_protocols.ts";

/** A protocol that is carried in IP packets. */
export interface ProtocolEntry {
  /** Its number in the packet's header. */
  readonly number: number;
  /** Its name, such as `tcp`. */
  readonly name: string;
  /** Its description. */
  readonly meaning: string;
}

/** Lists all assigned protocols, sorted by number. */
export function listProtocols(): ProtocolEntry[] {
  return PROTOCOLS.map(([number, name, meaning]) => ({ number, name, meaning }));
}

/**
 * Finds a protocol.
 *
 * @param wanted A name, in any case, or a number in decimal.
 * @returns The protocol, or undefined if it is not assigned.
 *
 * @example By number
 * ```ts
 * import { findProtocol } from "@netwright/netwright/reference";
 * if (findProtocol("17")?.name !== "udp") throw new Error("wrong name");
 * ```
 */
export function findProtocol(requested: string): ProtocolEntry | undefined {
  const name = requested.toLowerCase();
  return listProtocols().find((entry) =>
    /^\d+$/.test(requested) ? entry.number === Number(requested) : entry.name === name
  );
}
