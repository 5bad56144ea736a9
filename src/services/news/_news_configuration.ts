/**
 * Options of the news service, and its file of groups.
 *
 * @module
 */

import { parseAge } from "../../net/internal.ts";
import { type Capabilities, UsageError } from "../../net/mod.ts";
import { type NewsGroupStatus, parseUsers, type StoredUser } from "../../stores/mod.ts";
import { fromDocument } from "../core/document.ts";
import { byteAmount } from "../core/option_values.ts";
import type { ServiceArguments, ServiceOptionSpec, ServiceTls } from "../core/service.ts";
import { isForThisHost } from "../core/accounts.ts";

/** Options of the service. */
export const NEWS_OPTIONS: Readonly<Record<string, ServiceOptionSpec>> = {
  spool: { value: "DIR", help: "the folder for articles; in memory if absent" },
  groups: {
    value: "FILE",
    help: "lines 'GROUP: DESCRIPTION' (YAML)",
    yaml: "text",
  },
  users: { value: "FILE", help: "lines 'NAME: HASH' by netwright password", yaml: "text" },
  "login-for": {
    value: "WHAT",
    rare: true,
    help: "what requires a login: posting (default), everything",
  },
  "read-only": { rare: true, help: "refuse all articles" },
  feed: { rare: true, help: "take articles from other servers: IHAVE, CHECK, TAKETHIS" },
  keep: { value: "TIME", rare: true, help: "remove articles of this age, such as 30d" },
  submissions: { value: "DIR", rare: true, help: "a Maildir for articles to be moderated" },
  anyone: { rare: true, help: "let all of the network post, without users" },
  name: { value: "HOST", rare: true, help: "the server's name (default localhost)" },
  "max-size": { value: "SIZE", rare: true, help: "largest article (default 25MiB)" },
  "insecure-auth": { rare: true, help: "take passwords in clear text" },
};

/** Settings of a group. */
export interface GroupRules {
  /** Its topic. */
  readonly description: string;
  /** Whether articles may be posted. */
  readonly status: NewsGroupStatus;
  /** Who may read it; everybody if absent. */
  readonly readers?: readonly string[];
  /** Who may post to it; everybody who may post at all if absent. */
  readonly posters?: readonly string[];
  /** Users who may approve articles; everybody without users, else none, if absent. */
  readonly moderators?: readonly string[];
  /** How long its articles are kept, in milliseconds; as long as those of others if absent. */
  readonly keepMs?: number;
}

/** Groups, users and limits. */
export interface NewsConfiguration {
  /** The folder of the spool; in memory if absent. */
  readonly spool: string | undefined;
  /** The groups; those of the spool, or `local.test`, if absent. */
  readonly groups: Readonly<Record<string, GroupRules>> | undefined;
  /** The users; logins are refused if absent. */
  readonly users: Readonly<Record<string, StoredUser>> | undefined;
  /** What requires a login. */
  readonly loginFor: "nothing" | "posting" | "everything";
  /** Whether articles may be posted. */
  readonly posting: boolean;
  /** Whether other servers may feed articles. */
  readonly feeding: boolean;
  /** How long articles are kept, in milliseconds. */
  readonly keepMs: number | undefined;
  /** The Maildir for articles that wait for a moderator. */
  readonly submissions: string | undefined;
  /** The server's name. */
  readonly name: string | undefined;
  /** Largest article, in bytes. */
  readonly maxBytes: number | undefined;
  /** Whether passwords are taken in clear text. */
  readonly insecureAuth: boolean;
  /** Certificate and key. */
  readonly tls: ServiceTls | undefined;
  /** Whether TLS has begun already. */
  readonly isSecure: boolean;
}

/**
 * Reads the options of the service.
 *
 * @param args The arguments.
 * @returns The configuration.
 * @throws {UsageError} If an option, or the file of groups, makes no sense.
 */
