/**
 * The POP3 server: one session with one client (RFC 1939; 8.4 of the book's list).
 *
 * @module
 */

import { type Connection, DisconnectedError, LimitError, TimeoutError } from "../../../net/mod.ts";
import { CommandSession, serveCommands } from "../../wire/mod.ts";
import { Pop3ServerSession } from "./_session.ts";
import type { Pop3ServerOptions } from "./server_options.ts";

/** Longest command line: AUTH may carry a token. */
const MAX_LINE_BYTES = 12_288;

/** The reply before a connection is closed. */
const LAST_WORDS = {
  idle: "[SYS/TEMP] silent for too long; nothing was deleted",
  session: "[SYS/TEMP] the session has lasted too long; nothing was deleted",
  shutdown: "[SYS/TEMP] the server is shutting down; nothing was deleted",
} as const;

/**
 * Talks with one client until it goes.
 *
 * @param connection The client; the caller closes it.
 * @param options The mailboxes and the limits.
 *
 * @example A mailbox with one message
 * ```ts
 * import type { Connection } from "@netwright/netwright/net";
 * import { handlePop3 } from "@netwright/netwright/pop3";
 * const message = new TextEncoder().encode("Subject: hi\r\n\r\nHello\r\n");
 * async function handle(connection: Connection): Promise<void> {
 *   await handlePop3(connection, {
 *     users: { checkPassword: (_, password) => Promise.resolve(password === "sesame") },
 *     insecureAuth: true,
 *     open: () =>
 *       Promise.resolve({
 *         messages: [{ sizeBytes: message.length, uid: "1" }],
 *         read: () => ReadableStream.from([message]),
 *         delete: () => Promise.resolve(),
 *         close() {},
 *       }),
 *   });
 * }
 * ```
 */
export async function handlePop3(
  connection: Connection,
  options: Pop3ServerOptions,
): Promise<void> {
  using session = new CommandSession(connection, {
    style: "pop3",
    maxLineBytes: MAX_LINE_BYTES,
    timeoutMs: options.timeoutMs ?? 600_000,
    idleReply: ["-ERR", LAST_WORDS.idle],
    signal: options.signal,
    transcript: options.transcript,
    exactArguments: true,
    secretVerbs: ["PASS", "APOP", "AUTH"],
  });
  options.beforeClosing?.((reason) => session.sayGoodbye("-ERR", LAST_WORDS[reason]));
  const state = new Pop3ServerSession(session, options);
  try {
    await state.greet();
    await serveCommands(session, {
      verbs: state.verbs,
      unknown: ["-ERR", "unknown command"],
      tooLong: ["-ERR", "line too long"],
      malformed: ["-ERR", "malformed line"],
      goodbye: ["-ERR", "too many errors"],
      failure: ["-ERR", "[SYS/TEMP] local error"],
      onError: options.onError,
    });
  } catch (error) {
    // A client that leaves without QUIT, or sends without end, is not a fault of the server.
    const isTheirs = [DisconnectedError, TimeoutError, LimitError].some((kind) =>
      error instanceof kind
    );
    if (!isTheirs) throw error;
  } finally {
    state.close();
  }
}
