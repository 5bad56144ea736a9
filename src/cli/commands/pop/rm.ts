/**
 * `netwright pop rm`: deletes messages of a mailbox (8.1 of the book's list).
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import type { LoginPlan } from "../../login/options.ts";
import { parseRanges, planPop, POP_OPTIONS } from "../../pop/options.ts";

/** The mailbox, and which of its messages. */
export interface RmPlan {
  /** The mailbox. */
  readonly server: LoginPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Ranges of messages. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Identifiers of messages. */
  readonly uids: readonly string[];
  /** Whether all messages are meant. */
  readonly all: boolean;
  /** Whether it is only said what would be deleted. */
  readonly dryRun: boolean;
}

/** The command. */
export const command: Command<RmPlan> = {
  name: "pop rm",
  summary: "delete messages of a POP3 mailbox",
  operands: "URL [NUMBER…]",
  count: { min: 1, max: Infinity },
  examples: [
    "pop rm pop3s://ann@mail.example.org 3 7-9",
    "pop rm pop3s://ann@mail.example.org --all",
  ],
  details:
    "Numbers are those of `pop ls`, and change when messages are deleted; identifiers (pop ls\n" +
    "--uids) do not. If one of the messages is not there, nothing is deleted.",
  options: {
    uid: { value: "ID", many: true, help: "the message with this identifier" },
    all: { help: "all messages" },
    "dry-run": { help: "only print what would be deleted" },
    ...POP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...numbers] = args.operands;
    const [uids, all] = [args.values("uid"), args.has("all")];
    if (numbers.length + uids.length === 0 && !all) {
      throw new UsageError("name messages, or give --all");
    }
    if (numbers.length + uids.length > 0 && all) {
      throw new UsageError("--all leaves no messages to name");
    }
    return {
      ...await planPop(args, host, url),
      ranges: parseRanges(numbers),
      uids,
      all,
      dryRun: args.has("dry-run"),
    };
  },
  capabilities: ({ needs }) => needs,
};
