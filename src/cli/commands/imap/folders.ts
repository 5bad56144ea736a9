/**
 * `netwright imap folders`: the mailboxes of an account (8.3 of the book's list).
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The account, and which of its mailboxes. */
export interface FoldersPlan {
  /** The account. */
  readonly server: ImapPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Names with wildcards. */
  readonly pattern: string;
  /** Whether only those are listed that the user has subscribed to. */
  readonly subscribed: boolean;
}

/** The command. */
export const command: Command<FoldersPlan> = {
  name: "imap folders",
  summary: "list the mailboxes of an IMAP account",
  operands: "URL [PATTERN]",
  count: { min: 1, max: 2 },
  examples: [
    "imap folders imaps://ann@mail.example.org",
    "imap folders imaps://ann@mail.example.org 'Archive/%'",
  ],
  details:
    "Prints name, use (sent, drafts, junk …) and attributes. In a pattern, * is anything, and %\n" +
    "anything in one level.",
  options: {
    subscribed: { help: "only those that the user has subscribed to" },
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", pattern = "*"] = args.operands;
    const plan = await planImap(args, host, url);
    if (plan.server.mailbox !== undefined) {
      throw new UsageError("the URL names a mailbox: give a PATTERN such as 'Archive/*' instead");
    }
    return {
      ...plan,
      pattern,
      subscribed: args.has("subscribed"),
    };
  },
  capabilities: ({ needs }) => needs,
};
