/**
 * `netwright ref`: the tables of the book's appendices B and C.
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import { unknownName } from "../../command/nearest.ts";

/** The tables that can be searched. */
const REFERENCE_TABLES = ["errors", "ports", "protocols", "multicast"] as const;

/** The words to search for, and the tables. */
export interface RefPlan {
  /** The table. */
  readonly table: typeof REFERENCE_TABLES[number];
  /** A name, a number, or a part of a description; empty for all. */
  readonly word: string;
}

/** The command. */
export const command: Command<RefPlan> = {
  name: "ref",
  summary: "search errors, ports, protocols, multicast groups",
  operands: `${REFERENCE_TABLES.join("|")} [WORD]`,
  count: { min: 1, max: 2 },
  choices: (_, { length }) => length === 0 ? REFERENCE_TABLES : [],
  examples: ["ref errors ECONNREFUSED", "ref ports mail", "ref multicast mdns"],
  details:
    "A WORD is a name, a number, or a part of a description; for a multicast address the blocks that\n" +
    "contain it are listed. Fields have tabs between them.",
  plan({ operands: [name = "", word = ""] }) {
    const table = REFERENCE_TABLES.find((known) => known === name);
    if (table === undefined) throw unknownName("table", name, REFERENCE_TABLES);
    return { table, word };
  },
  capabilities: () => ({}),
};
