/**
 * The SMTP and LMTP server: one session with one client (RFC 5321, RFC 2033; 7.5 of the book's list).
 *
 * @module
 */

import { type Connection, DisconnectedError, LimitError, TimeoutError } from "../../../net/mod.ts";
import { CommandSession, serveCommands } from "../../wire/mod.ts";
import { SmtpServerSession } from "./_session.ts";
import type { SmtpServerOptions } from "./server_options.ts";

/** Longest command line: AUTH may carry a token (RFC 4954 §4.5). */
const MAX_LINE_BYTES = 12_288;

/** The reply before a connection is closed (RFC 5321 §3.8). */
const LAST_WORDS = {
  idle: "4.4.2 silent for too long",
  session: "4.4.2 the session has lasted too long",
  shutdown: "4.3.2 the server is shutting down",
} as const;

/**
 * Talks with one client until it goes.
 *
 * @param connection The client; the caller closes it.
 * @param options Delivery and limits.
 *
 * @example A server that counts messages
 * ```ts
 * import type { Connection } from "@netwright/netwright/net";
 * import { handleSmtp } from "@netwright/netwright/smtp";
 * async function handle(connection: Connection): Promise<number> {
 *   let count = 0;
 *   await handleSmtp(connection, {
 *     async deliver({ text }) {
 *       for await (const _ of text);
 *       count++;
 *     },
 *   });
 *   return count;
 * }
 * ```
 */
export async function handleSmtp(
  connection: Connection,
  options: SmtpServerOptions,
): Promise<void> {
  using session = new CommandSession(connection, {
    style: "smtp",
    maxLineBytes: MAX_LINE_BYTES,
    timeoutMs: options.timeoutMs,
    idleReply: [421, LAST_WORDS.idle],
    signal: options.signal,
    transcript: options.transcript,
    secretVerbs: ["AUTH"],
  });
  options.beforeClosing?.((reason) => session.sayGoodbye(421, LAST_WORDS[reason]));
  const state = new SmtpServerSession(session, options);
  const { name = "localhost", protocol = "smtp" } = options;
  try {
    await session.reply(220, `${name} ${protocol === "lmtp" ? "LMTP" : "ESMTP"} Netwright`);
    await serveCommands(session, {
      verbs: state.verbs,
      unknown: [500, "5.5.1 unknown command"],
      tooLong: [500, "5.5.2 line too long"],
      malformed: [501, "5.5.4 syntax error in parameters"],
      goodbye: [421, "4.7.0 too many errors"],
      failure: [451, "4.3.0 local error"],
      onError: options.onError,
    });
  } catch (error) {
    // A client that leaves without QUIT, or sends without end, is not a fault of the server.
    const theirs = [DisconnectedError, TimeoutError, LimitError].some((kind) =>
      error instanceof kind
    );
    if (theirs) return;
    throw error;
  } finally {
    state.close();
  }
}
