/**
 * Mailboxes and limits of a POP3 server.
 *
 * @module
 */

import type { LoginServerOptions } from "../../sasl/mod.ts";

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

/** How {@link handlePop3} serves; a client may be silent for ten minutes (RFC 1939 §3). */
export interface Pop3ServerOptions extends LoginServerOptions {
  /**
   * Opens a user's mailbox and reserves it.
   * @returns The mailbox; undefined if another session has it.
   */
  open(user: string): Promise<Pop3Mailbox | undefined>;
  /** Called when the session of a user is over. */
  readonly onEnd?: ((summary: Pop3SessionSummary) => void) | undefined;
}