export function parseNews(args: ServiceArguments): NewsConfiguration {
  const { options, tls, isSecure = false } = args;
  const { spool, submissions, name, "login-for": loginFor = "posting" } = options;
  const users = options.users === undefined ? undefined : fromDocument(args, "users", parseUsers);
  const hasUsers = options.users !== undefined;
  const posting = options["read-only"] === undefined;
  if (loginFor !== "posting" && loginFor !== "everything") {
    throw new UsageError("--login-for takes posting or everything");
  }
  if (options["login-for"] !== undefined && !hasUsers) {
    throw new UsageError("--login-for requires --users");
  }
  const isFeed = options.feed !== undefined;
  if ((posting || isFeed) && !hasUsers && options.anyone === undefined && !isForThisHost(args)) {
    throw new UsageError(
      "without --users only this host may post: listen on 127.0.0.1, or give --read-only or --anyone",
    );
  }
  if (name !== undefined && !/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/.test(name)) {
    throw new UsageError("--name takes a host name, such as news.example.org");
  }
  return {
    spool,
    groups: fromDocument(args, "groups", (content) => parseGroups(content, users)),
    users: users && Object.fromEntries(users),
    loginFor: hasUsers ? loginFor : "nothing",
    posting,
    feeding: isFeed,
    keepMs: age(options.keep, "--keep"),
    submissions,
    name,
    maxBytes: byteAmount(options, "max-size"),
    insecureAuth: options["insecure-auth"] !== undefined,
    tls,
    isSecure,
  };
}

/**
 * Returns the capabilities of the service.
 *
 * @param configuration The configuration.
 * @returns The capabilities for its folders.
 */
export function newsCapabilities({ spool, submissions }: NewsConfiguration): Capabilities {
  const folders = [spool, submissions].filter((folder) => folder !== undefined);
  return folders.length === 0 ? {} : { read: folders, write: folders };
}

function age(text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseAge(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new UsageError(`${what} takes an age, such as 12h or 30d`);
}

const STATUSES: Readonly<Record<string, NewsGroupStatus>> = { yes: "y", no: "n", moderated: "m" };
const LISTS = ["readers", "posters", "moderators"] as const;

function parseGroups(
  data: unknown,
  users: ReadonlyMap<string, StoredUser> | undefined,
): Record<string, GroupRules> {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new UsageError("a file of groups maps their names to descriptions");
  }
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, rulesOf(name, value, users)]),
  );
}

function rulesOf(
  name: string,
  value: unknown,
  users: ReadonlyMap<string, StoredUser> | undefined,
): GroupRules {
  if (value === null || typeof value === "string") {
    return { description: value ?? "", status: "y" };
  }
  const known = ["description", "posting", "keep", ...LISTS];
  if (typeof value !== "object" || Object.keys(value).some((key) => !known.includes(key))) {
    throw new UsageError(`the group ${name} may have ${known.join(", ")} only`);
  }
  const { description = "", posting = "yes", keep, ...lists } = value as Record<string, unknown>;
  const status = typeof posting === "string" ? STATUSES[posting] : undefined;
  if (status === undefined) {
    throw new UsageError(`posting of the group ${name} is yes, no or moderated`);
  }
  if (typeof description !== "string") {
    throw new UsageError(`the description of the group ${name} is not text`);
  }
  const keepMs = keep === undefined ? undefined : age(`${keep}`, `keep of the group ${name}`);
  return {
    description,
    status,
    ...(keepMs !== undefined && { keepMs }),
    ...Object.fromEntries(LISTS.flatMap((list) => {
      const names = lists[list];
      return names === undefined
        ? []
        : [[list, namesOf(names, `${list} of the group ${name}`, users)]];
    })),
  };
}

function namesOf(
  value: unknown,
  what: string,
  users: ReadonlyMap<string, StoredUser> | undefined,
): string[] {
  const names: unknown[] = Array.isArray(value) ? value : [value];
  if (users === undefined) throw new UsageError(`${what} require --users`);
  return names.map((name) => {
    if (typeof name === "string" && users.has(name)) return name;
    throw new UsageError(`${what}: ${name} is not a user`);
  });
}
