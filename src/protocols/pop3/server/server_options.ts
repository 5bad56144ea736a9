/**
 * Mailboxes and limits of a POP3 server.
 *
 * @module
 */

import type { SaslUsers } from "../../sasl/mod.ts";
import type { Transcript } from "../../wire/mod.ts";

/** A message of a mailbox. */
export interface Pop3Message {
  /** Its size in bytes, lines ending with CRLF. */
  readonly sizeBytes: number;
  /** Its unique identifier: 1 to 70 characters of printable ASCII without spaces, the same in every session. */
  readonly uid: string;
}

/** A mailbox, reserved for one session. */
export interface Pop3Mailbox {
  /** Its messages when the session began. */
  readonly messages: readonly Pop3Message[];
  /**
   * Reads a message.
   * @param index Its place in {@link messages}.
   * @returns Its text, lines ending with CRLF or LF. It throws if the message is not there any more.
   */
  read(index: number): AsyncIterable<Uint8Array>;
  /**
   * Deletes messages for good.
   * @param indexes Their places in {@link messages}.
   */
  delete(indexes: readonly number[]): Promise<void>;
  /** Ends the reservation; called once. */
  close(): void;
}

/** A session of a user that is over. */
export interface Pop3SessionSummary {
  /** The user. */
  readonly user: string;
  /** Number of messages that were sent whole. */
  readonly retrieved: number;
  /** Number of messages that were deleted. */
  readonly deleted: number;
}

/** How {@link handlePop3} serves. */
export interface Pop3ServerOptions {
  /** The users. APOP and some mechanisms of SASL require their passwords, others only hashes. */
  readonly users: SaslUsers;
  /**
   * Opens a user's mailbox and reserves it.
   * @returns The mailbox; undefined if another session has it.
   */
  open(user: string): Promise<Pop3Mailbox | undefined>;
  /** The server's name, in its greeting. @default {"localhost"} */
  readonly name?: string | undefined;
  /** Certificate and key in PEM, for STLS. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Whether the connection is inside TLS already. @default {false} */
  readonly isSecure?: boolean | undefined;
  /** Whether passwords may come in clear text. @default {false} */
  readonly insecureAuth?: boolean | undefined;
  /** Maximum number of failed attempts to log in. @default {3} */
  readonly maxFailures?: number | undefined;
  /** Longest silence of the client, in milliseconds; at least ten minutes (RFC 1939 §3). @default {600_000} */
  readonly timeoutMs?: number | undefined;
  /** Aborting it ends the session; nothing is deleted. */
  readonly signal?: AbortSignal | undefined;
  /** Registers the reply before the caller closes the connection. */
  readonly beforeClosing?:
    | ((say: (reason: "idle" | "session" | "shutdown") => Promise<void>) => void)
    | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
  /** Called for each attempt to log in that fails, with the name that was given; not to be trusted. */
  readonly onRefused?: ((user: string) => void) | undefined;
  /** Called when the session of a user is over. */
  readonly onEnd?: ((summary: Pop3SessionSummary) => void) | undefined;
  /** Called for errors that are not the client's. */
  readonly onError?: ((error: unknown) => void) | undefined;
}
