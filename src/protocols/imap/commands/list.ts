/**
 * Lists of mailboxes: LIST with its extensions, and LSUB (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154).
 *
 * @module
 */

import { decodeFolderName } from "../../../net/internal.ts";
import { type Cursor, decodeText } from "../codec/cursor.ts";
import { ResponseWriter } from "../codec/response_writer.ts";
import { usualUseOf } from "../codec/special_use.ts";
import { matchesMailbox } from "../codec/match_mailbox.ts";
import { type CommandResult, type ImapSession, Refusal } from "../server/session.ts";
import { Turns } from "../../wire/internal.ts";
import { parseStatusItems, reportStatus, type StatusItem } from "./status.ts";

/** Most patterns of a command. */
const MAX_PATTERNS = 100;
/** Most steps of comparing names with patterns; honest clients need a thousandth. */
const MAX_STEPS = 100_000_000;
/** Longest pattern. */
const MAX_PATTERN = 500;

/** The arguments of LIST. */
interface ListRequest {
  readonly reference: string;
  readonly patterns: readonly string[];
  readonly select: ReadonlySet<string>;
  readonly show: ReadonlySet<string>;
  readonly status: readonly StatusItem[] | undefined;
}

/** A name in the list. */
interface ListedName {
  readonly name: string;
  readonly exists: boolean;
  readonly isSubscribed: boolean;
  readonly hasChildren: boolean;
  /** Whether a name below it is subscribed to. */
  readonly hasSubscribedChild: boolean;
}

/** `LIST` */
export async function list(session: ImapSession, args: Cursor): Promise<CommandResult> {
  const request = parseList(session, args);
  // An empty pattern asks for the separator.
  if (request.patterns.join("") === "") {
    await session.connection.line('* LIST (\\NoSelect) "/" ""');
    return { status: "OK", text: "listed" };
  }
  const { select, show } = request;
  const onlySubscribed = select.has("SUBSCRIBED");
  const matches = matcher(session, request.patterns.map((pattern) => request.reference + pattern));
  for (const entry of await namesOf(session, onlySubscribed)) {
    if (!await matches(entry.name)) continue;
    const isChildInfo = select.has("RECURSIVEMATCH") && entry.hasSubscribedChild;
    if (onlySubscribed && !entry.isSubscribed && !isChildInfo) continue;
    const use = specialUse(entry);
    if (select.has("SPECIAL-USE") && use === undefined) continue;
    const attributes = [
      ...entry.exists ? [] : onlySubscribed ? ["\\NonExistent"] : ["\\NonExistent", "\\NoSelect"],
      ...entry.hasChildren ? ["\\HasChildren"] : ["\\HasNoChildren"],
      ...entry.isSubscribed && (onlySubscribed || show.has("SUBSCRIBED")) ? ["\\Subscribed"] : [],
      ...use === undefined ? [] : [use],
    ];
    const out = new ResponseWriter().add(`LIST (${attributes.join(" ")}) "/" `);
    session.addName(out, entry.name);
    if (isChildInfo) out.add(' ("CHILDINFO" ("SUBSCRIBED"))');
    await session.connection.untagged(out.pieces);
    if (request.status !== undefined && entry.exists) {
      await reportStatus(session, entry.name, request.status);
    }
  }
  return { status: "OK", text: "listed" };
}

/** Matches names with patterns, in bounded time. */
function matcher(
  session: ImapSession,
  patterns: readonly string[],
): (name: string) => Promise<boolean> {
  const turns = new Turns(session.options.signal);
  let steps = 0;
  return async (name) => {
    for (const pattern of patterns) {
      steps += pattern.length * name.length;
      if (steps > MAX_STEPS) throw new Refusal("NO", "[LIMIT] the patterns take too long");
      if (matchesMailbox(pattern, name)) return true;
      await turns.pause();
    }
    return false;
  };
}

/** `LSUB` (RFC 3501 §6.3.9) */
export async function lsub(session: ImapSession, args: Cursor): Promise<CommandResult> {
  args.space();
  const reference = decodePattern(session, args.astring());
  args.space();
  const pattern = reference + decodePattern(session, args.astring());
  const lines = new Map<string, string>();
  const matches = matcher(session, [pattern]);
  for (const { name, isSubscribed } of await namesOf(session, true)) {
    if (!isSubscribed) continue;
    if (await matches(name)) lines.set(name, "()");
    // With `%` a name above one that is subscribed to is shown as well.
    const levels = name.split("/");
    for (let count = 1; count < levels.length; count++) {
      const above = levels.slice(0, count).join("/");
      if (pattern.includes("%") && !lines.has(above) && await matches(above)) {
        lines.set(above, "(\\NoSelect)");
      }
    }
  }
  for (const [name, attributes] of lines) {
    const out = new ResponseWriter().add(`LSUB ${attributes} "/" `);
    await session.connection.untagged(session.addName(out, name).pieces);
  }
  return { status: "OK", text: "listed" };
}

