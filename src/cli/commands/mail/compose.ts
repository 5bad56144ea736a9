/**
 * `netwright mail compose`: writes a message (7.2 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { DRAFT_OPTIONS, draftCapabilities, requireWriter } from "../../mail/options.ts";

/** The command. */
export const command = commandByArguments({
  name: "mail compose",
  summary: "write a message to standard output",
  operands: "",
  count: { min: 0, max: 0 },
  examples: [
    "mail compose --from ann@a.b --to bob@c.d -s Tea < text > letter.eml",
    "mail compose --from ann@a.b --to bob@c.d --html a.html -a b.pdf",
  ],
  details:
    "It goes on by: netwright smtp send URL --message - (or FILE). Bcc is not written: name\n" +
    "those there by --bcc.",
  options: DRAFT_OPTIONS,
  capabilities(args) {
    requireWriter(args);
    return draftCapabilities(args);
  },
});
