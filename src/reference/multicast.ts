/**
 * Assigned multicast groups.
 *
 * @module
 */

import { MULTICAST } from "./_multicast.ts";

/** A group or a block of groups. */
export interface MulticastEntry {
  /** An address, `address/length` or `first-last`; an `x` stands for any scope. */
  readonly group: string;
  /** Its purpose. */
  readonly meaning: string;
}

/**
 * Finds multicast groups.
 *
 * @param wanted A part of an address or of a meaning, in any case; absent for all.
 * @returns All that fit.
 *
 * @example The group of mDNS
 * ```ts
 * import { findMulticast } from "@netwright/netwright/reference";
 * if (findMulticast("mdns")[0]?.group !== "224.0.0.251") throw new Error("wrong group");
 * ```
 */
export function findMulticast(requested: string = ""): MulticastEntry[] {
  const text = requested.toLowerCase();
  return MULTICAST.map(([group, meaning]) => ({ group, meaning })).filter(({ group, meaning }) =>
    group.includes(text) || meaning.toLowerCase().includes(text)
  );
}
