/**
 * `netwright imap append`: adds messages to a mailbox (8.3 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { flagOf } from "../../imap/chosen.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The mailbox, and the messages. */
export interface AppendPlan {
  /** The mailbox. */
  readonly server: ImapPlan;
  /** What all of it needs. */
  readonly needs: Capabilities;
  /** The files; standard input if there are none, or for `-`. */
  readonly files: readonly string[];
  /** Whether each file is an mbox. */
  readonly mbox: boolean;
  /** Flags of the messages. */
  readonly flags: readonly string[];
  /** Whether the date of receipt is that of the header. */
  readonly keepDate: boolean;
  /** Whether the mailbox is made if it is missing. */
  readonly create: boolean;
}

/** The command. */
export const command: Command<AppendPlan> = {
  name: "imap append",
  summary: "add messages to an IMAP mailbox",
  operands: "URL [FILE…]",
  count: { min: 1, max: Infinity },
  examples: [
    "imap append imaps://ann@mail.example.org/Sent letter.eml --flag seen",
    "imap append imaps://ann@mail.example.org/Old --mbox --keep-date old",
  ],
  details:
    "Without FILE, standard input is the message. Prints the identifiers of the messages, if the\n" +
    "server says them.",
  options: {
    flag: { value: "FLAG", many: true, help: "such as seen, flagged, draft, or $Forwarded" },
    mbox: { help: "each file holds many messages" },
    "keep-date": { help: "the date of receipt is the Date of the message" },
    create: { help: "make the mailbox if it is missing" },
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...files] = args.operands;
    const { server, needs } = await planImap(args, host, url);
    const read = files.filter((file) => file !== "-");
    return {
      server,
      needs: union(needs, read.length > 0 ? { read } : {}),
      files,
      mbox: args.has("mbox"),
      flags: args.values("flag").map(flagOf),
      keepDate: args.has("keep-date"),
      create: args.has("create"),
    };
  },
  capabilities: ({ needs }) => needs,
};
