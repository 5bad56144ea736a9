/**
 * `netwright imap stats`: how full mailboxes are (8.3 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The accounts. */
export interface StatsPlan {
  /** Each. */
  readonly servers: readonly ImapPlan[];
  /** What that needs. */
  readonly needs: Capabilities;
}

/** The command. */
export const command: Command<StatsPlan> = {
  name: "imap stats",
  summary: "count the messages of IMAP mailboxes",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: [
    "imap stats imaps://ann@mail.example.org",
    "imap stats imaps://ann@mail.example.org/INBOX",
  ],
  details:
    "Prints each mailbox with its messages, unread ones, and bytes; with a path in the URL,\n" +
    "that mailbox only. TLS: imaps:// from the first byte; else STARTTLS, without which no password\n" +
    "is sent to another host.",
  options: IMAP_OPTIONS,
  async plan(args, host) {
    const plans = [];
    for (const url of args.operands) plans.push(await planImap(args, host, url));
    return {
      servers: plans.map(({ server }) => server),
      needs: plans.map(({ needs }) => needs).reduce((one, other) => union(one, other)),
    };
  },
  capabilities: ({ needs }) => needs,
};
