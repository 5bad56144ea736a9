/**
 * Lists of groups and of new articles, and the server's description of itself.
 *
 * @module
 */

import type { Tainted } from "../../../net/mod.ts";
import type { NewsGroup } from "../../../stores/mod.ts";
import { Turns, writeLines } from "../../wire/internal.ts";
import { formatServerDate, parseDateAndTime } from "../codec/dates.ts";
import { mechanismsFor } from "./_login.ts";
import { Refusal } from "./_refusal.ts";
import { type NntpServerSession, parseWildmat, wordsOf } from "./_session.ts";

/** Fields of overviews (RFC 3977 §8.4). */
const OVERVIEW_FORMAT = [
  ...["Subject:", "From:", "Date:", "Message-ID:", "References:"],
  // The other spelling that RFC 3977 §8.4.2 allows: without it slrn takes no overviews.
  ...["Bytes:", "Lines:", "Xref:full"],
];

/** Lists of groups: a line for each group. */
const GROUP_LISTS: Readonly<Record<string, (group: NewsGroup) => string | undefined>> = {
  "ACTIVE": activeLine,
  "NEWSGROUPS": ({ name, description }) =>
    description === "" ? undefined : `${name}\t${description}`,
  "COUNTS": ({ name, high, low, count, status }) => `${name} ${high} ${low} ${count} ${status}`,
  "ACTIVE.TIMES": ({ name, created }) =>
    `${name} ${Math.floor(created.getTime() / 1000)} netwright`,
};

/** Lists that other servers have (RFC 6048). */
const ABSENT = ["DISTRIB.PATS", "DISTRIBUTIONS", "MODERATORS", "MOTD", "SUBSCRIPTIONS"];

function activeLine({ name, high, low, status }: NewsGroup): string {
  return `${name} ${high} ${low} ${status}`;
}

/** CAPABILITIES. */
export async function capabilities(state: NntpServerSession): Promise<void> {
  const { options: { users, tls }, isSecure, isCompressed, user } = state;
  const mayLogIn = users !== undefined && user === undefined && !isCompressed;
  const mechanisms = mayLogIn ? await mechanismsFor(state) : [];
  const ways = [
    ...mechanisms.includes("PLAIN") ? ["USER"] : [],
    ...mechanisms.length > 0 ? ["SASL"] : [],
  ];
  await state.reply(101, "capability list follows");
  await writeLines(state.session, [
    "VERSION 2",
    "IMPLEMENTATION Netwright",
    "READER",
    ...state.mayPost ? ["POST"] : [],
    ...state.mayFeed ? ["IHAVE", "STREAMING"] : [],
    `LIST ${Object.keys(GROUP_LISTS).join(" ")} HEADERS OVERVIEW.FMT`,
    "OVER MSGID",
    "HDR",
    "NEWNEWS",
    "XPAT",
    ...mayLogIn ? [["AUTHINFO", ...ways].join(" ")] : [],
    ...mechanisms.length > 0 ? [`SASL ${mechanisms.join(" ")}`] : [],
    ...tls !== undefined && !isSecure && user === undefined && !isCompressed ? ["STARTTLS"] : [],
    ...isCompressed ? [] : ["COMPRESS DEFLATE"],
  ]);
}

/** LIST. */
export async function list(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const [word = "ACTIVE", wildmat, ...rest] = wordsOf(argument);
  const keyword = word.toUpperCase();
  if (rest.length > 0) throw new Refusal(501, "too many arguments");
  if (keyword === "OVERVIEW.FMT") {
    if (wildmat !== undefined) throw new Refusal(501, "OVERVIEW.FMT takes no argument");
    return await reply(state, 215, "order of fields in overviews", OVERVIEW_FORMAT);
  }
  if (keyword === "HEADERS") {
    if (wildmat !== undefined && !/^(?:MSGID|RANGE)$/i.test(wildmat)) {
      throw new Refusal(501, "HEADERS takes MSGID or RANGE");
    }
    return await reply(state, 215, "all fields", [":", ":bytes", ":lines"]);
  }
  if (ABSENT.includes(keyword)) throw new Refusal(503, "this server has no such list");
  const lineOf = Object.hasOwn(GROUP_LISTS, keyword) ? GROUP_LISTS[keyword] : undefined;
  if (lineOf === undefined) throw new Refusal(501, "unknown list");
  const lines = (await state.groups(wildmat)).map(lineOf).filter((line) => line !== undefined);
  await reply(state, 215, `${lines.length} groups`, lines);
}

async function reply(
  { session }: NntpServerSession,
  code: number,
  text: string,
  lines: Iterable<string>,
): Promise<void> {
  await session.reply(code, text);
  await writeLines(session, lines);
}

/** NEWGROUPS. */
export async function newGroups(
  state: NntpServerSession,
  argument: Tainted<string>,
): Promise<void> {
  const since = parseSince(wordsOf(argument), state.now());
  const groups = (await state.groups(undefined)).filter(({ created }) => created >= since);
  await reply(state, 231, "new groups", groups.map(activeLine));
}

/** NEWNEWS. */
export async function newNews(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const [wildmat = "", ...time] = wordsOf(argument);
  const patterns = parseWildmat(wildmat);
  const since = parseSince(time, state.now());
  const articles = await state.options.store.since(since);
  const turns = new Turns(state.options.signal);
  await state.reply(230, "new articles");
  await writeLines(
    state.session,
    (async function* () {
      for (const { messageId, places } of articles) {
        if (turns.isDue) await turns.pause();
        const isWanted = [...places.keys()].some((group) =>
          patterns.matches(group) && state.sees(group)
        );
        if (isWanted) yield messageId;
      }
    })(),
  );
}

function parseSince([date = "", time = "", zone, ...rest]: readonly string[], now: Date): Date {
  const isKnown = zone === undefined || zone.toUpperCase() === "GMT";
  const since = parseDateAndTime(date, time, now);
  if (since === undefined || !isKnown || rest.length > 0) {
    throw new Refusal(501, "date and time are yyyymmdd hhmmss [GMT]");
  }
  return since;
}

/** DATE. */
export async function date(state: NntpServerSession): Promise<void> {
  await state.reply(111, formatServerDate(state.now()));
}

/** HELP. */
export async function help(state: NntpServerSession, verbs: readonly string[]): Promise<void> {
  await reply(state, 100, "commands of this server", verbs.map((verb) => `  ${verb}`));
}
