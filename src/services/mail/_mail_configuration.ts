/**
 * Options of SMTP and LMTP as services: both deliver mail into the same mailboxes.
 *
 * @module
 */

import { isForThisHost } from "../core/accounts.ts";
import { fromDocument } from "../core/document.ts";
import { byteAmount } from "../core/option_values.ts";
import { type Capabilities, UsageError } from "../../net/mod.ts";
import { parseUsers, type StoredUser, type StoredUsers } from "../../stores/mod.ts";
import type {
  ServiceArguments,
  ServiceModule,
  ServiceOptionSpec,
  ServiceTls,
} from "../core/service.ts";

/** Messages of a client a minute. */
const DEFAULT_RATE = 600;

/** Options of both. */
export const MAIL_OPTIONS: Readonly<Record<string, ServiceOptionSpec>> = {
  maildir: { value: "DIR", help: "a Maildir++ for each user; in memory if absent" },
  users: {
    value: "FILE",
    help: "lines 'NAME: HASH' by netwright password",
    yaml: "text",
  },
  aliases: { value: "FILE", rare: true, help: "lines 'ALIAS: MAILBOX' (YAML)", yaml: "text" },
  name: { value: "HOST", rare: true, help: "the server's name (default localhost)" },
  "max-size": { value: "SIZE", rare: true, help: "largest message (default 25MiB)" },
  quota: { value: "SIZE", rare: true, help: "how much a user may keep" },
  "bare-lf": { value: "HOW", rare: true, help: "a CR or LF by itself: normalize, refuse, keep" },
};

/** Options of SMTP only. */
export const SMTP_OPTIONS: Readonly<Record<string, ServiceOptionSpec>> = {
  ...MAIL_OPTIONS,
  "require-auth": { rare: true, help: "take mail only of those who logged in" },
  "message-rate": {
    value: "NUMBER",
    rare: true,
    help: `messages of a client a minute (default ${DEFAULT_RATE}; this host: no limit)`,
  },
  "insecure-auth": { rare: true, help: "take passwords in clear text" },
};

/** How a CR or LF by itself is taken. */
const BARE_LF = ["normalize", "refuse", "keep"] as const;

/** The accepted mail, the users, and the mailboxes. */
export interface MailConfiguration {
  /** The folder of the mailboxes; in memory if absent. */
  readonly maildir: string | undefined;
  /** The users with a mailbox, who may log in; all names have one if absent. */
  readonly users: Readonly<Record<string, StoredUser>> | undefined;
  /** Other names of mailboxes, in small letters. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** The server's name. */
  readonly name: string | undefined;
  /** Largest message, in bytes. */
  readonly maxBytes: number | undefined;
  /** How much a user may keep, in bytes. */
  readonly quotaBytes: number | undefined;
  /** How a CR or LF by itself is taken. */
  readonly bareLf: typeof BARE_LF[number];
  /** Whether mail is taken only of those who logged in. */
  readonly requireAuth: boolean;
  /** Whether passwords are taken in clear text. */
  readonly insecureAuth: boolean;
  /** Messages of a client a minute; absent without a limit. */
  readonly messageRate: number | undefined;
  /** Whether clients of this host have that limit too. */
  readonly isLocalLimited: boolean;
  /** Certificate and key. */
  readonly tls: ServiceTls | undefined;
  /** Whether TLS has begun already. */
  readonly isSecure: boolean;
}

/** What both services have in common. */
export const MAIL_SERVICE: Pick<
  ServiceModule<MailConfiguration>,
  "startsTls" | "parse" | "capabilities"
> = { startsTls: true, parse, capabilities };

function parse(args: ServiceArguments): MailConfiguration {
  const { options, tls, isSecure = false } = args;
  const { maildir, name, "bare-lf": text = "normalize" } = options;
  const bareLf = BARE_LF.find((how) => how === text);
  if (bareLf === undefined) throw new UsageError("--bare-lf takes normalize, refuse or keep");
  const users = usersOf(args);
  const rate = Number(options["message-rate"] ?? DEFAULT_RATE);
  if (!(rate > 0)) throw new UsageError("--message-rate takes a number over 0, or Infinity");
  return {
    maildir,
    users: users && Object.fromEntries(users),
    aliases: aliasesOf(args, users),
    name,
    maxBytes: byteAmount(options, "max-size"),
    quotaBytes: byteAmount(options, "quota"),
    bareLf,
    requireAuth: options["require-auth"] !== undefined,
    insecureAuth: options["insecure-auth"] !== undefined,
    messageRate: rate === Infinity ? undefined : rate,
    isLocalLimited: options["message-rate"] !== undefined,
    tls,
    isSecure,
  };
}

/** The capabilities for the mailboxes. */
function capabilities({ maildir }: MailConfiguration): Capabilities {
  return maildir === undefined ? {} : { read: [maildir], write: [maildir] };
}

/** The users; undefined where anybody has a mailbox, which is for this host only. */
function usersOf(args: ServiceArguments): StoredUsers | undefined {
  const { options } = args;
  if (options.users !== undefined) return fromDocument(args, "users", parseUsers);
  if (!isForThisHost(args)) {
    throw new UsageError("without --users it takes mail of this host only: listen on 127.0.0.1");
  }
  if (options["require-auth"] !== undefined) {
    throw new UsageError("--require-auth requires --users");
  }
  return undefined;
}

/** Other names of mailboxes; mail to the postmaster is always taken (RFC 5321 §4.5.1). */
function aliasesOf(
  args: ServiceArguments,
  users: StoredUsers | undefined,
): Record<string, readonly string[]> {
  const map = fromDocument(args, "aliases", (content) => parseAliases(content, users)) ??
    new Map<string, readonly string[]>();
  const [first] = users?.keys() ?? [];
  const known = map.has("postmaster") || users?.has("postmaster") !== false;
  if (first !== undefined && !known) map.set("postmaster", [first]);
  return Object.fromEntries(map);
}

function parseAliases(
  data: unknown,
  users: StoredUsers | undefined,
): Map<string, readonly string[]> {
  const map = new Map<string, readonly string[]>();
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new UsageError("a file of aliases maps names to mailboxes");
  }
  for (const [name, value] of Object.entries(data)) {
    const names: unknown[] = Array.isArray(value) ? value : [value];
    if (names.length === 0 || !names.every((name) => typeof name === "string")) {
      throw new UsageError(`the alias ${name} is a mailbox or a list of them`);
    }
    const unknown = names.find((name) => users?.has(name) === false);
    if (unknown !== undefined) {
      throw new UsageError(`the alias ${name} leads to ${unknown}, which is not a user`);
    }
    map.set(name.toLowerCase(), [...new Set(names)]);
  }
  return map;
}
