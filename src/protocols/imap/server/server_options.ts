/**
 * Mailboxes and limits of an IMAP server.
 *
 * @module
 */

import type { MailAccount } from "../../../stores/mod.ts";
import type { SaslUsers } from "../../sasl/mod.ts";
import type { Transcript } from "../../wire/mod.ts";

/** A session of a user that is over. */
export interface ImapSessionSummary {
  /** The user. */
  readonly user: string;
  /** Number of texts of messages that were sent. */
  readonly read: number;
  /** Number of messages that were put into mailboxes. */
  readonly appended: number;
  /** Number of messages that were removed. */
  readonly removed: number;
}

/** How {@link handleImap} serves. */
export interface ImapServerOptions {
  /** The users. Some mechanisms of SASL require their passwords, others only hashes. */
  readonly users: SaslUsers;
  /** Opens a user's mail. */
  open(user: string): Promise<MailAccount>;
  /** The server's name, in its greeting. @default {"localhost"} */
  readonly name?: string | undefined;
  /** Certificate and key in PEM, for STARTTLS. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Whether the connection is inside TLS already. @default {false} */
  readonly isSecure?: boolean | undefined;
  /** Whether passwords may come in clear text. @default {false} */
  readonly insecureAuth?: boolean | undefined;
  /** Maximum number of failed attempts to log in. @default {3} */
  readonly maxFailures?: number | undefined;
  /** Largest message that a client may put in, in bytes. @default {26_214_400} */
  readonly maxMessageBytes?: number | undefined;
  /** Largest command without messages, in bytes. @default {262_144} */
  readonly maxCommandBytes?: number | undefined;
  /** Longest silence of the client, in milliseconds; at least thirty minutes (RFC 9051 §5.4). @default {1_800_000} */
  readonly timeoutMs?: number | undefined;
  /** Aborting it ends the session. */
  readonly signal?: AbortSignal | undefined;
  /** Registers the response before the caller closes the connection. */
  readonly beforeClosing?:
    | ((say: (reason: "idle" | "session" | "shutdown") => Promise<void>) => void)
    | undefined;
  /** Where the dialogue is recorded, without literals. */
  readonly transcript?: Transcript | undefined;
  /** Called for each attempt to log in that fails, with the name that was given; not to be trusted. */
  readonly onRefused?: ((user: string) => void) | undefined;
  /** Called when the session of a user is over. */
  readonly onEnd?: ((summary: ImapSessionSummary) => void) | undefined;
  /** Called for errors that are not the client's. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** The time now; a test gives its own. @default {the system's} */
  readonly now?: (() => Date) | undefined;
}
