/**
 * `netwright imap flag`: sets and removes flags of messages (8.3 of the book's list).
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { CHOICE_OPTIONS, flagOf, planChoice } from "../../imap/chosen.ts";
import type { Criteria } from "../../imap/criteria.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The mailbox, which of its messages, and their flags. */
export interface FlagPlan {
  /** The mailbox. */
  readonly server: ImapPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Which messages. */
  readonly criteria: Criteria;
  /** Flags to set. */
  readonly add: readonly string[];
  /** Flags to remove. */
  readonly remove: readonly string[];
  /** Whether it is only said how many messages are meant. */
  readonly dryRun: boolean;
}

/** The command. */
export const command: Command<FlagPlan> = {
  name: "imap flag",
  summary: "set and remove flags of messages",
  operands: "URL [UID…]",
  count: { min: 1, max: Infinity },
  examples: [
    "imap flag imaps://ann@mail.example.org 47 --add flagged",
    "imap flag imaps://ann@mail.example.org --from news@ --add seen",
  ],
  details: "Flags: seen, answered, flagged, deleted, draft, or a keyword such as $Junk.",
  options: {
    add: { value: "FLAG", many: true, help: "set this flag" },
    remove: { value: "FLAG", many: true, help: "remove this flag" },
    ...CHOICE_OPTIONS,
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...uids] = args.operands;
    const [add, remove] = [args.values("add").map(flagOf), args.values("remove").map(flagOf)];
    if (add.length + remove.length === 0) throw new UsageError("give --add or --remove");
    const both = add.find((flag) => remove.includes(flag));
    if (both !== undefined) throw new UsageError(`${both} is both set and removed`);
    return {
      ...await planImap(args, host, url),
      criteria: planChoice(args, uids),
      add,
      remove,
      dryRun: args.has("dry-run"),
    };
  },
  capabilities: ({ needs }) => needs,
};
