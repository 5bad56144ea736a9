/**
 * Mailboxes that are made for messages.
 *
 * @module
 */

import { ReplyError } from "../../net/mod.ts";
import type { ImapClient } from "../../protocols/imap/mod.ts";

/**
 * Makes a mailbox if it is missing.
 *
 * @param client The account.
 * @param name Its name.
 * @throws {ReplyError} If it is not there, and cannot be made.
 */
export async function makeMailbox(client: ImapClient, name: string): Promise<void> {
  try {
    await client.status(name);
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    await client.create(name);
  }
}
