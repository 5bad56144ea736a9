/**
 * Mailboxes and limits of an IMAP server.
 *
 * @module
 */

import type { MailAccount } from "../../../stores/mod.ts";
import type { LoginServerOptions } from "../../sasl/mod.ts";

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

/** How {@link handleImap} serves; a client may be silent for half an hour (RFC 9051 §5.4). */
export interface ImapServerOptions extends LoginServerOptions {
  /** Opens a user's mail. */
  open(user: string): Promise<MailAccount>;
  /** Largest message that a client may put in, in bytes. @default {26_214_400} */
  readonly maxMessageBytes?: number | undefined;
  /** Largest command without messages, in bytes. @default {262_144} */
  readonly maxCommandBytes?: number | undefined;
  /** Called when the session of a user is over. */
  readonly onEnd?: ((summary: ImapSessionSummary) => void) | undefined;
  /** The time now; a test gives its own. @default {the system's} */
  readonly now?: (() => Date) | undefined;
}
