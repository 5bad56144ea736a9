/**
 * A command, and the error of a refused one.
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import { escapeControls, ReplyError, Tainted } from "../../../net/mod.ts";
import type { Secret } from "../../wire/mod.ts";
import type { CommandPiece } from "../codec/command_piece.ts";
import type { ImapResponse, StatusResponse } from "../codec/response.ts";

/** A command, and the treatment of its responses. */
export interface CommandRequest {
  /** Its name, such as `UID FETCH`. */
  readonly verb: string;
  /** Its arguments; a space divides them where it is in a text. */
  readonly pieces?: readonly CommandPiece[];
  /** Of commands with one topic, one is under way at a time: their responses look alike. */
  readonly topic?: string;
  /** Whether no other command may be under way. */
  readonly alone?: boolean;
  /** Whether the server may be silent. */
  readonly quiet?: boolean;
  /** Whether nothing is read behind its completion, before `ImapConnection.resume`. */
  readonly pause?: boolean;
  /** Called before it is sent; an error rejects the command, and nothing is sent. */
  readonly onStart?: () => void;
  /** Called when another command waits for its end. */
  readonly onQueued?: () => void;
  /** Takes a response; false leaves it to others. */
  readonly onData?: (response: ImapResponse) => boolean;
  /** Answers a request for more; the line is sent. */
  readonly onContinue?: (text: string) => Promise<Secret | string | undefined>;
}

/**
 * Makes the error of a refusal.
 *
 * @param response The response.
 * @param operation The refused operation.
 * @param peer The server.
 * @returns The error; its message quotes the response, cleaned.
 */
export function toRefusal(
  { status, code, text }: StatusResponse,
  operation: string,
  peer: string,
): ReplyError {
  const name = code === undefined ? "" : `[${code.name}] `;
  const shown = escapeControls(`${status} ${name}${text}`, { maxLength: 500 });
  const lines = [new Tainted(`${name}${text}`)];
  return new ReplyError(trimBlanks(shown), { operation, peer, code: status, lines });
}
