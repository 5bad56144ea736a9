/**
 * The dialogue of AUTH on the server's side (RFC 4954 §4).
 *
 * @module
 */

import { decodeBase64 } from "../../sasl/internal.ts";
import type { SaslUsers } from "../../sasl/mod.ts";
import type { CommandSession, ShortReply } from "../../wire/mod.ts";

/** Most messages of one attempt. */
const MAX_MESSAGES = 10;

/** What became of an attempt. */
export interface AuthOutcome {
  /** The reply. */
  readonly reply: ShortReply;
  /** Who it is; undefined if it failed. */
  readonly user?: string;
}

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
  const { SASL_MECHANISMS, saslServer } = await sasl();
  const [name = "", initial, ...rest] = argument.split(" ");
  const mechanism = SASL_MECHANISMS.find((known) => known === name.toUpperCase());
  if (mechanism === undefined || !offered.includes(mechanism)) {
    return { reply: [504, "5.5.4 authentication mechanism not supported"] };
  }
  if (rest.length > 0) return { reply: [501, "5.5.4 AUTH takes a mechanism and one response"] };
  const conversation = saslServer(mechanism, users);
  if (!conversation.clientFirst && initial !== undefined) {
    if (mechanism !== "LOGIN") {
      return { reply: [501, "5.7.0 this mechanism takes no initial response"] };
    }
    // Many clients give the name at once (OpenSMTPD#819): it answers a question that was not asked.
    await conversation.step(new Uint8Array(0));
  }
  let message: Uint8Array | undefined = new Uint8Array(0);
  if (initial !== undefined) message = initial === "=" ? message : decodeBase64(initial);
  else if (conversation.clientFirst) message = await challenge(session, new Uint8Array(0));
  for (let count = 0; count < MAX_MESSAGES; count++) {
    if (message === undefined) {
      return { reply: [501, "5.5.2 malformed base64, or AUTH was cancelled"] };
    }
    const step = await conversation.step(message);
    if ("identity" in step) {
      return { reply: [235, "2.7.0 authentication successful"], user: step.identity.user };
    }
    if ("failure" in step) return { reply: [535, "5.7.8 authentication failed"] };
    message = await challenge(session, step.challenge);
  }
  return { reply: [535, "5.7.8 authentication failed"] };
}

/** Asks, and reads the answer; undefined if the client cancels or sends no base64. */
async function challenge(
  session: CommandSession,
  bytes: Uint8Array,
): Promise<Uint8Array | undefined> {
  await session.reply(334, bytes.toBase64());
  await session.flush();
  const line = await session.reader.readLine();
  if (line === undefined || line === "*") return undefined;
  return decodeBase64(line);
}
