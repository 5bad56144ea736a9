/**
 * The news server: one session with one client (RFC 3977; 8.7 of the book's list).
 *
 * @module
 */

import {
  type Connection,
  DisconnectedError,
  LimitError,
  type Tainted,
  TimeoutError,
} from "../../../net/mod.ts";
import { CommandSession, serveCommands, type VerbHandler } from "../../wire/mod.ts";
import { capabilities, date, help, list, newGroups, newNews } from "./_lists.ts";
import { authinfo, compress, startTls } from "./_login.ts";
import { hdr, over, xpat } from "./_overviews.ts";
import { check, ihave, post, takeThis } from "./_posting.ts";
import { group, listGroup, retrieve, stat, step } from "./_reading.ts";
import { BrokenText, Refusal } from "./_refusal.ts";
import { NntpServerSession, wordsOf } from "./_session.ts";
import type { NntpServerOptions } from "./server_options.ts";

/** Longest command line: AUTHINFO may carry a token. */
const MAX_LINE_BYTES = 12_288;

/** The reply before a connection is closed. */
const LAST_WORDS = {
  idle: "silent for too long",
  session: "the session has lasted too long",
  shutdown: "the server is shutting down",
} as const;

/** Verbs that are methods of HTTP too. */
const HTTP_METHODS = ["HEAD", "POST"];

/** The implementation of a verb. */
type Act = (state: NntpServerSession, argument: Tainted<string>) => Promise<"quit" | void>;

/** Verbs that anybody may use. */
const OPEN: Readonly<Record<string, Act>> = {
  AUTHINFO: authinfo,
  CAPABILITIES: capabilities,
  COMPRESS: compress,
  DATE: date,
  HELP: (state) => help(state, [...Object.keys(OPEN), ...Object.keys(VERBS)].sort()),
  MODE: mode,
  QUIT: async (state) => {
    await state.reply(205, "goodbye");
    return "quit";
  },
  STARTTLS: startTls,
  // Its article follows, whether it is allowed or not.
  TAKETHIS: takeThis,
};

/** Verbs that may require a login. */
const VERBS: Readonly<Record<string, Act>> = {
  ARTICLE: (state, argument) => retrieve(state, "article", argument),
  BODY: (state, argument) => retrieve(state, "body", argument),
  CHECK: check,
  GROUP: group,
  HDR: (state, argument) => hdr(state, argument, 225),
  HEAD: (state, argument) => retrieve(state, "head", argument),
  IHAVE: ihave,
  LAST: (state) => step(state, false),
  LIST: list,
  LISTGROUP: listGroup,
  NEWGROUPS: newGroups,
  NEWNEWS: newNews,
  NEXT: (state) => step(state, true),
  OVER: over,
  POST: post,
  STAT: stat,
  XHDR: (state, argument) => hdr(state, argument, 221),
  XOVER: over,
  XPAT: xpat,
};

/** MODE. */
async function mode(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const [word = ""] = wordsOf(argument);
  if (word.toUpperCase() === "READER") {
    return await state.reply(...greetingOf(state, "reader mode"));
  }
  if (word.toUpperCase() !== "STREAM") throw new Refusal(501, "MODE READER or MODE STREAM");
  if (state.mustLogIn) throw new Refusal(480, "log in first");
  if (!state.mayFeed) throw new Refusal(502, "articles are not taken from other servers");
  await state.reply(203, "send CHECK and TAKETHIS");
}

function greetingOf(state: NntpServerSession, text: string): [number, string] {
  // Clients that may post after a login get 200: many do not ask again.
  return state.options.posting === false
    ? [201, `${text}, posting not allowed`]
    : [200, `${text}, posting allowed`];
}

/**
 * Talks with one client until it goes.
 *
 * @param connection The client; the caller closes it.
 * @param options The groups and the limits.
 *
 * @example A group in memory
 * ```ts
 * import type { Connection } from "@netwright/netwright/net";
 * import { handleNntp } from "@netwright/netwright/nntp";
 * import { MemoryNews } from "@netwright/netwright/stores";
 * const store = new MemoryNews();
 * await store.setGroup({ name: "local.test", description: "Tests" });
 * async function handle(connection: Connection): Promise<void> {
 *   await handleNntp(connection, { store });
 * }
 * ```
 */
export async function handleNntp(
  connection: Connection,
  options: NntpServerOptions,
): Promise<void> {
  using session = new CommandSession(connection, {
    style: "nntp",
    maxLineBytes: MAX_LINE_BYTES,
    timeoutMs: options.timeoutMs ?? 600_000,
    idleReply: [400, LAST_WORDS.idle],
    signal: options.signal,
    transcript: options.transcript,
    exactArguments: true,
    secretVerbs: ["AUTHINFO"],
  });
  options.beforeClosing?.((reason) => session.sayGoodbye(400, LAST_WORDS[reason]));
  const state = new NntpServerSession(session, options);
  const verbs = Object.fromEntries([
    ...Object.entries(OPEN).map(([verb, act]) => [verb, handlerOf(state, act, true)] as const),
    ...Object.entries(VERBS).map(([verb, act]) =>
      [verb, handlerOf(state, act, false, HTTP_METHODS.includes(verb))] as const
    ),
  ]);
  try {
    await session.reply(...greetingOf(state, `${state.name} Netwright`));
    await serveCommands(session, {
      verbs,
      tooLong: [501, "line too long"],
      // It may be that of TAKETHIS, whose article would be taken for commands.
      endsOnTooLong: true,
      takesMalformed: ["TAKETHIS"],
      malformed: [501, "malformed line"],
      goodbye: [400, "too many errors"],
      failure: [403, "local error"],
      onError: options.onError,
    });
  } catch (error) {
    // A client that leaves without QUIT, or sends without end, is not a fault of the server.
    const isTheirs = [DisconnectedError, TimeoutError, LimitError].some((kind) =>
      error instanceof kind
    );
    if (!isTheirs) throw error;
  }
}

function handlerOf(
  state: NntpServerSession,
  act: Act,
  isOpen: boolean,
  isMethod = false,
): VerbHandler {
  return async (argument) => {
    try {
      // A browser's request would have its lines taken for commands.
      const isRequest = isMethod && /^HTTP\/\d(?:\.\d)?$/.test(wordsOf(argument).at(-1) ?? "");
      if (isRequest) {
        await state.reply(400, "This is not an HTTP server.");
        return "quit";
      }
      if (!isOpen && state.mustLogIn) throw new Refusal(480, "log in first");
      return await act(state, argument);
    } catch (error) {
      if (error instanceof BrokenText) return "quit";
      if (!(error instanceof Refusal)) throw error;
      await state.reply(error.code, error.message);
    }
  };
}
