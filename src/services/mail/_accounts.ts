/**
 * Users of mail services.
 *
 * @module
 */

import { escapeForDisplay } from "../../net/mod.ts";
import type { LoginServerOptions, SaslUsers } from "../../protocols/sasl/mod.ts";
import { accountsOf } from "../core/accounts.ts";
import { describeError } from "../core/error_text.ts";
import type { ServiceContext } from "../core/service.ts";
import type { MailboxConfiguration } from "./_mailbox_configuration.ts";

/** Takes any password. */
const ANY_PASSWORD: SaslUsers = { checkPassword: () => Promise.resolve(true) };

/**
 * Makes the options of a session of a mailbox server.
 *
 * @param configuration The users; any password is taken if there are none.
 * @returns Makes the options of a session.
 */
export function loginOptions(
  configuration: Omit<MailboxConfiguration, "maildir">,
): (context: ServiceContext) => LoginServerOptions {
  const { users: stored, name, tls, isSecure, insecureAuth } = configuration;
  const users = stored === undefined ? ANY_PASSWORD : accountsOf(new Map(Object.entries(stored)));
  return (context) => ({
    users,
    name,
    tls,
    isSecure,
    insecureAuth,
    // The server ends silent sessions.
    timeoutMs: Infinity,
    beforeClosing: (say) => context.beforeClosing?.(say),
    signal: context.signal,
    onRefused: (user) => context.log?.(escapeForDisplay(`refused ${user}: wrong password`)),
    onError: (error) => context.log?.(escapeForDisplay(describeError(error))),
  });
}
