/**
 * Serves mailboxes by IMAP.
 *
 * @module
 */

import { escapeForDisplay } from "../../net/mod.ts";
import { handleImap } from "../../protocols/imap/mod.ts";
import type { Service } from "../core/service.ts";
import { loginOptions } from "./_accounts.ts";
import { openMail } from "./_mail_stores.ts";
import type { ImapConfiguration } from "./_mailbox_configuration.ts";

/**
 * Lets users work with their mail.
 *
 * @param configuration The mailboxes and their users.
 * @returns The service.
 * @throws {NetwrightError} If the folder of mailboxes cannot be written.
 */
export async function imapService(configuration: ImapConfiguration): Promise<Service> {
  const { maildir, quotaBytes, maxBytes } = configuration;
  const store = await openMail(maildir, { maxBytes: quotaBytes });
  const options = loginOptions(configuration);
  return {
    name: "imap",
    busy: new TextEncoder().encode("* BYE too many clients; try again in a moment\r\n"),
    async handle(connection, context): Promise<void> {
      await handleImap(connection, {
        ...options(context),
        open: (user) => store.account(user),
        maxMessageBytes: maxBytes,
        now: () => context.now(),
        onEnd: ({ user, read, appended, removed }) =>
          context.log?.(
            escapeForDisplay(`${user}: ${read} read, ${appended} added, ${removed} removed`),
          ),
      });
    },
  };
}
