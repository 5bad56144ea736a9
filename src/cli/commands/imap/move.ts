/**
 * `netwright imap move`: moves messages into another mailbox of the account (8.3 of the book's list).
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { CHOICE_OPTIONS, planChoice } from "../../imap/chosen.ts";
import type { Criteria } from "../../imap/criteria.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The messages, and where they go. */
export interface MovePlan {
  /** The mailbox. */
  readonly server: ImapPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Which messages. */
  readonly criteria: Criteria;
  /** The name of the other mailbox. */
  readonly mailbox: string;
  /** Whether the other mailbox is made if it is missing. */
  readonly create: boolean;
  /** Whether it is only said how many messages are meant. */
  readonly dryRun: boolean;
}

/** The command. */
export const command: Command<MovePlan> = {
  name: "imap move",
  summary: "move messages into another mailbox",
  operands: "URL [UID…]",
  count: { min: 1, max: Infinity },
  examples: [
    "imap move imaps://ann@mail.example.org 47 --to Archive",
    "imap move imaps://ann@mail.example.org --before 90d --to Old",
  ],
  details: "By MOVE; on a server without it, a copy and a deletion of exactly these messages.",
  options: {
    to: { value: "MAILBOX", help: "where they go" },
    create: { help: "make that mailbox if it is missing" },
    ...CHOICE_OPTIONS,
    before: { ...CHOICE_OPTIONS.before!, rare: false },
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...uids] = args.operands;
    const mailbox = args.value("to");
    if (mailbox === undefined || mailbox === "") throw new UsageError("--to MAILBOX is missing");
    if (/^imaps?:\/\//i.test(mailbox)) {
      throw new UsageError("messages are moved within an account: copy them, then delete them");
    }
    return {
      ...await planImap(args, host, url),
      criteria: planChoice(args, uids),
      mailbox,
      create: args.has("create"),
      dryRun: args.has("dry-run"),
    };
  },
  capabilities: ({ needs }) => needs,
};
