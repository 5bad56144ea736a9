/**
 * `netwright eliza`: a talk with the psychotherapist (10.1 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";

/** The script. */
export interface ElizaPlan {
  /** A YAML file; DOCTOR if absent. */
  readonly script: string | undefined;
}

/** The command. */
export const command: Command<ElizaPlan> = {
  name: "eliza",
  summary: "talk to ELIZA, the simulated psychotherapist",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["eliza", "eliza --script my.yaml < sentences"],
  details:
    "After Joseph Weizenbaum's program of 1966. A sentence a line; bye or Control-D ends it.\n" +
    "serve eliza lets others talk to it.",
  options: { script: { value: "FILE", help: "what to say, in YAML" } },
  plan: (args) => ({ script: args.value("script") }),
  capabilities: ({ script }) => script === undefined ? {} : { read: [script] },
};
