/**
 * `netwright imap search`: identifiers of messages (8.3 of the book's list).
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { type Criteria, CRITERIA_OPTIONS, planCriteria } from "../../imap/criteria.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The mailbox, and which of its messages. */
export interface SearchPlan {
  /** The mailbox. */
  readonly server: ImapPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Which messages. */
  readonly criteria: Criteria;
  /** Keys of the order, the first one first. */
  readonly sort: readonly string[];
  /** Whether only their number is printed. */
  readonly count: boolean;
}

const KEYS = ["arrival", "cc", "date", "from", "size", "subject", "to"];

/** The command. */
export const command: Command<SearchPlan> = {
  name: "imap search",
  summary: "find messages of an IMAP mailbox",
  operands: "URL [UID…]",
  count: { min: 1, max: Infinity },
  examples: [
    "imap search imaps://ann@mail.example.org --unseen --count",
    "imap search imaps://ann@mail.example.org --text invoice --sort -date",
  ],
  details: "Prints an identifier a line. The server searches; a message must meet all criteria.\n" +
    "Exit status 1: there is no such message.",
  options: {
    count: { help: "print only how many there are" },
    sort: { value: "KEYS", help: "order by keys such as -date,from; - is descending" },
    ...CRITERIA_OPTIONS,
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...uids] = args.operands;
    const sort = args.value("sort")?.split(",") ?? [];
    const bad = sort.find((key) => !KEYS.includes(key.replace(/^-/, "")));
    if (bad !== undefined) throw new UsageError(`--sort takes ${KEYS.join(", ")}, not ${bad}`);
    if (sort.length > 0 && args.has("count")) {
      throw new UsageError("--sort and --count exclude each other");
    }
    return {
      ...await planImap(args, host, url),
      criteria: planCriteria(args, uids),
      sort,
      count: args.has("count"),
    };
  },
  capabilities: ({ needs }) => needs,
};
