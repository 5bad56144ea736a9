/**
 * Messages that a command changes: they must be named, or described.
 *
 * @module
 */

import { NetwrightError, UsageError } from "../../net/mod.ts";
import type { ImapMailbox } from "../../protocols/imap/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { type Criteria, CRITERIA_OPTIONS, planCriteria } from "./criteria.ts";

/** Commands that change messages have these. */
export const CHOICE_OPTIONS: OptionSpecs = {
  all: { help: "all messages" },
  "dry-run": { help: "only print how many messages are meant" },
  ...CRITERIA_OPTIONS,
  subject: { ...CRITERIA_OPTIONS.subject!, rare: true },
  text: { ...CRITERIA_OPTIONS.text!, rare: true },
};

/**
 * Reads which messages are meant.
 *
 * @param args The command line.
 * @param uids Identifiers, and ranges.
 * @returns The criteria.
 * @throws {UsageError} If no message is named or described, and not all are meant.
 */
export function planChoice(args: Arguments, uids: readonly string[]): Criteria {
  const criteria = planCriteria(args, uids);
  const isEmpty = Object.keys(criteria).length === 0;
  if (isEmpty && !args.has("all")) {
    throw new UsageError("name messages, describe them (--from …), or give --all");
  }
  if (!isEmpty && args.has("all")) throw new UsageError("--all leaves no messages to name");
  return criteria;
}

/**
 * Finds the messages that are meant.
 *
 * @param mailbox The mailbox.
 * @param criteria Which.
 * @returns Their identifiers.
 * @throws {NetwrightError} If one that was named is not there: then nothing is changed.
 */
export async function chosen(
  mailbox: ImapMailbox,
  criteria: Criteria,
): Promise<readonly number[]> {
  const found = await mailbox.search(criteria);
  const { uids, ...others } = criteria;
  if (uids === undefined || Object.keys(others).length > 0) return found;
  const there = new Set(found);
  const missing = uids.split(",").find((uid) => /^\d+$/.test(uid) && !there.has(Number(uid)));
  if (missing === undefined) return found;
  throw new NetwrightError(`message ${missing} does not exist`, {
    operation: "find messages",
    peer: mailbox.name,
  });
}

/** Flags by the names that people use. */
const FLAGS: Readonly<Record<string, string>> = {
  seen: "\\Seen",
  answered: "\\Answered",
  flagged: "\\Flagged",
  deleted: "\\Deleted",
  draft: "\\Draft",
};

/**
 * Reads a flag: `seen`, `\Seen` or a keyword such as `$Junk`.
 *
 * @param text The flag.
 * @returns The flag as IMAP has it.
 * @throws {UsageError} If it is none.
 */
export function flagOf(text: string): string {
  const flag = FLAGS[text.toLowerCase()] ?? text;
  if (/^\\?[A-Za-z0-9!#$&',\-./:;<=>?@^_`|~+]{1,200}$/.test(flag)) return flag;
  throw new UsageError(`${JSON.stringify(text)} is not a flag, such as seen or $Junk`);
}
