/**
 * What each command does, and when it may be sent (RFC 9051 §6).
 *
 * @module
 */

import type { Cursor } from "../codec/cursor.ts";
import type { IncomingLiteral } from "../server/command_reader.ts";
import type { CommandResult, ImapSession } from "../server/session.ts";
import { append } from "./append.ts";
import { fetch } from "./fetch.ts";
import { idle } from "./idle.ts";
import { capability, enable, id, namespace, noop } from "./info.ts";
import { list, lsub } from "./list.ts";
import { authenticate, compress, login, startTls, unauthenticate } from "./login.ts";
import { create, remove, rename, subscribe, unsubscribe } from "./manage.ts";
import { search } from "./search.ts";
import { close, expunge, select, unselect } from "./select.ts";
import { sort, thread } from "./sort.ts";
import { status } from "./status.ts";
import { copy, move, store } from "./store.ts";

/** The result of a command: `quit` ends the session, undefined says that the client is gone. */
export type VerbResult = CommandResult | "quit" | undefined;

/** A command. */
export interface Verb {
  /** The state in which it may be sent. */
  readonly state: "any" | "logged out" | "logged in" | "selected";
  /** Whether it has arguments. */
  readonly hasArguments: boolean;
  /** Whether places of messages may change in its responses (RFC 9051 §7.5.1). @default {true} */
  readonly mayRemove?: boolean;
  /** Executes it. */
  run(
    session: ImapSession,
    args: Cursor,
    message: IncomingLiteral | undefined,
    tag: string,
  ): VerbResult | Promise<VerbResult>;
}

type Run = Verb["run"];

function anywhere(run: Run, hasArguments = false): Verb {
  return { state: "any", hasArguments, run };
}

function loggedOut(run: Run, hasArguments = true): Verb {
  return { state: "logged out", hasArguments, run };
}

function loggedIn(run: Run, hasArguments = true): Verb {
  return { state: "logged in", hasArguments, run };
}

function selected(run: Run, hasArguments = true, mayRemove = true): Verb {
  return { state: "selected", hasArguments, mayRemove, run };
}

/** A command that takes places, and with `UID` identifiers. */
function both(
  name: string,
  run: (session: ImapSession, args: Cursor, isUid: boolean, tag: string) => Promise<CommandResult>,
  mayRemove = false,
): Record<string, Verb> {
  return {
    [name]: selected((session, args, _, tag) => run(session, args, false, tag), true, mayRemove),
    [`UID ${name}`]: selected((session, args, _, tag) => run(session, args, true, tag)),
  };
}

/** All commands by their verbs. */
export const VERBS: Readonly<Record<string, Verb>> = {
  CAPABILITY: anywhere(capability),
  NOOP: anywhere(noop),
  ID: anywhere(id, true),
  LOGOUT: anywhere(() => "quit"),
  STARTTLS: loggedOut(startTls, false),
  LOGIN: loggedOut(login),
  AUTHENTICATE: loggedOut(authenticate),
  UNAUTHENTICATE: loggedIn(unauthenticate, false),
  COMPRESS: loggedIn(compress),
  ENABLE: loggedIn(enable),
  NAMESPACE: loggedIn(namespace, false),
  SELECT: loggedIn((session, args) => select(session, args, false)),
  EXAMINE: loggedIn((session, args) => select(session, args, true)),
  CREATE: loggedIn(create),
  DELETE: loggedIn(remove),
  RENAME: loggedIn(rename),
  SUBSCRIBE: loggedIn(subscribe),
  UNSUBSCRIBE: loggedIn(unsubscribe),
  LIST: loggedIn(list),
  LSUB: loggedIn(lsub),
  STATUS: loggedIn(status),
  APPEND: loggedIn(append),
  IDLE: loggedIn((session) => idle(session), false),
  CHECK: selected(noop, false),
  CLOSE: selected(close, false),
  UNSELECT: selected(unselect, false),
  EXPUNGE: selected((session, args) => expunge(session, args, false), false),
  "UID EXPUNGE": selected((session, args) => expunge(session, args, true)),
  ...both("FETCH", fetch),
  ...both("STORE", store),
  ...both("SEARCH", search),
  ...both("SORT", sort),
  ...both("THREAD", thread),
  ...both("COPY", copy, true),
  ...both("MOVE", move, true),
};
