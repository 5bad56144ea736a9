/**
 * How clients come to their mail: LOGIN, AUTHENTICATE, STARTTLS and the way back (RFC 9051 §6.2, RFC 8437).
 *
 * @module
 */

import { escapeControls } from "../../../net/mod.ts";
import { type Cursor, decodeText } from "../codec/cursor.ts";
import { capabilitiesOf } from "../server/capabilities.ts";
import { type CommandResult, type ImapSession, Refusal } from "../server/session.ts";

/** The result of wrong credentials, whatever is wrong with them. */
const WRONG: CommandResult = {
  status: "NO",
  text: "[AUTHENTICATIONFAILED] authentication failed",
};
/** Results of malformed attempts. */
const MALFORMED = {
  "unsupported": { status: "NO", text: "[CANNOT] authentication mechanism not supported" },
  "arguments": { status: "BAD", text: "AUTHENTICATE takes a mechanism and one response" },
  "initial response": { status: "BAD", text: "this mechanism takes no initial response" },
  "malformed": { status: "BAD", text: "malformed base64, or AUTHENTICATE was cancelled" },
} as const;

/** `LOGIN` */
export async function login(session: ImapSession, args: Cursor): Promise<CommandResult | "quit"> {
  args.space();
  const name = decodeText(args.astring());
  args.space();
  const password = decodeText(args.astring());
  if (!args.atEnd) args.fail("LOGIN takes a name and a password");
  if (!session.isConfidential) {
    return {
      status: "NO",
      text: "[PRIVACYREQUIRED] passwords in clear text require TLS: send STARTTLS first",
    };
  }
  const { saslServer } = await import("../../sasl/mod.ts");
  const message = new TextEncoder().encode(`\0${name}\0${password}`);
  const step = name.includes("\0") || password.includes("\0")
    ? { failure: "failed" }
    : await saslServer("PLAIN", session.options.users).step(message);
  return "identity" in step ? await enter(session, step.identity.user) : refuse(session, name);
}

/** `AUTHENTICATE` */
export async function authenticate(
  session: ImapSession,
  args: Cursor,
): Promise<CommandResult | "quit"> {
  const { offeredMechanisms } = await import("../../sasl/mod.ts");
  const { authenticateClient } = await import("../../sasl/internal.ts");
  args.space();
  const argument = args.rest();
  const { connection, reader, options: { users } } = session;
  const outcome = await authenticateClient(argument, {
    users,
    offered: offeredMechanisms(users, session.isConfidential),
    ask: async (challenge) => {
      await connection.line(`+ ${challenge}`);
      await connection.flush();
      return await reader.line();
    },
  });
  if ("user" in outcome) return await enter(session, outcome.user);
  if (outcome.failure === "failed") return refuse(session, outcome.name ?? "");
  return MALFORMED[outcome.failure];
}

function refuse(session: ImapSession, name: string): CommandResult | "quit" {
  const { maxFailures = 3, onRefused } = session.options;
  onRefused?.(escapeControls(name, { maxLength: 200 }));
  return ++session.failures >= maxFailures ? "quit" : WRONG;
}

/** Opens the user's mail. */
async function enter(session: ImapSession, user: string): Promise<CommandResult> {
  try {
    session.account = await session.options.open(user);
  } catch (error) {
    session.options.onError?.(error);
    return { status: "NO", text: "[UNAVAILABLE] the mailboxes cannot be opened" };
  }
  session.user = user;
  session.failures = 0;
  return { status: "OK", text: `[CAPABILITY ${await capabilitiesOf(session)}] logged in` };
}

/** `STARTTLS`; what follows its response is done by the caller. */
export function startTls({ options, connection }: ImapSession): CommandResult {
  if (options.tls === undefined || connection.isSecure) {
    throw new Refusal("BAD", "STARTTLS is not offered");
  }
  return { status: "OK", text: "begin TLS negotiation" };
}

/** `COMPRESS`; what follows its response is done by the caller. */
export function compress({ connection }: ImapSession, args: Cursor): CommandResult {
  args.space();
  if (args.atom().toUpperCase() !== "DEFLATE") throw new Refusal("NO", "[CANNOT] only DEFLATE");
  if (connection.isCompressed) {
    throw new Refusal("NO", "[COMPRESSIONACTIVE] it is compressed already");
  }
  return { status: "OK", text: "compression begins" };
}

/** `UNAUTHENTICATE` (RFC 8437) */
export function unauthenticate(session: ImapSession): CommandResult {
  session.view = undefined;
  session.account = undefined;
  session.user = undefined;
  session.enabled.clear();
  return { status: "OK", text: "log in again" };
}
