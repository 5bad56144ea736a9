/**
 * `netwright mail autoreply`: answers a message without its reader, such as "I am away" (7.2 of the book's list).
 *
 * @module
 */

import { type Capabilities, union, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { inputCapabilities, requireWriter } from "../../mail/options.ts";
import { CHARSET_OPTIONS } from "../../command/common_options.ts";

export const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;

/** The command. */
export const command = commandByArguments({
  name: "mail autoreply",
  summary: "answer a message by itself, if it is one to answer",
  operands: "[FILE]",
  count: { min: 0, max: 1 },
  examples: [
    "mail autoreply --from ann@a.b --text away.txt < letter.eml",
    "mail autoreply --from ann@a.b --body Away. --state .away letter.eml",
  ],
  details:
    "FILE or standard input is a message as it was delivered, with Return-Path. As RFC 3834 wants it,\n" +
    "lists, programs and reports get no answer, nor does anybody who wrote to other addresses.\n" +
    "Then nothing is printed, and smtp send --message - sends nothing. In .forward:\n" +
    '"|netwright mail autoreply … | netwright smtp send URL --message -"',
  options: {
    from: { value: "ADDRESS", help: "whose mail it is" },
    own: { value: "ADDRESS", many: true, help: "also theirs, to be answered for" },
    subject: { value: "TEXT", short: "s", help: "of the answer (default Auto: and the message's)" },
    body: { value: "TEXT", help: "the answer" },
    text: { value: "FILE", help: "the answer, from a file" },
    state: { value: "FILE", help: "remembers who was answered, and when" },
    days: {
      value: "NUMBER",
      help: `not to the same person again before (default ${DEFAULT_DAYS})`,
    },
    sender: { value: "ADDRESS", rare: true, help: "of the envelope; else Return-Path says it" },
    ...CHARSET_OPTIONS,
  },
  capabilities(args): Capabilities {
    requireWriter(args);
    periodOf(args);
    if (args.has("body") === args.has("text")) {
      throw new UsageError("what is the answer? --body TEXT or --text FILE");
    }
    if (args.has("days") && !args.has("state")) {
      throw new UsageError("--days needs --state: the file that remembers who was answered");
    }
    const state = args.values("state");
    return union(
      inputCapabilities(args.operands[0]),
      { read: args.values("text") },
      { read: state, write: state },
    );
  },
});

export function periodOf(args: Arguments): number {
  const days = Number(args.value("days") ?? DEFAULT_DAYS);
  if (!(days > 0 && days <= 36_500)) throw new UsageError("--days takes a number of days");
  return days * DAY_MS;
}
