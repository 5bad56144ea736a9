/**
 * `netwright imap copy`: copies messages into another mailbox, also of another server (8.3 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { CHOICE_OPTIONS, planChoice } from "../../imap/chosen.ts";
import type { Criteria } from "../../imap/criteria.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The messages, and where they go. */
export interface CopyPlan {
  /** The mailbox. */
  readonly server: ImapPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Which messages. */
  readonly criteria: Criteria;
  /** The other server; undefined for the same. */
  readonly target: ImapPlan | undefined;
  /** The name of the other mailbox. */
  readonly mailbox: string;
  /** Whether the other mailbox is made if it is missing. */
  readonly create: boolean;
  /** Whether it is only said how many messages are meant. */
  readonly dryRun: boolean;
}

/** The command. */
export const command: Command<CopyPlan> = {
  name: "imap copy",
  summary: "copy messages into another mailbox or account",
  operands: "URL [UID…]",
  count: { min: 1, max: Infinity },
  examples: [
    "imap copy imaps://ann@mail.example.org 47 --to Archive",
    "imap copy imaps://ann@a.example --all --to imaps://ann@b.example/Old",
  ],
  details:
    "--to is a mailbox of the same server, or the URL of one elsewhere. Flags and dates of receipt\n" +
    "are kept. A second run copies the messages again.",
  options: {
    to: { value: "MAILBOX", help: "where they go: a mailbox, or a URL with one" },
    create: { help: "make that mailbox if it is missing" },
    ...CHOICE_OPTIONS,
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...uids] = args.operands;
    const to = args.value("to");
    if (to === undefined || to === "") throw new UsageError("--to MAILBOX is missing");
    const { server, needs } = await planImap(args, host, url);
    const other = /^imaps?:\/\//i.test(to) ? await planImap(args, host, to) : undefined;
    return {
      server,
      needs: other === undefined ? needs : union(needs, other.needs),
      criteria: planChoice(args, uids),
      target: other?.server,
      mailbox: other === undefined ? to : other.server.mailbox ?? "INBOX",
      create: args.has("create"),
      dryRun: args.has("dry-run"),
    };
  },
  capabilities: ({ needs }) => needs,
};
