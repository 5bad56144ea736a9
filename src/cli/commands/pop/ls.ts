/**
 * `netwright pop ls`: the messages of a mailbox (8.1 of the book's list).
 *
 * @module
 */

import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import type { LoginPlan } from "../../login/options.ts";
import { parseRanges, planPop, POP_OPTIONS } from "../../pop/options.ts";

/** The mailbox, and which of its messages. */
export interface LsPlan {
  /** The mailbox. */
  readonly server: LoginPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Ranges of messages; all if there are none. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Whether identifiers are shown instead of headers. */
  readonly uids: boolean;
}

/** The command. */
export const command: Command<LsPlan> = {
  name: "pop ls",
  summary: "list the messages of a POP3 mailbox",
  operands: "URL [NUMBER…]",
  count: { min: 1, max: Infinity },
  examples: ["pop ls pop3s://ann@mail.example.org", "pop ls pop3s://ann@mail.example.org 10-20"],
  details: "Prints number, size, date, sender and subject. Only headers are read.",
  options: { uids: { help: "print the identifiers (UIDL) instead of headers" }, ...POP_OPTIONS },
  async plan(args, host) {
    const [url = "", ...numbers] = args.operands;
    return {
      ...await planPop(args, host, url),
      ranges: parseRanges(numbers),
      uids: args.has("uids"),
    };
  },
  capabilities: ({ needs }) => needs,
};
