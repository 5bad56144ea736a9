/**
 * The dialogue of AUTH on the server's side (RFC 4954 §4).
 *
 * @module
 */

import type { SaslUsers } from "../../sasl/mod.ts";
import type { CommandSession, ShortReply } from "../../wire/mod.ts";

/** What became of an attempt. */
export interface AuthOutcome {
  /** The reply. */
  readonly reply: ShortReply;
  /** Who it is; undefined if it failed. */
  readonly user?: string;
}

/** Replies to attempts that fail. */
const FAILURES = {
  "unsupported": [504, "5.5.4 authentication mechanism not supported"],
  "arguments": [501, "5.5.4 AUTH takes a mechanism and one response"],
  "initial response": [501, "5.7.0 this mechanism takes no initial response"],
  "malformed": [501, "5.5.2 malformed base64, or AUTH was cancelled"],
  "failed": [535, "5.7.8 authentication failed"],
} as const;

/** The mechanisms, loaded only if the server has users: they are slow to load. */
export function sasl(): Promise<typeof import("../../sasl/mod.ts")> {
  return import("../../sasl/mod.ts");
}

/** Lets a client log in. */
export async function authenticate(
  session: CommandSession,
  argument: string,
  users: SaslUsers,
  offered: readonly string[],
): Promise<AuthOutcome> {
  const { authenticateSession } = await import("../../sasl/internal.ts");
  const dialogue = { users, offered, challenge: 334 };
  const outcome = await authenticateSession(session, argument, dialogue);
  if ("failure" in outcome) return { reply: FAILURES[outcome.failure] };
  return { reply: [235, "2.7.0 authentication successful"], user: outcome.user };
}
