/**
 * The IMAP server: one session with one client (RFC 9051, RFC 3501; 8.4 of the book's list).
 *
 * @module
 */

import { isDiskFull } from "../../../net/internal.ts";
import { type Connection, InjectionError, LimitError, ProtocolError } from "../../../net/mod.ts";
import { capabilitiesOf, DEFAULT_MESSAGE_BYTES } from "../server/capabilities.ts";
import { CommandReader, type ReceivedCommand } from "../server/command_reader.ts";
import { ServerConnection } from "../server/connection.ts";
import type { ImapServerOptions } from "../server/server_options.ts";
import { ImapSession, isOfClient, refusalOf } from "../server/session.ts";
import { type VerbResult, VERBS } from "./verbs.ts";

/** Largest command without messages, in bytes. */
const MAX_COMMAND_BYTES = 262_144;
/** Mistakes in a row that end a session. */
const MAX_MISTAKES = 20;

/** The response before a connection is closed. */
const LAST_WORDS = {
  idle: "silent for too long",
  session: "the session has lasted too long",
  shutdown: "the server is shutting down",
} as const;

/**
 * Talks with one client until it goes.
 *
 * @param connection The client; the caller closes it.
 * @param options The mailboxes and the limits.
 * @throws {NetwrightError} If the connection fails in a way that is not the client's.
 *
 * @example A user's mail in memory
 * ```ts
 * import type { Connection } from "@netwright/netwright/net";
 * import { handleImap } from "@netwright/netwright/imap";
 * import { MemoryMail } from "@netwright/netwright/stores";
 * const store = new MemoryMail();
 * async function handle(connection: Connection): Promise<void> {
 *   await handleImap(connection, {
 *     users: { checkPassword: (_, password) => Promise.resolve(password === "sesame") },
 *     insecureAuth: true,
 *     open: (user) => store.account(user),
 *   });
 * }
 * ```
 */
export async function handleImap(
  connection: Connection,
  options: ImapServerOptions,
): Promise<void> {
  using peer = new ServerConnection(connection, options);
  const { maxCommandBytes = MAX_COMMAND_BYTES } = options;
  const reader = new CommandReader(
    peer,
    maxCommandBytes,
    options.maxMessageBytes ?? DEFAULT_MESSAGE_BYTES,
  );
  const session = new ImapSession(peer, reader, options);
  options.beforeClosing?.((reason) => peer.sayGoodbye(LAST_WORDS[reason]));
  try {
    await greet(session);
    await serveCommands(session);
  } catch (error) {
    if (!isOfClient(error)) throw error;
    if (error instanceof LimitError) await peer.sayGoodbye("[TOOBIG] too much").catch(() => {});
  } finally {
    const { user, counts } = session;
    if (user !== undefined) options.onEnd?.({ user, ...counts });
  }
}

async function greet(session: ImapSession): Promise<void> {
  const { connection, options } = session;
  await connection.line(
    `* OK [CAPABILITY ${await capabilitiesOf(session)}] ${
      options.name ?? "localhost"
    } IMAP Netwright`,
  );
  await connection.flush();
}

async function serveCommands(session: ImapSession): Promise<void> {
  const { connection, reader } = session;
  let mistakes = 0;
  while (true) {
    const command = await reader.next();
    // A client that has closed its side may still read.
    if (command === undefined) return await connection.end();
    const result = command.kind === "refused"
      ? { status: command.text.split(" ", 1)[0]!, text: command.text.replace(/^\w+ /, "") }
      : await execute(session, command);
    if (result === undefined) return;
    if (result === "quit") {
      const isLogout = command.kind === "command" && command.verb === "LOGOUT";
      await connection.line(`* BYE ${isLogout ? "goodbye" : "too many failures"}`);
      await connection.line(
        isLogout
          ? `${command.tag} OK done`
          : `${command.tag} NO [AUTHENTICATIONFAILED] authentication failed`,
      );
      return await connection.end();
    }
    await connection.line(`${command.tag} ${result.status} ${result.text}`);
    mistakes = result.status === "BAD" ? mistakes + 1 : 0;
    if (mistakes >= MAX_MISTAKES) return await connection.sayGoodbye("too many mistakes");
    if (command.kind === "command" && result.status === "OK") {
      const { tls } = session.options;
      if (command.verb === "STARTTLS") await connection.startTls(tls!);
      if (command.verb === "COMPRESS") await connection.compress();
    }
    await connection.flushIfIdle();
  }
}

/** Executes a command, and reports changes. */
async function execute(
  session: ImapSession,
  { tag, verb: name, args, message }: ReceivedCommand & { readonly kind: "command" },
): Promise<VerbResult> {
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined) return { status: "BAD", text: "unknown command" };
  const refused = refusedState(session, verb.state);
  if (refused !== undefined) return { status: "BAD", text: refused };
  const isUid = name.startsWith("UID ");
  try {
    if (!verb.hasArguments) {
      args.spaces();
      if (!args.atEnd) return { status: "BAD", text: `${name} takes no arguments` };
    }
    const result = await verb.run(session, args, message, tag);
    if (typeof result === "object" && session.view !== undefined) {
      await session.report(verb.mayRemove !== false || isUid, isUid);
    }
    return result;
  } catch (error) {
    if (session.connection.isBroken) throw error;
    const refusal = refusalOf(error);
    if (refusal !== undefined) {
      if (await isSelectedGone(session)) {
        await session.connection.sayGoodbye("[UNAVAILABLE] the selected mailbox is gone");
        return undefined;
      }
      return refusal;
    }
    if (error instanceof ProtocolError) return { status: "BAD", text: error.reason };
    if (error instanceof InjectionError) return { status: "NO", text: "[CANNOT] not a name here" };
    if (isOfClient(error)) throw error;
    session.options.onError?.(error);
    if (isDiskFull(error)) return { status: "NO", text: "[UNAVAILABLE] the disk is full" };
    return { status: "NO", text: "[SERVERBUG] local error" };
  }
}

/** Why a command may not be sent now; undefined if it may. */
function refusedState(session: ImapSession, state: string): string | undefined {
  if (state === "any") return undefined;
  if (state === "logged out") return session.user === undefined ? undefined : "you are logged in";
  if (session.user === undefined) return "log in first";
  return state === "selected" && session.view === undefined ? "select a mailbox first" : undefined;
}

/** Whether another session has removed or renamed the selected mailbox. */
async function isSelectedGone({ view }: ImapSession): Promise<boolean> {
  if (view === undefined) return false;
  try {
    await view.folder.list();
    return false;
  } catch (error) {
    return refusalOf(error) !== undefined;
  }
}
