/**
 * A server as a table of verbs, with limits on a client's mistakes.
 *
 * @module
 */

import {
  DisconnectedError,
  LimitError,
  NetwrightError,
  ProtocolError,
  type Tainted,
  TimeoutError,
  TlsError,
  toNetwrightError,
} from "../../net/mod.ts";
import type { CommandSession } from "./command_session.ts";
import type { ReplyCode } from "./reply.ts";

/** Implements a verb; it replies by the session. Returning `quit` ends the conversation. */
export type VerbHandler = (argument: Tainted<string>) => Promise<"quit" | void>;

/** A reply as its code and text. */
export type ShortReply = readonly [code: ReplyCode, text: string];

/**
 * Methods of HTTP (RFC 9110 §9, RFC 5789, RFC 4918, RFC 9113 §3.4). A browser that is led to send a request to this
 * port would have the lines of its body taken for commands.
 */
const HTTP_METHODS: ReadonlySet<string> = new Set([
  ...["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI"],
  ...["PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH", "REPORT"],
]);

/** The parts of a {@link serveCommands} conversation. */
export interface CommandServerOptions {
  /** What each verb does, by its name in upper case. */
  readonly verbs: Readonly<Record<string, VerbHandler>>;
  /** The reply to a verb that is not in the table. @default {[500, "unknown command"]} */
  readonly unknown?: ShortReply | undefined;
  /** The reply to a line beyond the session's limit. @default {[500, "line too long"]} */
  readonly tooLong?: ShortReply | undefined;
  /** Whether a line beyond the session's limit ends it. @default {false} */
  readonly endsOnTooLong?: boolean | undefined;
  /** Verbs whose handler gets malformed lines too: those after which data follow in any case. @default none */
  readonly takesMalformed?: readonly string[] | undefined;
  /** The reply to a line with bytes that are not UTF-8, with NUL or CR; which of them is added. @default {[501, "syntax error"]} */
  readonly malformed?: ShortReply | undefined;
  /** The last words to a client that did too much wrong. @default {[421, "too many errors"]} */
  readonly goodbye?: ShortReply | undefined;
  /** Unknown verbs and lines too long that are borne, in the whole session. @default {10} */
  readonly maxErrors?: number | undefined;
  /** The reply to a verb that fails unexpectedly; the session continues. @default {[451, "local error"]} */
  readonly failure?: ShortReply | undefined;
  /** Called with each unexpected error. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Talks with a client by a table of verbs, until it quits, goes, or does too much wrong.
 *
 * @param session The session; the greeting was sent already.
 * @param options The verbs and the limits.
 * @returns How it ended: by a verb that returned `quit`, by the client's end, by the limit, or by an HTTP request,
 *   after which the connection must be closed at once.
 * @throws {TimeoutError} If the client was silent for too long; the connection is closed.
 * @throws {DisconnectedError} If the connection broke.
 *
 * @example A server that knows two verbs
 * ```ts
 * import type { Connection } from "@netwright/netwright/net";
 * import { CommandSession, serveCommands } from "@netwright/netwright/wire";
 * async function handle(connection: Connection): Promise<void> {
 *   using session = new CommandSession(connection, { style: "smtp" });
 *   await session.reply(220, "ready");
 *   await serveCommands(session, {
 *     verbs: {
 *       NOOP: () => session.reply(250, "ok"),
 *       QUIT: async () => {
 *         await session.reply(221, "bye");
 *         return "quit";
 *       },
 *     },
 *   });
 * }
 * ```
 */
export async function serveCommands(
  session: CommandSession,
  options: CommandServerOptions,
): Promise<"quit" | "end" | "too many errors" | "http"> {
  const {
    verbs,
    unknown = [500, "unknown command"],
    tooLong = [500, "line too long"],
    malformed = [501, "syntax error"],
    goodbye = [421, "too many errors"],
    endsOnTooLong = false,
    takesMalformed = [],
    maxErrors = 10,
    failure = [451, "local error"],
    onError,
  } = options;
  let wrong = 0;
  const complain = async (reply: ShortReply): Promise<boolean> => {
    wrong++;
    await session.reply(...(wrong > maxErrors ? goodbye : reply));
    return wrong <= maxErrors;
  };
  const onTooLong = async () => await complain(tooLong) && !endsOnTooLong;
  for await (const { verb, argument, defect } of session.commands(onTooLong)) {
    // A verb is the peer's text: it must not find what every object has, such as `constructor`.
    const handler = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (handler === undefined && HTTP_METHODS.has(verb)) {
      await session.reply(goodbye[0], "This is not an HTTP server.");
      await session.flush();
      return "http";
    }
    if (handler === undefined) await complain(unknown);
    else if (defect !== undefined && !takesMalformed.includes(verb)) {
      const [code, text] = malformed;
      await session.reply(code, `${text}: it holds ${defect}`);
    } else {
      let outcome: "quit" | void = undefined;
      try {
        outcome = await handler(argument);
      } catch (error) {
        if (endsSession(error)) throw error;
        onError?.(error);
        await session.reply(...failure);
      }
      if (outcome === "quit") {
        await session.end();
        return "quit";
      }
    }
    if (wrong > maxErrors) break;
  }
  await session.end();
  return wrong > maxErrors ? "too many errors" : "end";
}

/** Whether an error is of the connection itself, on which nothing more can be said. */
function endsSession(error: unknown): boolean {
  const known = toNetwrightError(error, { operation: "serve" });
  if (!(known instanceof NetwrightError)) return known instanceof DOMException;
  return [DisconnectedError, TimeoutError, LimitError, ProtocolError, TlsError].some((kind) =>
    known instanceof kind
  );
}
