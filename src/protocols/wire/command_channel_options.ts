/**
 * How a client talks in commands and replies.
 *
 * @module
 */

import type { OptionRules } from "../../net/internal.ts";
import type { CommandLine } from "./command.ts";
import type { Reply, ReplyLimits, ReplyStyle } from "./reply.ts";
import type { Transcript } from "./transcript.ts";

/** How a `CommandChannel` talks. */
export interface CommandChannelOptions extends ReplyLimits {
  /** How the server writes replies. */
  readonly style: ReplyStyle;
  /** Encoding of commands and replies. @default {"utf-8"} */
  readonly encoding?: "utf-8" | "latin1" | undefined;
  /** Longest line of a reply, in bytes. @default {8192} */
  readonly maxLineBytes?: number | undefined;
  /** Longest wait for each reply and each write, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
  /** Aborting it closes the channel; what waits rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** The peer, for error messages; the connection's peer if absent. */
  readonly peer?: string | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
  /**
   * Called with each reply that came before a command and so belongs to none. Without it such a reply
   * ends the session, lest it be taken for the answer to the next command.
   */
  readonly onUnsolicited?: ((reply: Reply) => void) | undefined;
  /** Doubles each byte 255, as a Telnet connection needs (RFC 959 §3.1). @default {false} */
  readonly doubleIac?: boolean | undefined;
}

/** The rules of {@link CommandChannelOptions}. */
export const CHANNEL_RULES: OptionRules<CommandChannelOptions> = {
  style: ["smtp", "ftp", "nntp", "pop3"],
  encoding: ["utf-8", "latin1"],
  maxLineBytes: "count",
  maxLines: "count",
  maxBytes: "count",
  timeoutMs: "time",
  signal: "signal",
  peer: "any",
  transcript: "any",
  onUnsolicited: "any",
  doubleIac: "flag",
};

/** How `CommandChannel.pipelineText` sends a text. */
export interface PipelinedTextOptions {
  /** Commands right before the text, such as `BDAT`, whose reply is the text's. */
  readonly before?: readonly CommandLine[] | undefined;
  /** Commands that are sent after the text without waiting. */
  readonly then?: readonly CommandLine[] | undefined;
  /** How many replies the text has: one for each recipient in LMTP. @default {1} */
  readonly replies?: number | undefined;
  /** Whether the server knows the text's length, so that it is sent unchanged, without dots. @default {false} */
  readonly counted?: boolean | undefined;
  /** Longest wait for the text's replies, in milliseconds, where that is not as long as usual. */
  readonly idleTimeoutMs?: number | undefined;
}
