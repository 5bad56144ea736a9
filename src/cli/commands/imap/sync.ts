/**
 * `netwright imap sync`: keeps a Maildir equal to the mailboxes of an account (8.3 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The account, the Maildir, and how they are made equal. */
export interface SyncCommandPlan {
  /** The account. */
  readonly server: ImapPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** The Maildir. */
  readonly maildir: string;
  /** Patterns of names. */
  readonly mailboxes: readonly string[];
  /** Patterns of names that are left out. */
  readonly exclude: readonly string[];
  /** Whether changes here go to the server. */
  readonly both: boolean;
  /** Whether removals count. */
  readonly delete: boolean;
  /** Most removals. */
  readonly maxDelete: number | undefined;
  /** Whether nothing is changed. */
  readonly dryRun: boolean;
}

/** The command. */
export const command: Command<SyncCommandPlan> = {
  name: "imap sync",
  summary: "keep a Maildir equal to the mailboxes of an account",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: [
    "imap sync imaps://ann@mail.example.org --maildir Mail",
    "imap sync imaps://ann@mail.example.org --maildir Mail --both",
  ],
  details:
    "Fetches new messages and changed flags of all mailboxes, or of that in the URL. Prints what each\n" +
    "had: fetched, sent, removed here and there, flags. Exit status 4: some failed.",
  manual: "Without --both nothing changes on the server: messages removed here are not\n" +
    "fetched again. Without --delete nothing is removed on either side. With it, an\n" +
    "empty mailbox removes nothing, and more than 100 messages of a mailbox only\n" +
    "go with --max-delete. If both sides have changed a flag, the server's counts.\n\n" +
    "Whenever a run is ended, the next continues: no message is lost or doubled. If\n" +
    "the server gives its identifiers anew, messages are found by their headers.\n" +
    "DIR/netwright-sync holds what earlier runs have done; it is of one account.\n" +
    "Mailboxes are made, but never removed or renamed: of one that has another name\n" +
    "on one side there are two then. DIR is a Maildir++ (.NAME, .NAME.NAME).",
  options: {
    maildir: { value: "DIR", help: "the Maildir; made if it is missing" },
    mailbox: { value: "PATTERN", many: true, help: "only these, such as 'Archive/*'" },
    exclude: { value: "PATTERN", many: true, help: "not these" },
    both: { help: "send changes here to the server, too" },
    delete: { help: "removals on one side are repeated on the other" },
    "max-delete": { value: "N", help: "remove at most so many from a mailbox (100)" },
    "dry-run": { short: "n", help: "only print what would be done" },
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = ""] = args.operands;
    const maildir = args.value("maildir");
    if (maildir === undefined || maildir === "") throw new UsageError("--maildir DIR is missing");
    if (args.has("max-delete") && !args.has("delete")) {
      throw new UsageError("--max-delete requires --delete");
    }
    const { server, needs } = await planImap(args, host, url);
    const named = args.values("mailbox");
    if (server.mailbox !== undefined && named.length > 0) {
      throw new UsageError("the URL names a mailbox already: leave --mailbox out");
    }
    return {
      server,
      needs: union(needs, { read: [maildir], write: [maildir] }),
      maildir,
      mailboxes: server.mailbox === undefined ? named : [server.mailbox],
      exclude: args.values("exclude"),
      both: args.has("both"),
      delete: args.has("delete"),
      maxDelete: args.integer("max-delete", { min: 0, fallback: undefined }),
      dryRun: args.has("dry-run"),
    };
  },
  capabilities: ({ needs }) => needs,
};
