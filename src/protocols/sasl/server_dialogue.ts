/**
 * A client's log-in by SASL on the server's side, in protocols of commands and coded replies (RFC 4954, RFC 5034).
 *
 * @module
 */

import { LimitError } from "../../net/mod.ts";
import type { CommandSession, ReplyCode } from "../wire/mod.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { SASL_MECHANISMS, type SaslUsers } from "./mechanism.ts";
import { saslServer } from "./server.ts";

/** Longest line that is skipped, in bytes; a longer one ends the session. */
const MAX_SKIPPED_BYTES = 1024 * 1024;
/** Most messages of one attempt. */
const MAX_MESSAGES = 10;

/** The result of an attempt: the user, or the reason without one. */
export type SaslOutcome =
  | { readonly user: string }
  | {
    readonly failure: "unsupported" | "arguments" | "initial response" | "malformed" | "failed";
    /** The name that the client gave, if it came so far. */
    readonly name?: string | undefined;
  };

/** How a protocol carries the messages. */
export interface SaslServerDialogue {
  /** The users. */
  readonly users: SaslUsers;
  /** The mechanisms that are offered now. */
  readonly offered: readonly string[];
  /**
   * Sends a challenge and reads the response.
   * @returns Both in base64; undefined, `*` or another text if the client sends none.
   */
  ask(challenge: string): Promise<string | undefined>;
}

/**
 * Lets a client log in.
 *
 * @param argument The argument of the command: the mechanism and, after a space, its initial response.
 * @param dialogue The users, and how the protocol carries the messages.
 * @returns The result; the caller replies.
 */
export async function authenticateClient(
  argument: string,
  { users, offered, ask }: SaslServerDialogue,
): Promise<SaslOutcome> {
  const [word = "", initial, ...rest] = argument.split(" ");
  const mechanism = SASL_MECHANISMS.find((known) => known === word.toUpperCase());
  if (mechanism === undefined || !offered.includes(mechanism)) return { failure: "unsupported" };
  if (rest.length > 0) return { failure: "arguments" };
  const respond = async (challenge: Uint8Array): Promise<Uint8Array | undefined> => {
    const response = await ask(encodeBase64(challenge));
    if (response === undefined || response === "*") return undefined;
    return response === "=" ? new Uint8Array(0) : decodeBase64(response);
  };
  let name: string | undefined;
  const conversation = saslServer(mechanism, watched(users, (asked) => name = asked));
  if (!conversation.clientFirst && initial !== undefined) {
    if (mechanism !== "LOGIN") return { failure: "initial response" };
    // Many clients give the name at once (OpenSMTPD#819): it answers a question that was not asked.
    await conversation.step(new Uint8Array(0));
  }
  let message: Uint8Array | undefined = new Uint8Array(0);
  if (initial !== undefined) message = initial === "=" ? message : decodeBase64(initial);
  else if (conversation.clientFirst) message = await respond(message);
  for (let count = 0; count < MAX_MESSAGES; count++) {
    if (message === undefined) return { failure: "malformed" };
    const step = await conversation.step(message);
    if ("identity" in step) return { user: step.identity.user };
    if ("failure" in step) break;
    message = await respond(step.challenge);
  }
  return { failure: "failed", name };
}

/** Reports the requested name. */
function watched(users: SaslUsers, onName: (name: string) => void): SaslUsers {
  const told = <Rest extends unknown[], T>(ask: ((name: string, ...rest: Rest) => T) | undefined) =>
    ask && ((name: string, ...rest: Rest): T => {
      onName(name);
      return ask.call(users, name, ...rest);
    });
  const { password, checkPassword, scram, checkToken } = users;
  return {
    ...password && { password: told(password)! },
    ...checkPassword && { checkPassword: told(checkPassword)! },
    ...scram && { scram: told(scram)! },
    ...checkToken && { checkToken: told(checkToken)! },
    ...users.external && { external: () => users.external!() },
    ...users.mayActAs && { mayActAs: (one: string, other: string) => users.mayActAs!(one, other) },
    ...users.anonymous !== undefined && { anonymous: users.anonymous },
  };
}

/**
 * Lets a client log in, in a protocol of commands and coded replies.
 *
 * @param session The session.
 * @param argument The argument of `AUTH`.
 * @param dialogue The users, and the code of a challenge.
 * @returns The result; the caller replies.
 */
export async function authenticateSession(
  session: CommandSession,
  argument: string,
  { challenge: code, empty = "", ...users }: Omit<SaslServerDialogue, "ask"> & {
    readonly challenge: ReplyCode;
    /** What stands for an empty challenge. @default {""} */
    readonly empty?: string;
  },
): Promise<SaslOutcome> {
  const ask = async (challenge: string): Promise<string | undefined> => {
    await session.reply(code, challenge || empty);
    await session.flush();
    try {
      return await session.reader.readLine();
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      // No valid response has this length; the session continues behind it.
      await session.reader.skipLine(MAX_SKIPPED_BYTES);
      return undefined;
    }
  };
  return await authenticateClient(argument, { ...users, ask });
}
