/**
 * How clients of a POP3 server log in: USER and PASS, APOP, AUTH (RFC 1939 §7, RFC 5034).
 *
 * @module
 */

import { timingSafeEqual, trimBlanks } from "../../../net/internal.ts";
import type { SaslMechanism, SaslUsers } from "../../sasl/mod.ts";
import type { CommandSession, ShortReply } from "../../wire/mod.ts";

/** The result of an attempt: the user, or the reply without one. */
export type LoginOutcome =
  | { readonly user: string }
  | {
    readonly reply: ShortReply;
    readonly isFailure?: boolean;
    /** The name that was given, if it is not an argument. */
    readonly name?: string | undefined;
  };

/** The reply to wrong credentials, whatever is wrong with them (RFC 3206). */
const WRONG: LoginOutcome = {
  reply: ["-ERR", "[AUTH] authentication failed"],
  isFailure: true,
};
/** Replies to malformed attempts. */
const MALFORMED = {
  "unsupported": ["-ERR", "authentication mechanism not supported"],
  "arguments": ["-ERR", "AUTH takes a mechanism and one response"],
  "initial response": ["-ERR", "this mechanism takes no initial response"],
  "malformed": ["-ERR", "malformed base64, or AUTH was cancelled"],
} as const;
/** Stands for the password of an unknown user. */
const NO_PASSWORD = crypto.randomUUID();

/** Lists the mechanisms that are offered; loaded only when needed, for it is slow. */
export async function mechanismsFor(
  users: SaslUsers,
  isConfidential: boolean,
): Promise<readonly SaslMechanism[]> {
  const { offeredMechanisms } = await import("../../sasl/mod.ts");
  return offeredMechanisms(users, isConfidential);
}

/** Checks the password of PASS. */
export async function checkPass(
  users: SaslUsers,
  user: string,
  password: string,
): Promise<LoginOutcome> {
  const { saslServer } = await import("../../sasl/mod.ts");
  const message = new TextEncoder().encode(`\0${user}\0${password}`);
  const step = await saslServer("PLAIN", users).step(message);
  return "identity" in step ? { user: step.identity.user } : WRONG;
}

/** Checks the digest of APOP. */
export async function checkApop(
  users: SaslUsers,
  timestamp: string,
  argument: string,
): Promise<LoginOutcome> {
  const space = argument.lastIndexOf(" ");
  const [user, digest] = [trimBlanks(argument.slice(0, space)), argument.slice(space + 1)];
  if (space < 0 || user === "") return { reply: ["-ERR", "APOP takes a name and a digest"] };
  // Loaded only for logins: it is slow to load.
  const { createHash } = await import("node:crypto");
  const password = await users.password?.(user);
  const expected = createHash("md5").update(timestamp + (password ?? NO_PASSWORD)).digest("hex");
  const encode = (text: string) => createHash("sha256").update(text).digest();
  const isSame = timingSafeEqual(encode(expected), encode(digest.toLowerCase()));
  return isSame && password !== undefined ? { user } : WRONG;
}

/** Lets a client log in by SASL. */
export async function checkAuth(
  session: CommandSession,
  argument: string,
  users: SaslUsers,
  isConfidential: boolean,
): Promise<LoginOutcome> {
  const { authenticateSession } = await import("../../sasl/internal.ts");
  const offered = await mechanismsFor(users, isConfidential);
  const outcome = await authenticateSession(session, argument, { users, offered, challenge: "+" });
  if ("user" in outcome) return { user: outcome.user };
  if (outcome.failure === "failed") return { ...WRONG, name: outcome.name };
  return { reply: MALFORMED[outcome.failure] };
}
