/**
 * Options that choose messages of a mailbox.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import { parseAge } from "../../net/internal.ts";
import type { OptionSpecs } from "../command/option_spec.ts";

/** Commands that choose messages have these. */
export const CRITERIA_OPTIONS: OptionSpecs = {
  from: { value: "TEXT", help: "only messages with this in From" },
  recipient: { value: "TEXT", rare: true, help: "only messages with this in To" },
  subject: { value: "TEXT", help: "only messages with this in Subject" },
  text: { value: "TEXT", help: "only messages with this in header or body" },
  header: {
    value: "NAME:TEXT",
    rare: true,
    many: true,
    help: "only messages with this in a field",
  },
  since: { value: "TIME", help: "only messages received since: 2026-11-01, or 7d" },
  before: {
    value: "TIME",
    rare: true,
    help: "only messages received before: 2026-11-01, or 7d",
  },
  larger: { value: "SIZE", rare: true, help: "only messages over this size, such as 1M" },
  smaller: { value: "SIZE", rare: true, help: "only messages under this size" },
  unseen: { help: "only messages that were not read" },
  seen: { rare: true, help: "only messages that were read" },
  flagged: { rare: true, help: "only messages that are flagged" },
  answered: { rare: true, help: "only messages that were answered" },
  deleted: { rare: true, help: "only messages that are marked as deleted" },
  keyword: { value: "FLAG", rare: true, help: "only messages with this keyword, such as $Junk" },
};

/** Which messages are meant: as the client's `SearchQuery`. */
export interface Criteria {
  /** Identifiers; all messages if absent. */
  readonly uids?: string;
  /** Text in fields and bodies. */
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly header?: Readonly<Record<string, readonly string[]>>;
  readonly keyword?: string;
  /** Days. */
  readonly since?: Date;
  readonly before?: Date;
  /** Sizes, in bytes. */
  readonly larger?: number;
  readonly smaller?: number;
  /** Flags. */
  readonly seen?: boolean;
  readonly flagged?: boolean;
  readonly answered?: boolean;
  readonly deleted?: boolean;
}

/**
 * Reads which messages are meant.
 *
 * @param args The command line.
 * @param operands Identifiers from 1, and ranges such as `3-7` or `3-*`.
 * @returns The criteria.
 * @throws {UsageError} If one makes no sense.
 */
export function planCriteria(args: Arguments, operands: readonly string[]): Criteria {
  if (args.has("seen") && args.has("unseen")) {
    throw new UsageError("--seen and --unseen exclude each other");
  }
  const texts = ["from", "subject", "text", "keyword"] as const;
  const flags = ["flagged", "answered", "deleted"] as const;
  const sizes = ["larger", "smaller"] as const;
  const days = ["since", "before"] as const;
  const pairs: [string, unknown][] = [
    ["uids", operands.length === 0 ? undefined : operands.map(uidRange).join(",")],
    ["to", args.value("recipient")],
    ...texts.map((name): [string, unknown] => [name, args.value(name)]),
    ...flags.map((name): [string, unknown] => [name, args.has(name) || undefined]),
    ...sizes.map((name): [string, unknown] => [name, args.bytes(name)]),
    ...days.map((name): [string, unknown] => [name, dayOf(args, name)]),
    ["seen", args.has("seen") ? true : args.has("unseen") ? false : undefined],
    ["header", headersOf(args)],
  ];
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function uidRange(text: string): string {
  const [, first, last = first] = /^([1-9]\d{0,9})(?:-([1-9]\d{0,9}|\*))?$/.exec(text) ?? [];
  const isAscending = last === "*" || Number(last) >= Number(first);
  if (
    first === undefined || !isAscending || [first, last].some((uid) => Number(uid) > 0xffff_ffff)
  ) {
    throw new UsageError(`${JSON.stringify(text)} is not an identifier, such as 3, 3-7 or 3-*`);
  }
  return first === last ? first : `${first}:${last}`;
}

function dayOf(args: Arguments, name: string): Date | undefined {
  const text = args.value(name);
  if (text === undefined) return undefined;
  const age = parseAge(text);
  const date = age === undefined && /^\d{4}-\d\d-\d\d$/.test(text)
    ? new Date(`${text}T00:00:00Z`)
    : new Date(Date.now() - (age ?? NaN));
  // The runtime takes a day that a month does not have for one of the next.
  const isDay = age !== undefined || date.toString() === "Invalid Date" ||
    date.toISOString().startsWith(text);
  if (isDay && !Number.isNaN(date.getTime())) return date;
  throw new UsageError(`--${name} takes a day such as 2026-11-01, or an age such as 7d`);
}

function headersOf(args: Arguments): Readonly<Record<string, readonly string[]>> | undefined {
  const fields = args.values("header").map((text) => {
    const colon = text.indexOf(":");
    if (colon > 0) return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()] as const;
    throw new UsageError("--header takes NAME:TEXT, such as List-Id:news");
  });
  if (fields.length === 0) return undefined;
  const texts = Map.groupBy(fields, ([name]) => name);
  return Object.fromEntries(
    Array.from(texts, ([name, pairs]) => [name, pairs.map(([, text]) => text)]),
  );
}
