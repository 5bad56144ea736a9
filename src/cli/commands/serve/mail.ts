/**
 * `netwright serve mail`: a whole mail server (7.5, 8.4 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { bothBrokers, NO_BROKER } from "../../command/broker.ts";
import type { Command } from "../../command/command.ts";
import type { OptionSpecs } from "../../command/option_spec.ts";
import { SERVE_OPTIONS } from "../../serving/serve_options.ts";
import { requireService } from "../../serving/require_service.ts";
import { planServing, type ServePlan } from "../../serving/serve_plan.ts";
import { servingBroker, servingCapabilities } from "../../serving/serving_scope.ts";

/** The servers. */
export interface MailServersPlan {
  /** One for each protocol. */
  readonly servers: readonly ServePlan[];
}

/** The protocols and their usual ports. */
const PROTOCOLS = { smtp: 2525, lmtp: 2424, pop3: 1110, imap: 1143 } as const;

/** Options of `serve` that all of the servers take. */
const COMMON = [
  "model",
  "max-connections",
  "max-per-client",
  "client-prefix",
  "proxy-protocol",
  "when-full",
  "idle-timeout",
  "session-timeout",
  "grace",
  "daemon",
  "debug",
  "pid-file",
  "user",
  "group",
  "umask",
  "unit",
  "log",
  "log-facility",
  "log-format",
  "log-socket",
  "tls-cert",
  "tls-key",
];

/** The command. */
export const command: Command<MailServersPlan> = {
  name: "serve mail",
  summary: "run a mail server: SMTP, LMTP, POP3, IMAP",
  operands: "",
  count: { min: 0, max: 0 },
  examples: [
    "serve mail --maildir mail --any-password",
    "serve mail --maildir mail --users users.yaml --listen 0.0.0.0",
  ],
  details:
    "All serve the same mailboxes: a Maildir++ for each user, which other programs may use too. With\n" +
    "a certificate clients may start TLS. serve smtp, lmtp, pop3 and imap have more options.",
  options: {
    maildir: { value: "DIR", help: "the mailboxes" },
    users: { value: "FILE", help: "lines 'NAME: HASH' by netwright password" },
    "any-password": { help: "take any name and password; for tests on this host" },
    listen: { short: "l", value: "HOST", help: "where all listen (default 127.0.0.1)" },
    ...Object.fromEntries(
      Object.entries(PROTOCOLS).map(([name, port]) => [name, {
        value: "PORT",
        help: `port of ${name.toUpperCase()} (default ${port}); - leaves it out`,
      }]),
    ),
    aliases: { value: "FILE", rare: true, help: "lines 'ALIAS: MAILBOX' (YAML)" },
    name: { value: "HOST", rare: true, help: "the server's name (default localhost)" },
    "max-size": { value: "SIZE", rare: true, help: "largest message (default 25MiB)" },
    quota: { value: "SIZE", rare: true, help: "how much a user may keep" },
    "require-auth": { rare: true, help: "SMTP takes mail only of those who logged in" },
    "insecure-auth": { rare: true, help: "take passwords in clear text" },
    ...pick(SERVE_OPTIONS, COMMON),
  },
  plan,
  capabilities: ({ servers }) =>
    servers.map(servingCapabilities).reduce((all, one) => union(all, one), {}),
  brokered: ({ servers }) => servers.map(servingBroker).reduce(bothBrokers, NO_BROKER),
};

/** Some options; most users need few of them. */
function pick(options: OptionSpecs, names: readonly string[]): OptionSpecs {
  return Object.fromEntries(names.map((name) => [name, {
    ...options[name]!,
    rare: !name.startsWith("tls-"),
  }]));
}

async function plan(args: Arguments): Promise<MailServersPlan> {
  if (args.value("maildir") === undefined) throw new UsageError("--maildir is missing");
  const host = args.value("listen") ?? "127.0.0.1";
  const servers: ServePlan[] = [];
  for (const [name, usual] of Object.entries(PROTOCOLS)) {
    const port = args.value(name) ?? `${usual}`;
    if (port === "-") continue;
    if (!/^\d{1,5}$/.test(port)) throw new UsageError(`--${name} takes a port, or - for none`);
    const service = await requireService(name);
    const listen = `${/:.*:/.test(host) && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
    servers.push(planServing(args, service, undefined, listen));
  }
  if (servers.length === 0) throw new UsageError("no protocol is left to serve");
  return { servers };
}
