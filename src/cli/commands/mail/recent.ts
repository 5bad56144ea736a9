/**
 * `netwright mail recent`: sends new files of an FTP server by mail (7.4 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import {
  FILE_CHOICE_OPTIONS,
  type FileChoicePlan,
  planFileChoice,
} from "../../command/file_choice.ts";
import {
  FTP_OPTIONS,
  ftpCapabilities,
  type FtpOptions,
  ftpOptions,
  type FtpTarget,
  parseFtpUrl,
} from "../../ftp/target.ts";
import {
  DRAFT_OPTIONS,
  draftCapabilities,
  type DraftPlan,
  planDraft,
  requireRecipients,
  requireWriter,
} from "../../mail/options.ts";

const MIB = 1024 * 1024;
/** What most mail servers take, without a third more for base64. */
const DEFAULT_TOTAL = 18 * MIB;
/** Most that `--max-total` may say: everything is in memory before the message begins. */
export const MAX_TOTAL = 128 * MIB;

/** Which files become which message. */
export interface RecentPlan {
  /** The folder of the server. */
  readonly target: FtpTarget;
  /** How servers are talked to. */
  readonly ftp: FtpOptions;
  /** The message. */
  readonly draft: DraftPlan;
  /** Which files are new. */
  readonly choice: FileChoicePlan;
  /** Maximum size of all files, in bytes. */
  readonly maxTotal: number;
  /** What that needs. */
  readonly needs: Capabilities;
}

/** The command. */
export const command: Command<RecentPlan> = {
  name: "mail recent",
  summary: "write a message with new files of an FTP server attached",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: [
    "mail recent ftp://h.org/pub/ --from a@a.b --to b@c.d > new.eml",
    "mail recent ftp://h.org/pub/ --newer-than 7d --from a@a.b --to b@c.d",
  ],
  details:
    "Attaches the files of the folder that were changed within a day, or since --newer-than; the text\n" +
    "names all, also those beyond the limits. Without such files nothing is printed, and smtp send URL\n" +
    "--message - sends nothing. Nothing is printed until all files have arrived.",
  options: {
    ...DRAFT_OPTIONS,
    ...FTP_OPTIONS,
    ...FILE_CHOICE_OPTIONS,
    body: { value: "TEXT", help: "the text above the list of files" },
    "newer-than": { value: "TIME", help: "changed since 2026-11-01, or within 7d (default 1d)" },
    include: { ...FILE_CHOICE_OPTIONS.include!, rare: true },
    exclude: { ...FILE_CHOICE_OPTIONS.exclude!, rare: true },
    ca: { ...FTP_OPTIONS.ca!, rare: true },
    attach: { ...DRAFT_OPTIONS.attach!, rare: true },
    "max-total": { value: "SIZE", help: "of all files, such as 5M (default 18M)" },
  },
  async plan(args, host) {
    requireWriter(args);
    requireRecipients(args);
    const target = parseFtpUrl(args.operands[0]!);
    const draft = planDraft(args);
    return {
      target,
      ftp: ftpOptions(args),
      draft,
      choice: planFileChoice(args, "1d"),
      maxTotal: totalOf(args),
      needs: union(await ftpCapabilities(args, host, [target]), draftCapabilities(draft)),
    };
  },
  capabilities: ({ needs }) => needs,
};

function totalOf(args: Arguments): number {
  const total = args.bytes("max-total") ?? DEFAULT_TOTAL;
  if (total > MAX_TOTAL) throw new UsageError(`--max-total is ${MAX_TOTAL / MIB}M at most`);
  return total;
}
