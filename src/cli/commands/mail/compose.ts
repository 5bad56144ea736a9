/**
 * `netwright mail compose`: writes a message (7.2 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import {
  DRAFT_OPTIONS,
  draftCapabilities,
  type DraftPlan,
  planDraft,
  requireWriter,
} from "../../mail/options.ts";

/** The command. */
export const command: Command<DraftPlan> = {
  name: "mail compose",
  summary: "write a message with attachments",
  operands: "",
  count: { min: 0, max: 0 },
  examples: [
    "mail compose --from ann@a.b --to bob@c.d -s Tea < text > letter.eml",
    "mail compose --from ann@a.b --to bob@c.d --html a.html -a b.pdf",
  ],
  details:
    "Send it with: netwright smtp send URL --message - (or FILE). Bcc is not written: give\n" +
    "Bcc recipients to smtp send with --bcc.",
  options: DRAFT_OPTIONS,
  plan(args) {
    requireWriter(args);
    return planDraft(args);
  },
  capabilities: draftCapabilities,
};
