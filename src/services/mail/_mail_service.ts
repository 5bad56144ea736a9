/**
 * SMTP and LMTP as services: both put mail into the same mailboxes.
 *
 * @module
 */

import {
  type Address,
  asShown,
  type Capabilities,
  clientKeys,
  type Endpoint,
  isLoopback,
  parseByteAmount,
  TokenBuckets,
  UsageError,
} from "../../net/mod.ts";
import type { SaslUsers } from "../../protocols/sasl/mod.ts";
import { serveSmtp, SmtpRefusal } from "../../protocols/smtp/mod.ts";
import {
  checkToken,
  checkUser,
  Maildir,
  type MailStore,
  MemoryMail,
  parseUsers,
  scramOf,
  type StoredUsers,
} from "../../stores/mod.ts";
import { type MailAliases, MailDrop } from "./_mail_drop.ts";
import { describeError } from "../core/error_text.ts";
import type { Service, ServiceOptions, ServiceOptionSpec, Traffic } from "../core/service.ts";

/** Messages of a client a minute. */
const DEFAULT_RATE = 600;

/** Options of both. */
export const MAIL_OPTIONS: Readonly<Record<string, ServiceOptionSpec>> = {
  maildir: { value: "DIR", help: "a Maildir++ for each user; in memory if absent" },
  users: { value: "FILE", help: "names and hashed passwords, in YAML", yaml: true },
  aliases: { value: "FILE", rare: true, help: "other names of mailboxes, in YAML", yaml: true },
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
    help: `messages of a client a minute (default ${DEFAULT_RATE}, but of this host)`,
  },
  "insecure-auth": { rare: true, help: "take passwords in clear text" },
};

/** What follows from where the server listens. */
export function optionsAt(endpoint: Endpoint): ServiceOptions {
  return "hostname" in endpoint ? { "mail-host": endpoint.hostname } : {};
}

/** What the mailboxes need. */
export function mailCapabilities({ maildir }: ServiceOptions): Capabilities {
  return maildir === undefined ? {} : { read: [maildir], write: [maildir] };
}

/** Who may log in, and by what. */
function accountsOf(users: StoredUsers): SaslUsers {
  const scram = scramOf(users);
  const hasTokens = [...users.values()].some((user) => user.token !== undefined);
  return {
    checkPassword: async (name, password) => await checkUser(users, name, password) !== undefined,
    ...(scram !== undefined && { scram }),
    ...(hasTokens && { checkToken: (name, token) => checkToken(users, name, token) }),
  };
}

/** Builds the service. */
export function mailService(protocol: "smtp" | "lmtp", options: ServiceOptions): Service {
  const users = usersOf(options);
  const store = storeOf(options);
  const drop = new MailDrop(
    store,
    (mailbox) => users === undefined || users.has(mailbox),
    aliasesOf(options, users),
  );
  const { "tls-cert": cert, "tls-key": key, "bare-lf": bareLf = "normalize" } = options;
  if (bareLf !== "normalize" && bareLf !== "refuse" && bareLf !== "keep") {
    throw new UsageError("--bare-lf takes normalize, refuse or keep");
  }
  const accounts = users === undefined ? undefined : accountsOf(users);
  const maxBytes = amount(options, "max-size");
  const mayTake = clientRate(options);
  return {
    name: protocol,
    busy: new TextEncoder().encode("421 4.3.2 Too many clients. Try again in a moment.\r\n"),
    async handle(connection, context): Promise<void> {
      const onError = (error: unknown) => context.log?.(asShown(describeError(error)));
      await serveSmtp(connection, {
        protocol,
        name: options.name,
        maxBytes,
        bareLineBreaks: bareLf,
        tls: cert !== undefined && key !== undefined ? { cert, key } : undefined,
        isSecure: options["tls-implicit"] !== undefined,
        users: protocol === "lmtp" ? undefined : accounts,
        requireAuth: options["require-auth"] !== undefined,
        insecureAuth: options["insecure-auth"] !== undefined,
        now: () => context.now(),
        // The server ends silent sessions.
        timeoutMs: Infinity,
        beforeClosing: (say) => context.beforeClosing?.(say),
        signal: context.signal,
        sender() {
          if (mayTake(connection.remoteAddr)) return Promise.resolve();
          throw new SmtpRefusal(450, "4.7.1 too many messages in a minute; try again later");
        },
        recipient: async (address) => void await drop.mailboxes(address),
        async deliver(incoming) {
          const message = { ...incoming, text: counted(incoming.text, context.traffic) };
          const answers = protocol === "lmtp"
            ? await drop.deliverEach(message, onError)
            : await drop.deliver(message);
          const { id, from, to } = message;
          context.log?.(asShown(`${id} from <${from}> to ${addresses(to)}`));
          return answers;
        },
        onRefused({ from, to, reply: [code, text] }) {
          const whom = to.length === 0 ? "" : ` to ${addresses(to)}`;
          context.log?.(asShown(`refused with ${code} ${text}: from <${from}>${whom}`));
        },
        onError,
      });
    },
  };
}

function addresses(list: readonly string[]): string {
  return list.map((address) => `<${address}>`).join(" ");
}

/** How often each client may send; this host's own only if it was said how often. */
function clientRate(options: ServiceOptions): (client: Address) => boolean {
  const text = options["message-rate"];
  const rate = Number(text ?? DEFAULT_RATE);
  if (!(rate > 0)) throw new UsageError("--message-rate takes a number over 0, or Infinity");
  const keyOf = clientKeys();
  const buckets = new TokenBuckets({ perSecond: rate / 60, burst: rate });
  return (client) => {
    const isFree = text === undefined && !("hostname" in client && !isLoopback(client.hostname));
    return isFree || rate === Infinity || buckets.take(keyOf(client)) === "yes";
  };
}

async function* counted(
  text: AsyncIterable<Uint8Array>,
  traffic: Traffic,
): AsyncGenerator<Uint8Array> {
  for await (const piece of text) {
    traffic.received += piece.length;
    yield piece;
  }
}

function storeOf({ maildir, ...options }: ServiceOptions): MailStore {
  const quota = { maxBytes: amount(options, "quota") };
  return maildir === undefined ? new MemoryMail(quota) : new Maildir(maildir, quota);
}

/** The users; undefined where anybody has a mailbox, which is for this host only. */
function usersOf(
  { users, "mail-host": host, ...options }: ServiceOptions,
): StoredUsers | undefined {
  if (users !== undefined) return parseUsers(JSON.parse(users));
  if (host !== undefined && !isLoopback(host)) {
    throw new UsageError("without --users it takes mail of this host only: listen on 127.0.0.1");
  }
  if (options["require-auth"] !== undefined) throw new UsageError("--require-auth wants --users");
  return undefined;
}

/** Other names of mailboxes; mail to the postmaster is always taken (RFC 5321 §4.5.1). */
function aliasesOf({ aliases }: ServiceOptions, users: StoredUsers | undefined): MailAliases {
  const map = new Map<string, readonly string[]>();
  const data: unknown = aliases === undefined ? {} : JSON.parse(aliases);
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
  const [first] = users?.keys() ?? [];
  const known = map.has("postmaster") || users?.has("postmaster") !== false;
  if (first !== undefined && !known) map.set("postmaster", [first]);
  return map;
}

function amount(options: ServiceOptions, name: string): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const bytes = parseByteAmount(text);
  if (bytes === undefined || bytes === 0) {
    throw new UsageError(`--${name} wants a size, such as 25MiB`);
  }
  return bytes;
}
