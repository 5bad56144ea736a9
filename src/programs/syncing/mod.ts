/**
 * Mailboxes here that are kept equal to those on a server.
 *
 * @module
 */

export { type AccountSyncOptions, syncAccount } from "./sync_account.ts";
export { syncMailbox, type SyncOptions, type SyncSummary } from "./sync_mailbox.ts";
