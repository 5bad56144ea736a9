/**
 * Mailboxes of a row.
 *
 * @module
 */

import { handleImap } from "../../../../protocols/imap/mod.ts";
import { type MailAccount, type MailStore, MemoryMail } from "../../../../stores/mod.ts";
import type { TourContext } from "../../core/row.ts";

/** A running server and its mail. */
export interface ServedMailboxes {
  /** Where it listens. */
  readonly where: string;
  readonly store: MailStore;
  /** The mail of ann. */
  readonly account: MailAccount;
}

/**
 * Serves mailboxes by IMAP; every user has the password `sesame`.
 *
 * @param tour The means of the row.
 * @param texts The messages in the inbox of ann.
 * @returns Where, and the mail behind it.
 */
export async function serveImap(
  tour: TourContext,
  texts: readonly string[],
): Promise<ServedMailboxes> {
  const store = new MemoryMail();
  const account = await store.account("ann");
  const inbox = (await account.folder("INBOX"))!;
  for (const text of texts) await inbox.append(new TextEncoder().encode(text));
  const where = await tour.serveStream((connection) =>
    handleImap(connection, {
      users: { checkPassword: (_, password) => Promise.resolve(password === "sesame") },
      insecureAuth: true,
      open: (user) => store.account(user),
    })
  );
  return { where, store, account };
}
