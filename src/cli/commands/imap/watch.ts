/**
 * `netwright imap watch`: changes of a mailbox as they happen (8.3 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The mailbox, and the action at its changes. */
export interface WatchPlan {
  /** The mailbox. */
  readonly server: ImapPlan;
  /** What all of it needs. */
  readonly needs: Capabilities;
  /** How many changes are reported. */
  readonly count: number;
  /** The program for new messages, and its arguments. */
  readonly exec: readonly string[] | undefined;
  /** How long one IDLE lasts, in milliseconds. */
  readonly renewMs: number | undefined;
}

/** The command. */
export const command: Command<WatchPlan> = {
  name: "imap watch",
  summary: "report changes of an IMAP mailbox",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: [
    "imap watch imaps://ann@mail.example.org",
    "imap watch imaps://ann@mail.example.org --exec 'mbsync work'",
  ],
  details:
    "Prints a line for each message that arrives, is removed, or gets other flags. When the\n" +
    "connection is lost, it connects again and reports what happened meanwhile.",
  manual: "The program of --exec is run for each message that arrives, one after the other;\n" +
    "its last two arguments are the mailbox and the identifier. The server reports by\n" +
    "IDLE, which is renewed every nine minutes (--renew): a connection that died in\n" +
    "silence is noticed then. A server without IDLE is asked every 30 seconds. When a\n" +
    "mailbox is made anew, the messages in it count as known.",
  options: {
    exec: { value: "COMMAND", help: "run this for each new message; words divided by blanks" },
    count: { value: "N", rare: true, help: "end after so many changes" },
    renew: { value: "SECONDS", rare: true, help: "renew IDLE so often (default 540)" },
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const exec = args.value("exec")?.split(" ").filter((word) => word !== "");
    if (exec?.length === 0) throw new UsageError("--exec requires a program");
    const { server, needs } = await planImap(args, host, args.operands[0]!);
    return {
      server,
      needs: union(needs, exec === undefined ? {} : { run: [exec[0]!] }),
      count: args.integer("count", { min: 1, fallback: Infinity }),
      exec,
      renewMs: args.has("renew") ? args.milliseconds("renew", 0) : undefined,
    };
  },
  capabilities: ({ needs }) => needs,
};
