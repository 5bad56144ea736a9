/**
 * `netwright imap fetch`: messages of a mailbox into one of this host (8.3 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import {
  FETCH_MANUAL,
  FETCH_OPTIONS,
  type FetchRules,
  type FetchTarget,
  planRules,
  planTarget,
  targetCapabilities,
} from "../../fetching/options.ts";
import { type Criteria, CRITERIA_OPTIONS, planCriteria } from "../../imap/criteria.ts";
import { IMAP_OPTIONS, type ImapPlan, planImap } from "../../imap/options.ts";

/** The mailbox, and what becomes of its messages. */
export interface FetchPlan extends FetchRules {
  /** The mailbox. */
  readonly server: ImapPlan;
  /** What all of it needs. */
  readonly needs: Capabilities;
  /** Which messages. */
  readonly criteria: Criteria;
  /** Where messages go. */
  readonly target: FetchTarget;
  /** The part that is printed, such as `1.2`; the whole message if absent. */
  readonly part: string | undefined;
}

/** The command. */
export const command: Command<FetchPlan> = {
  name: "imap fetch",
  summary: "fetch messages of an IMAP mailbox",
  operands: "URL [UID…]",
  count: { min: 1, max: Infinity },
  examples: [
    "imap fetch imaps://ann@mail.example.org --maildir Mail --unseen",
    "imap fetch imaps://ann@mail.example.org 47 --to - --part 2 > a.pdf",
  ],
  details:
    "Fetched messages stay on the server, are remembered, and are not fetched again. Nothing is\n" +
    "marked as read. Exit status 4: some could not be fetched.",
  manual: `${FETCH_MANUAL}\n\n` +
    "--part prints the content of one part, its encoding undone; `mime tree` shows\n" +
    "how the parts of a message are numbered.",
  options: {
    ...FETCH_OPTIONS,
    to: { value: "DIR", help: "fetch into files of this folder; - prints one UID" },
    part: { value: "NUMBER", help: "with --to -: print this part only, decoded" },
    ...CRITERIA_OPTIONS,
    from: { ...CRITERIA_OPTIONS.from!, rare: true },
    subject: { ...CRITERIA_OPTIONS.subject!, rare: true },
    text: { ...CRITERIA_OPTIONS.text!, rare: true },
    ...IMAP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...uids] = args.operands;
    const target = planTarget(args);
    if (target === undefined) throw new UsageError("name a place: --maildir, --mbox or --to");
    const isPrinting = target.kind === "print";
    if (isPrinting && !(uids.length === 1 && /^\d+$/.test(uids[0]!))) {
      throw new UsageError("--to - prints one UID");
    }
    const part = args.value("part");
    if (part !== undefined && !isPrinting) throw new UsageError("--part requires --to -");
    if (part !== undefined && !/^\d{1,5}(?:\.\d{1,5}){0,50}$/.test(part)) {
      throw new UsageError("--part takes a number such as 2 or 1.2");
    }
    const criteria = planCriteria(args, uids);
    const rules = planRules(args, target);
    const { server, needs } = await planImap(args, host, url);
    return {
      server,
      needs: union(needs, targetCapabilities(target)),
      criteria,
      target,
      part,
      ...rules,
    };
  },
  capabilities: ({ needs }) => needs,
};
