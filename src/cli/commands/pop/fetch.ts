/**
 * `netwright pop fetch`: reads mail at the terminal, or fetches it unattended (8.2 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
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
import {
  ATTACHMENT_OPTIONS,
  attachmentCapabilities,
  type AttachmentPlan,
  planAttachments,
} from "../../mail/attachment_options.ts";
import type { LoginPlan } from "../../login/options.ts";
import { parseRanges, planPop, POP_OPTIONS } from "../../pop/options.ts";

/** The mailbox, and what becomes of its messages. */
export interface FetchPlan extends FetchRules {
  /** The mailbox. */
  readonly server: LoginPlan;
  /** What all of it needs. */
  readonly needs: Capabilities;
  /** Ranges of messages to print. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Where messages go; they are read at the terminal if absent. */
  readonly target: FetchTarget | undefined;
  /** How they are read there. */
  readonly reader: AttachmentPlan;
}

/** The command. */
export const command: Command<FetchPlan> = {
  name: "pop fetch",
  summary: "read POP3 mail, or fetch it into a mailbox",
  operands: "URL [NUMBER…]",
  count: { min: 1, max: Infinity },
  examples: [
    "pop fetch pop3s://ann@mail.example.org --maildir Mail --delete",
    "pop fetch pop3s://ann@mail.example.org",
  ],
  details:
    "Without a target, messages are read at the terminal: h lists the keys. Fetched messages stay on the\n" +
    "server, are remembered, and are not fetched again. Exit status 4: some could not be fetched.",
  manual: `With a target it runs unattended. ${FETCH_MANUAL}\n\n` +
    "At the terminal, attachments are saved with --attachments only, and shown with\n" +
    "--viewer only, which gets the name of the file as its last argument.",
  options: {
    ...FETCH_OPTIONS,
    to: { value: "DIR", help: "fetch into files of this folder; - prints one NUMBER" },
    ...ATTACHMENT_OPTIONS,
    ...POP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...numbers] = args.operands;
    const target = planTarget(args);
    const ranges = parseRanges(numbers);
    const single = ranges.length === 1 && ranges[0]![0] === ranges[0]![1];
    if (target?.kind === "print" ? !single : ranges.length > 0) {
      throw new UsageError("--to - and one NUMBER go together");
    }
    const reader = readerOf(args, target);
    const rules = planRules(args, target);
    const { server, needs } = await planPop(args, host, url);
    return {
      server,
      needs: union(needs, union(targetCapabilities(target), attachmentCapabilities(reader))),
      ranges,
      target,
      reader,
      ...rules,
    };
  },
  capabilities: ({ needs }) => needs,
};

function readerOf(args: Arguments, target: FetchTarget | undefined): AttachmentPlan {
  for (const name of ["attachments", "viewer"]) {
    if (args.has(name) && target !== undefined) {
      throw new UsageError(`--${name} is for reading at the terminal, without a target`);
    }
  }
  return planAttachments(args);
}
