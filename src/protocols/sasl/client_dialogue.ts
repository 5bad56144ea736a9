/**
 * A client's log-in by SASL in protocols of commands and coded replies (RFC 4954, RFC 5034).
 *
 * @module
 */

import { trimBlanks } from "../../net/internal.ts";
import { ProtocolError, singleLine } from "../../net/mod.ts";
import { type CommandChannel, type CommandLine, Secret } from "../wire/mod.ts";
import type { ReplyCode } from "../wire/mod.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { saslClient } from "./client.ts";
import type { SaslCredentials, SaslMechanism } from "./mechanism.ts";

/** Most challenges of one attempt. */
const MAX_CHALLENGES = 20;

/** How a protocol carries the messages. */
export interface SaslClientDialogue {
  /** The mechanism. */
  readonly mechanism: SaslMechanism;
  /** The client's credentials. */
  readonly credentials: SaslCredentials;
  /**
   * Builds the command that begins.
   * @param initial The initial response; absent if the mechanism has none.
   */
  begin(initial: Secret | undefined): CommandLine;
  /** The code of a challenge. */
  readonly challenge: ReplyCode;
  /** The code of success. */
  readonly success: ReplyCode;
  /** The code of success with the mechanism's last message, if the protocol has one (RFC 4643 §2.4). */
  readonly successWithData?: ReplyCode | undefined;
  /** What stands for an empty response. @default {""} */
  readonly empty?: string | undefined;
  /** Maximum length of the command that begins; a longer initial response follows its own challenge. @default {Infinity} */
  readonly maxCommandLength?: number | undefined;
}

/** A challenge in base64, or the server's last message, after which the client is logged in. */
export type SaslChallenge = string | { readonly last: string };

/** Carries the messages of one attempt, in base64. */
export interface SaslExchange {
  /**
   * Begins.
   * @param initial The initial response; undefined if the mechanism has none.
   * @returns The server's challenge; undefined if the client is logged in.
   */
  begin(initial: Secret | undefined): Promise<SaslChallenge | undefined>;
  /**
   * Responds to a challenge.
   * @param response The response.
   * @returns The next challenge; undefined if the client is logged in.
   */
  respond(response: Secret): Promise<SaslChallenge | undefined>;
  /** Notifies the server that the client gives up, so that the session remains usable. */
  cancel(): Promise<void>;
}

/**
 * Logs in.
 *
 * @param mechanism The mechanism.
 * @param credentials The client's credentials.
 * @param exchange How the protocol carries the messages; its errors are thrown on.
 * @param peer The server, for errors.
 * @throws {ProtocolError} If the server does not keep to the mechanism.
 */
export async function authenticate(
  mechanism: SaslMechanism,
  credentials: SaslCredentials,
  exchange: SaslExchange,
  peer: string,
): Promise<void> {
  const context = { operation: "log in", peer };
  const sasl = saslClient(mechanism, credentials);
  const first = sasl.clientFirst
    ? encodeBase64(await sasl.respond(new Uint8Array(0))) || "="
    : undefined;
  let challenge = await exchange.begin(first === undefined ? undefined : new Secret(first));
  for (let count = 0; challenge !== undefined; count++) {
    if (count === MAX_CHALLENGES) {
      throw new ProtocolError("the server sends challenges without end", context);
    }
    const isLast: boolean = typeof challenge !== "string";
    const text = trimBlanks(typeof challenge === "string" ? challenge : challenge.last);
    let response: Secret;
    try {
      // NNTP's empty challenge is a sign (RFC 4643 §2.4.2).
      const bytes = text === "=" ? new Uint8Array(0) : decodeBase64(text);
      if (bytes === undefined) {
        throw new ProtocolError("the server's challenge is not base64", { operation: "log in" });
      }
      response = new Secret(encodeBase64(await sasl.respond(bytes)));
    } catch (error) {
      if (!isLast) await exchange.cancel();
      throw error;
    }
    if (isLast) break;
    challenge = await exchange.respond(response);
  }
  sasl.finish();
}

/**
 * Logs in by commands and coded replies.
 *
 * @param channel The channel to the server.
 * @param dialogue The mechanism, and how the protocol carries its messages.
 * @throws {ReplyError} If the server refuses; the channel stays usable.
 * @throws {ProtocolError} If the server does not keep to the mechanism.
 */
export async function authenticateChannel(
  channel: CommandChannel,
  dialogue: SaslClientDialogue,
): Promise<void> {
  const { mechanism, credentials, challenge, success, successWithData } = dialogue;
  const { empty = "", maxCommandLength = Infinity } = dialogue;
  const codes = [success, challenge, ...successWithData === undefined ? [] : [successWithData]];
  const verb = dialogue.begin(undefined).verb;
  const send = async (line: CommandLine): Promise<SaslChallenge | undefined> => {
    const reply = await channel.send(line, codes);
    if (reply.code === success) return undefined;
    const data = reply.lines.at(-1)?.validate(singleLine) ?? "";
    return reply.code === challenge ? data : { last: data };
  };
  await authenticate(mechanism, credentials, {
    async begin(initial) {
      const whole = dialogue.begin(initial);
      if (initial === undefined || whole.line.length <= maxCommandLength) return await send(whole);
      const asked = await send(dialogue.begin(undefined));
      return typeof asked === "string" ? await send(secretLine(initial.reveal(), verb)) : asked;
    },
    respond: (response) => send(secretLine(response.reveal() || empty, verb)),
    async cancel() {
      // RFC 4954 §4, RFC 5034 §4.
      await channel.pipeline([{ line: "*", shown: "*", verb }]);
    },
  }, channel.peer);
}

function secretLine(text: string, verb: string): CommandLine {
  return { line: text, shown: "********", verb };
}
