/**
 * Delivery and limits of an SMTP or LMTP server.
 *
 * @module
 */

import { NetwrightError } from "../../../net/mod.ts";
import type { SaslUsers } from "../../sasl/mod.ts";
import type { ShortReply, Transcript } from "../../wire/mod.ts";

/** Who sends, as far as the server knows. */
export interface SmtpClientFacts {
  /** Its address, printed as an endpoint. */
  readonly peer: string;
  /** The name that it gave in HELO, EHLO or LHLO; not to be trusted. */
  readonly name: string;
  /** Whether the connection is inside TLS. */
  readonly isSecure: boolean;
  /** The user who logged in; undefined if none has. */
  readonly user: string | undefined;
}

/** A message that comes in. */
export interface IncomingMessage {
  /** Where reports go; empty for a report. */
  readonly from: string;
  /** The recipients, one at least, each once. */
  readonly to: readonly string[];
  /** Who sends it. */
  readonly client: SmtpClientFacts;
  /** How the message is known in replies and in its trace. */
  readonly id: string;
  /**
   * The message with its trace, lines ending with CRLF. It throws if the client breaks off, or sends too much or
   * forbidden text: then nothing may be kept.
   */
  readonly text: AsyncIterable<Uint8Array>;
}

/** Thrown to send the client the reason of a rejection. */
export class SmtpReject extends NetwrightError {
  /** Code and text, such as 550 and `5.1.1 no such user`. */
  readonly reply: ShortReply;

  /**
   * Describes a refusal.
   * @param code The reply's code.
   * @param text Its text with the enhanced status code.
   */
  constructor(code: number, text: string) {
    super(text, { operation: "take a message" });
    this.reply = [code, text];
  }
}

/** The rejected command. */
export interface RejectionEvent {
  /** The sender, as far as it could be read. */
  readonly from: string;
  /** The rejected recipient, or all recipients of the text; none if it was the sender. */
  readonly to: readonly string[];
  /** The reply. */
  readonly reply: ShortReply;
  /** Who it is. */
  readonly client: SmtpClientFacts;
}

/** How {@link handleSmtp} serves. */
export interface SmtpServerOptions {
  /** Which of both is spoken. @default {"smtp"} */
  readonly protocol?: "smtp" | "lmtp" | undefined;
  /** The server's name, in its greeting and in traces. @default {"localhost"} */
  readonly name?: string | undefined;
  /**
   * Judges a sender, before anything is taken of the message; whatever is not refused is taken.
   * @throws {SmtpReject} If it is refused.
   */
  sender?(address: string, client: SmtpClientFacts): Promise<void>;
  /**
   * Judges a recipient; whatever is not refused is taken.
   * @throws {SmtpReject} If it is refused.
   */
  recipient?(address: string, client: SmtpClientFacts): Promise<void>;
  /**
   * Stores a message, and resolves only when it is safe: the client gets its reply then.
   * @returns Nothing if all have it; of LMTP a reply for each recipient, in order, undefined for those that have it.
   * @throws {SmtpReject} If it is refused; any other error asks the client to try again later.
   */
  deliver(message: IncomingMessage): Promise<readonly (ShortReply | undefined)[] | void>;
  /** Certificate and key in PEM, for STARTTLS. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Whether the connection is inside TLS already. @default {false} */
  readonly isSecure?: boolean | undefined;
  /** Who may log in; AUTH is not offered without it. */
  readonly users?: SaslUsers | undefined;
  /** Whether mail is taken only of those who logged in. @default {false} */
  readonly requireAuth?: boolean | undefined;
  /** Whether passwords may come in clear text. @default {false} */
  readonly insecureAuth?: boolean | undefined;
  /**
   * What becomes of a CR or LF by itself (RFC 5321 §2.3.8): it becomes CRLF, its message is refused, or it is kept as it
   * is. None of them ends a text, whatever is chosen. @default {"normalize"}
   */
  readonly bareLineBreaks?: "normalize" | "refuse" | "keep" | undefined;
  /** Largest message, in bytes. @default {26_214_400} */
  readonly maxBytes?: number | undefined;
  /** Most recipients of a message. @default {1000} */
  readonly maxRecipients?: number | undefined;
  /** Most messages of a session. @default {1000} */
  readonly maxMessages?: number | undefined;
  /** Most senders and recipients of a session that are refused; then it is ended. @default {100} */
  readonly maxRefusals?: number | undefined;
  /** Most failed attempts to log in. @default {3} */
  readonly maxFailures?: number | undefined;
  /** Longest silence of the client, in milliseconds. @default {300_000} */
  readonly timeoutMs?: number | undefined;
  /** The time, for traces. */
  readonly now?: (() => Date) | undefined;
  /** Aborting it ends the session. */
  readonly signal?: AbortSignal | undefined;
  /** Registers the reply before the caller closes the connection. */
  readonly beforeClosing?:
    | ((say: (reason: "idle" | "session" | "shutdown") => Promise<void>) => void)
    | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
  /** Called for every sender, recipient and text that was rejected. */
  readonly onRefused?: ((refused: RejectionEvent) => void) | undefined;
  /** Called for errors that are not the client's. */
  readonly onError?: ((error: unknown) => void) | undefined;
}
