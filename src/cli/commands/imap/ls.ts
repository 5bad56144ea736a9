/**
 * `netwright imap ls`: the messages of a mailbox (8.3 of the book's list).
 *
 * @module
 */

import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { type Criteria, CRITERIA_OPTIONS, planCriteria } from "../../imap/criteria.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The mailbox, and which of its messages. */
export interface LsPlan {
  /** The mailbox. */
  readonly server: ImapPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Which messages. */
  readonly criteria: Criteria;
  /** How many of the newest; all if absent. */
  readonly last: number | undefined;
}

/** The command. */
export const command: Command<LsPlan> = {
  name: "imap ls",
  summary: "list the messages of an IMAP mailbox",
  operands: "URL [UID…]",
  count: { min: 1, max: Infinity },
  examples: [
    "imap ls imaps://ann@mail.example.org --last 20",
    "imap ls imaps://ann@mail.example.org/Archive --from bob --since 7d",
  ],
  details:
    "Prints identifier, flags, size, date, sender and subject. The server's path is the mailbox,\n" +
    "INBOX without one. Flags: N not read, A answered, F flagged, D draft, X deleted.",
  options: {
    last: { value: "N", help: "only the newest so many" },
    ...CRITERIA_OPTIONS,
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...uids] = args.operands;
    return {
      ...await planImap(args, host, url),
      criteria: planCriteria(args, uids),
      last: args.integer("last", { min: 1, fallback: undefined }),
    };
  },
  capabilities: ({ needs }) => needs,
};
