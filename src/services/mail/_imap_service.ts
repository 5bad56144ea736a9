/**
 * Serves mailboxes by IMAP.
 *
 * @module
 */

import { escapeForDisplay } from "../../net/mod.ts";
import { handleImap } from "../../protocols/imap/mod.ts";
import { describeError } from "../core/error_text.ts";
import type { Service } from "../core/service.ts";
import { readersOf } from "./_accounts.ts";
import { openMail } from "./_mail_stores.ts";
import type { ImapConfiguration } from "./imap.ts";

/**
 * Lets users work with their mail.
 *
 * @param configuration The mailboxes and their users.
 * @returns The service.
 * @throws {NetwrightError} If the folder of mailboxes cannot be written.
 */
export async function imapService(configuration: ImapConfiguration): Promise<Service> {
  const { maildir, quotaBytes, users, name, tls, isSecure, insecureAuth, maxBytes } = configuration;
  const store = await openMail(maildir, { maxBytes: quotaBytes });
  const accounts = readersOf(users);
  return {
    name: "imap",
    busy: new TextEncoder().encode("* BYE too many clients; try again in a moment\r\n"),
    async handle(connection, context): Promise<void> {
      await handleImap(connection, {
        users: accounts,
        open: (user) => store.account(user),
        name,
        tls,
        isSecure,
        insecureAuth,
        maxMessageBytes: maxBytes,
        // The server ends silent sessions.
        timeoutMs: Infinity,
        beforeClosing: (say) => context.beforeClosing?.(say),
        signal: context.signal,
        now: () => context.now(),
        onRefused: (user) => context.log?.(escapeForDisplay(`refused ${user}: wrong password`)),
        onEnd: ({ user, read, appended, removed }) =>
          context.log?.(
            escapeForDisplay(`${user}: ${read} read, ${appended} added, ${removed} removed`),
          ),
        onError: (error) => context.log?.(escapeForDisplay(describeError(error))),
      });
    },
  };
}
