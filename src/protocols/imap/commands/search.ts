/**
 * Messages are searched: SEARCH (RFC 9051 §6.4.4, RFC 4731, RFC 5182).
 *
 * @module
 */

import type { Cursor } from "../codec/cursor.ts";
import { formatUidSet } from "../codec/uid_set.ts";
import { type CommandResult, type ImapSession, Refusal, refusalOf } from "../server/session.ts";
import { Matcher } from "./match.ts";
import { parseSearchKeys, type SearchKey } from "./search_keys.ts";

const RETURN = ["MIN", "MAX", "COUNT", "ALL", "SAVE"] as const;
type ReturnOption = typeof RETURN[number];

/** `SEARCH` and `UID SEARCH` */
export async function search(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
  tag: string,
): Promise<CommandResult> {
  args.space();
  const options = parseReturn(args);
  try {
    return await searchWith(session, args, isUid, tag, options);
  } catch (error) {
    // A search that fails leaves nothing saved (RFC 5182 §2.1).
    const isRefused = refusalOf(error)?.status === "NO";
    if (isRefused && options?.has("SAVE")) session.selected.saved = new Set();
    throw error;
  }
}

async function searchWith(
  session: ImapSession,
  args: Cursor,
  isUid: boolean,
  tag: string,
  options: ReadonlySet<ReturnOption> | undefined,
): Promise<CommandResult> {
  const view = session.selected;
  if (/^charset /i.test(args.peek())) {
    args.atom();
    args.space();
    checkCharset(args.astring());
    args.space();
  }
  const key = parseSearchKeys(args);
  const hasModseq = usesModseq(key);
  if (hasModseq) await session.useModseq();
  const places = await new Matcher(session, view).find(key);
  const uids = places.map((place) => view.messages[place]!.uid);
  const numbers = isUid ? uids : places.map((place) => place + 1);
  if (options?.has("SAVE")) view.saved = new Set(savedOf(uids, options));
  // With CONDSTORE: the largest sequence of the found messages (RFC 7162 §3.1.5).
  const told = namesEndsOnly(options) ? savedOf(uids, options!) : uids;
  const modseq = hasModseq && told.length > 0
    ? told.reduce((most, uid) => Math.max(most, view.messages[view.placeOf(uid)]!.modseq), 0)
    : undefined;
  if (options === undefined && !session.enabled.has("IMAP4REV2")) {
    const words = numbers.map((number) => ` ${number}`).join("");
    const suffix = modseq === undefined ? "" : ` (MODSEQ ${modseq})`;
    await session.connection.untagged(["SEARCH", words + suffix]);
  } else await reportExtended(session, tag, isUid, numbers, options ?? new Set(["ALL"]), modseq);
  return { status: "OK", text: "done" };
}

/** What `SAVE` saves beside `MIN` and `MAX` (RFC 5182 §2.4). */
function savedOf(uids: readonly number[], options: ReadonlySet<ReturnOption>): readonly number[] {
  if (!namesEndsOnly(options)) return uids;
  const ends = [
    options.has("MIN") ? uids.at(0) : undefined,
    options.has("MAX") ? uids.at(-1) : undefined,
  ];
  return ends.filter((uid) => uid !== undefined);
}

/** Whether only the first and the last of the found messages count (RFC 4731 §3.2). */
function namesEndsOnly(options: ReadonlySet<ReturnOption> | undefined): boolean {
  return options !== undefined && (options.has("MIN") || options.has("MAX")) &&
    !options.has("ALL") && !options.has("COUNT");
}

async function reportExtended(
  session: ImapSession,
  tag: string,
  isUid: boolean,
  numbers: readonly number[],
  options: ReadonlySet<ReturnOption>,
  modseq: number | undefined,
): Promise<void> {
  const isOnlySaved = options.size === 1 && options.has("SAVE");
  if (isOnlySaved) return;
  let text = ` (TAG ${quoted(tag)})${isUid ? " UID" : ""}`;
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (options.has("MIN") && first !== undefined) text += ` MIN ${first}`;
  if (options.has("MAX") && last !== undefined) text += ` MAX ${last}`;
  if (options.has("COUNT")) text += ` COUNT ${numbers.length}`;
  if (options.has("ALL") && numbers.length > 0) {
    text += ` ALL ${formatUidSet(numbers, 10_000_000).join(",")}`;
  }
  if (modseq !== undefined) text += ` MODSEQ ${modseq}`;
  await session.connection.untagged(["ESEARCH", text]);
}

function quoted(tag: string): string {
  return `"${tag.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** `RETURN (MIN MAX)`; none means all. */
function parseReturn(args: Cursor): ReadonlySet<ReturnOption> | undefined {
  if (!/^return *\(/i.test(args.peek())) return undefined;
  args.atom();
  args.spaces();
  const options = new Set(
    args.words().map((word) => {
      const option = RETURN.find((known) => known === word.toUpperCase());
      return option ?? args.fail(`unknown option ${word.slice(0, 50)}`);
    }),
  );
  args.space();
  return options.size === 0 ? new Set(["ALL"]) : options;
}

/**
 * Checks the charset of a search.
 *
 * @param name Its name.
 * @throws {Refusal} If it is not known.
 */
export function checkCharset(name: string): void {
  if (/^(?:utf-8|us-ascii)$/i.test(name)) return;
  throw new Refusal("NO", "[BADCHARSET (UTF-8 US-ASCII)] texts are in UTF-8");
}

function usesModseq(key: SearchKey): boolean {
  if (key.kind === "modseq") return true;
  if (key.kind === "not") return usesModseq(key.key);
  return (key.kind === "and" || key.kind === "or") && key.keys.some(usesModseq);
}
