/**
 * A client's log-in by SASL in protocols of commands and coded replies (RFC 4954, RFC 5034).
 *
 * @module
 */

import { trimBlanks } from "../../net/internal.ts";
import { ProtocolError, singleLine } from "../../net/mod.ts";
import { type CommandChannel, type CommandLine, Secret } from "../wire/mod.ts";
import type { Reply, ReplyCode } from "../wire/mod.ts";
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
  /** Maximum length of the command that begins; a longer initial response follows its own challenge. @default {Infinity} */
  readonly maxCommandLength?: number | undefined;
}

/**
 * Logs in.
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
  const { mechanism, credentials, challenge, success, maxCommandLength = Infinity } = dialogue;
  const context = { operation: "log in", peer: channel.peer };
  const sasl = saslClient(mechanism, credentials);
  const first = sasl.clientFirst
    ? encodeBase64(await sasl.respond(new Uint8Array(0))) || "="
    : undefined;
  const whole = dialogue.begin(first === undefined ? undefined : new Secret(first));
  const isSplit = first !== undefined && whole.line.length > maxCommandLength;
  const codes = [success, challenge];
  let reply = await channel.send(isSplit ? dialogue.begin(undefined) : whole, codes);
  if (isSplit && reply.code === challenge) {
    reply = await channel.send(secretLine(first, whole.verb), codes);
  }
  for (let count = 0; reply.code === challenge; count++) {
    if (count === MAX_CHALLENGES) {
      throw new ProtocolError("the server sends challenges without end", context);
    }
    let response: CommandLine;
    try {
      response = secretLine(encodeBase64(await sasl.respond(challengeOf(reply))), whole.verb);
    } catch (error) {
      // The server is notified, so that the session remains usable (RFC 4954 §4, RFC 5034 §4).
      await channel.pipeline([{ line: "*", shown: "*", verb: whole.verb }]);
      throw error;
    }
    reply = await channel.send(response, codes);
  }
  sasl.finish();
}

function secretLine(text: string, verb: string): CommandLine {
  return { line: text, shown: "********", verb };
}

function challengeOf({ lines }: Reply): Uint8Array {
  const bytes = decodeBase64(trimBlanks(lines.at(-1)?.validate(singleLine) ?? ""));
  if (bytes !== undefined) return bytes;
  throw new ProtocolError("the server's challenge is not base64", { operation: "log in" });
}
