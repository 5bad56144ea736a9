/**
 * `netwright eliza`: a talk with the psychotherapist (10.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";

/** The command. */
export const command = commandByArguments({
  name: "eliza",
  summary: "talk to a psychotherapist, who is not very bright",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["eliza", "eliza --script my.yaml < sentences"],
  details:
    "After Joseph Weizenbaum's program of 1966. A sentence a line; bye or Control-D ends it.\n" +
    "serve eliza lets others talk to it.",
  options: { script: { value: "FILE", help: "what to say, in YAML" } },
  capabilities(args) {
    const script = args.value("script");
    return script === undefined ? {} : { read: [script] };
  },
});
