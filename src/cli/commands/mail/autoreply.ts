/**
 * `netwright mail autoreply`: answers a message without its reader, such as "I am away" (7.2 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { inputCapabilities, requireWriter } from "../../mail/options.ts";
import { CHARSET_OPTIONS } from "../../command/common_options.ts";

export const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;

/** The message, the user, and the reply. */
export interface AutoreplyPlan {
  /** The file of the message; standard input if absent. */
  readonly file: string | undefined;
  /** Whose mail it is. */
  readonly from: string | undefined;
  /** Addresses that are theirs too. */
  readonly own: readonly string[];
  /** The sender of the envelope. */
  readonly sender: string | undefined;
  /** The subject of the answer. */
  readonly subject: string | undefined;
  /** The answer. */
  readonly body: string | undefined;
  /** A file with the answer. */
  readonly text: string | undefined;
  /** Its charset. */
  readonly charset: string | undefined;
  /** A file that remembers who was answered. */
  readonly state: string | undefined;
  /** Minimum time between two replies to one sender, in milliseconds. */
  readonly periodMs: number;
}

/** The command. */
export const command: Command<AutoreplyPlan> = {
  name: "mail autoreply",
  summary: "write an automatic reply to a message (RFC 3834)",
  operands: "[FILE]",
  count: { min: 0, max: 1 },
  examples: [
    "mail autoreply --from ann@a.b --text away.txt < letter.eml",
    "mail autoreply --from ann@a.b --body Away. --state .away letter.eml",
  ],
  details:
    "FILE or standard input is a message as it was delivered, with Return-Path. As required by RFC 3834,\n" +
    "lists, programs and reports get no reply, nor do messages that are not addressed to --from or --own.\n" +
    "Then nothing is printed, and smtp send --message - sends nothing. In .forward:\n" +
    '"|netwright mail autoreply … | netwright smtp send URL --message -"',
  options: {
    from: { value: "ADDRESS", help: "your address" },
    own: { value: "ADDRESS", many: true, help: "another address of yours" },
    subject: {
      value: "TEXT",
      short: "s",
      help: "subject of the reply (default Auto: and the message's)",
    },
    body: { value: "TEXT", help: "text of the reply" },
    text: { value: "FILE", help: "file with the text of the reply" },
    state: { value: "FILE", help: "file that remembers replies and their times" },
    days: {
      value: "NUMBER",
      help: `days until the next reply to the same address (default ${DEFAULT_DAYS})`,
    },
    sender: {
      value: "ADDRESS",
      rare: true,
      help: "envelope sender (default: that of Return-Path)",
    },
    ...CHARSET_OPTIONS,
  },
  plan(args) {
    requireWriter(args);
    if (args.has("body") === args.has("text")) {
      throw new UsageError("the reply has no text: use --body TEXT or --text FILE");
    }
    if (args.has("days") && !args.has("state")) {
      throw new UsageError("--days needs --state: the file that remembers who was answered");
    }
    return {
      file: args.operands[0],
      from: args.value("from"),
      own: args.values("own"),
      sender: args.value("sender"),
      subject: args.value("subject"),
      body: args.value("body"),
      text: args.value("text"),
      charset: args.value("charset"),
      state: args.value("state"),
      periodMs: periodOf(args),
    };
  },
  capabilities({ file, text, state }) {
    return union(
      inputCapabilities(file),
      text === undefined ? {} : { read: [text] },
      state === undefined ? {} : { read: [state], write: [state] },
    );
  },
};

function periodOf(args: Arguments): number {
  const days = Number(args.value("days") ?? DEFAULT_DAYS);
  if (!(days > 0 && days <= 36_500)) throw new UsageError("--days takes a number of days");
  return days * DAY_MS;
}
