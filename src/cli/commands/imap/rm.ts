/**
 * `netwright imap rm`: deletes messages (8.3 of the book's list).
 *
 * @module
 */

import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { CHOICE_OPTIONS, planChoice } from "../../imap/chosen.ts";
import type { Criteria } from "../../imap/criteria.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The mailbox, and which of its messages. */
export interface RmPlan {
  /** The mailbox. */
  readonly server: ImapPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Which messages. */
  readonly criteria: Criteria;
  /** Whether it is only said what would be deleted. */
  readonly dryRun: boolean;
}

/** The command. */
export const command: Command<RmPlan> = {
  name: "imap rm",
  summary: "delete messages of an IMAP mailbox",
  operands: "URL [UID…]",
  count: { min: 1, max: Infinity },
  examples: [
    "imap rm imaps://ann@mail.example.org 4711 4720-4725",
    "imap rm imaps://ann@mail.example.org/Junk --before 30d",
  ],
  details:
    "Exactly these messages are removed at once (UIDPLUS); marks of other programs stay. If one that\n" +
    "is named does not exist, nothing is deleted.",
  options: {
    ...CHOICE_OPTIONS,
    before: { ...CHOICE_OPTIONS.before!, rare: false },
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...uids] = args.operands;
    return {
      ...await planImap(args, host, url),
      criteria: planChoice(args, uids),
      dryRun: args.has("dry-run"),
    };
  },
  capabilities: ({ needs }) => needs,
};
