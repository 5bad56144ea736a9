/**
 * Mailboxes that several services of this process have together.
 *
 * @module
 */

import { makeWritableFolder } from "../../stores/internal.ts";
import { Maildir, type MailQuota, type MailStore, MemoryMail } from "../../stores/mod.ts";

/** Stores by their folders and quotas. */
const stores = new Map<string, Maildir>();

/**
 * Opens the mailboxes in a folder: the same store for all services, so that each knows of the others' changes at once.
 *
 * @param folder The folder; in memory if undefined.
 * @param quota How much a user may keep.
 * @returns The store.
 * @throws {NetwrightError} If the folder cannot be written.
 */
export async function openMail(
  folder: string | undefined,
  quota: MailQuota = {},
): Promise<MailStore> {
  if (folder === undefined) return new MemoryMail(quota);
  await makeWritableFolder(folder);
  const key = `${quota.maxBytes ?? ""} ${folder}`;
  const store = stores.get(key) ?? new Maildir(folder, quota);
  stores.set(key, store);
  return store;
}
