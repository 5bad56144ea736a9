/**
 * Serves mailboxes by POP3.
 *
 * @module
 */

import { escapeForDisplay } from "../../net/mod.ts";
import { handlePop3, type Pop3Mailbox } from "../../protocols/pop3/mod.ts";
import type { MailStore } from "../../stores/mod.ts";
import type { Service } from "../core/service.ts";
import { loginOptions } from "./_accounts.ts";
import { openMail } from "./_mail_stores.ts";
import type { MailboxConfiguration } from "./_mailbox_configuration.ts";

/**
 * Lets users read their mail.
 *
 * @param configuration The mailboxes and their users.
 * @returns The service.
 * @throws {NetwrightError} If the folder of mailboxes cannot be written.
 */
export async function pop3Service(configuration: MailboxConfiguration): Promise<Service> {
  const store = await openMail(configuration.maildir);
  const options = loginOptions(configuration);
  return {
    name: "pop3",
    busy: new TextEncoder().encode("-ERR [SYS/TEMP] too many clients; try again in a moment\r\n"),
    async handle(connection, context): Promise<void> {
      await handlePop3(connection, {
        ...options(context),
        open: (user) => openInbox(store, user),
        onEnd: ({ user, retrieved, deleted }) =>
          context.log?.(escapeForDisplay(`${user}: ${retrieved} read, ${deleted} deleted`)),
      });
    },
  };
}

/** Reserves a user's inbox; undefined if another session has it. */
async function openInbox(store: MailStore, user: string): Promise<Pop3Mailbox | undefined> {
  const folder = (await (await store.account(user)).folder("INBOX"))!;
  const reservation = await folder.reserve();
  if (reservation === undefined) return undefined;
  try {
    const messages = await folder.describe();
    return {
      messages: messages.map(({ uid, sizeBytes }) => ({
        sizeBytes,
        uid: `${folder.uidValidity}.${uid}`,
      })),
      read: (index) => folder.read(messages[index]!.uid),
      delete: (indexes) => folder.remove(indexes.map((index) => messages[index]!.uid)),
      close: () => reservation[Symbol.dispose](),
    };
  } catch (error) {
    reservation[Symbol.dispose]();
    throw error;
  }
}
