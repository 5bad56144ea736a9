/**
 * Options of services by which people read their mail.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import { parseUsers, type StoredUser } from "../../stores/mod.ts";
import { fromDocument } from "../core/document.ts";
import type {
  ServiceArguments,
  ServiceModule,
  ServiceOptionSpec,
  ServiceTls,
} from "../core/service.ts";
import { isForThisHost } from "../core/accounts.ts";
import { MAIL_OPTIONS } from "./_mail_configuration.ts";

/** Options of all of them. */
export const MAILBOX_OPTIONS: Readonly<Record<string, ServiceOptionSpec>> = {
  maildir: { ...MAIL_OPTIONS.maildir!, help: "the Maildir++ of each user, as of serve smtp" },
  users: MAIL_OPTIONS.users!,
  "any-password": { help: "take any password; for tests on this host" },
  name: MAIL_OPTIONS.name!,
  "insecure-auth": { rare: true, help: "take passwords in clear text" },
};

/** The mailboxes and their users. */
export interface MailboxConfiguration {
  /** The folder of the mailboxes. */
  readonly maildir: string;
  /** The users; absent if any password is taken. */
  readonly users: Readonly<Record<string, StoredUser>> | undefined;
  /** The server's name. */
  readonly name: string | undefined;
  /** Whether passwords are taken in clear text. */
  readonly insecureAuth: boolean;
  /** Certificate and key. */
  readonly tls: ServiceTls | undefined;
  /** Whether TLS has begun already. */
  readonly isSecure: boolean;
}

/** The mailboxes, their users, and how much a user may keep. */
export interface ImapConfiguration extends MailboxConfiguration {
  /** Largest message that a client may put in, in bytes. */
  readonly maxBytes: number | undefined;
  /** How much a user may keep, in bytes. */
  readonly quotaBytes: number | undefined;
}

/** What these services have in common. */
export const MAILBOX_SERVICE: Pick<
  ServiceModule<MailboxConfiguration>,
  "startsTls" | "parse" | "capabilities"
> = { startsTls: true, parse, capabilities };

function parse(args: ServiceArguments): MailboxConfiguration {
  const { options, tls, isSecure = false } = args;
  const { maildir, name } = options;
  if (maildir === undefined) throw new UsageError("--maildir is missing");
  const anyPassword = options["any-password"] !== undefined;
  if (anyPassword === (options.users !== undefined)) {
    throw new UsageError("give either --users or --any-password");
  }
  if (anyPassword && !isForThisHost(args)) {
    throw new UsageError("--any-password is for this host only: listen on 127.0.0.1");
  }
  const users = anyPassword ? undefined : fromDocument(args, "users", parseUsers);
  return {
    maildir,
    users: users && Object.fromEntries(users),
    name,
    insecureAuth: anyPassword || options["insecure-auth"] !== undefined,
    tls,
    isSecure,
  };
}

function capabilities({ maildir }: MailboxConfiguration): Capabilities {
  return { read: [maildir], write: [maildir] };
}