/** All names, with those above them that do not exist. */
async function namesOf(session: ImapSession, withSubscribed: boolean): Promise<ListedName[]> {
  const existing = new Set(await session.mail.folders());
  const subscribed = new Set(await session.mail.subscriptions());
  const names = new Set(withSubscribed ? [...existing, ...subscribed] : existing);
  const parents = new Set<string>();
  const parentsOfSubscribed = new Set<string>();
  for (const name of [...names]) {
    for (let slash = name.indexOf("/"); slash > 0; slash = name.indexOf("/", slash + 1)) {
      const parent = name.slice(0, slash);
      names.add(parent);
      if (existing.has(name)) parents.add(parent);
      if (subscribed.has(name)) parentsOfSubscribed.add(parent);
    }
  }
  const rank = (name: string) => name === "INBOX" ? "" : name;
  return [...names].sort((one, other) => rank(one) < rank(other) ? -1 : 1).map((name) => ({
    name,
    exists: existing.has(name),
    isSubscribed: subscribed.has(name),
    hasChildren: parents.has(name),
    hasSubscribedChild: parentsOfSubscribed.has(name),
  }));
}

/** The use of a mailbox, by its name. */
function specialUse({ name, exists }: ListedName): string | undefined {
  if (!exists || name === "INBOX") return undefined;
  const use = usualUseOf(name.startsWith("INBOX/") ? name.slice(6) : name);
  return use === undefined ? undefined : `\\${use[0]!.toUpperCase()}${use.slice(1)}`;
}

const SELECT_OPTIONS = ["SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE"];
const RETURN_OPTIONS = ["SUBSCRIBED", "CHILDREN", "SPECIAL-USE"];

function parseList(session: ImapSession, args: Cursor): ListRequest {
  args.space();
  const select = new Set<string>();
  if (args.next === "(") {
    for (const word of args.words()) select.add(known(word, SELECT_OPTIONS, args));
    args.space();
  }
  if (select.has("RECURSIVEMATCH") && !select.has("SUBSCRIBED")) {
    throw new Refusal("BAD", "RECURSIVEMATCH requires SUBSCRIBED");
  }
  const reference = decodePattern(session, args.astring());
  args.space();
  const patterns = args.next === "(" ? parsePatterns(session, args) : [
    decodePattern(session, args.astring()),
  ];
  const show = new Set<string>();
  let status: readonly StatusItem[] | undefined;
  if (!args.atEnd) {
    args.space();
    if (args.atom().toUpperCase() !== "RETURN") args.fail("RETURN is missing");
    args.space();
    args.expect("(");
    for (args.spaces(); !args.skip(")"); args.spaces()) {
      const word = args.atom();
      if (word.toUpperCase() === "STATUS") {
        args.space();
        status = parseStatusItems(args);
      } else show.add(known(word, RETURN_OPTIONS, args));
    }
  }
  if (!args.atEnd) args.fail("too many arguments");
  return { reference, patterns, select, show, status };
}

function parsePatterns(session: ImapSession, args: Cursor): string[] {
  const patterns: string[] = [];
  args.expect("(");
  for (args.spaces(); !args.skip(")"); args.spaces()) {
    patterns.push(decodePattern(session, args.astring()));
    if (patterns.length > MAX_PATTERNS) args.fail("too many patterns");
  }
  return patterns;
}

function decodePattern(session: ImapSession, raw: string): string {
  if (raw.length > MAX_PATTERN) throw new Refusal("NO", "[LIMIT] the pattern is too long");
  if (session.isUtf8 || !/^[\x20-\x7e]*$/.test(raw)) return decodeText(raw);
  return decodeFolderName(raw) ?? raw;
}

function known(word: string, words: readonly string[], args: Cursor): string {
  const upper = word.toUpperCase();
  return words.includes(upper) ? upper : args.fail(`unknown option ${word.slice(0, 50)}`);
}
