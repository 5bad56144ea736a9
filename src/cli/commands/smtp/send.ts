/**
 * `netwright smtp send`: writes a message and sends it (7.1 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { RESOLVER_FILE } from "../../connect/hosts_files.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";
import {
  OUTGOING_OPTIONS,
  outgoingCapabilities,
  type OutgoingPlan,
  planOutgoing,
  requireRecipients,
} from "../../mail/options.ts";
import {
  mxPort,
  planSmtp,
  SMTP_CLIENT_OPTIONS,
  type SmtpOptions,
  smtpOptions,
  type SmtpServerPlan,
} from "../../mail/smtp_options.ts";

/** The message, and the way to send it. */
export interface SendPlan {
  /** The message. */
  readonly outgoing: OutgoingPlan;
  /** To a server, to the recipients' own hosts, or to standard output only. */
  readonly way:
    | { readonly kind: "server"; readonly server: SmtpServerPlan }
    | { readonly kind: "mx"; readonly port: number } & SmtpOptions
    | { readonly kind: "print" };
  /** What that needs. */
  readonly needs: Capabilities;
}

/** The command. */
export const command: Command<SendPlan> = {
  name: "smtp send",
  summary: "send a message through a mail server",
  operands: "[URL]",
  count: { min: 0, max: 1 },
  examples: [
    "smtp send smtp://127.0.0.1:2525 --from ann@a.b --to bob@c.d < text",
    "smtp send smtps://ann@mail.a.b --message letter.eml",
  ],
  details:
    "URL is smtp://, smtps://, submission:// (port 587, STARTTLS) or lmtp://USER@HOST:PORT. " +
    "Exit status 4:\nsent, but not to all.",
  options: {
    ...OUTGOING_OPTIONS,
    mx: {
      value: "PORT",
      optionalValue: true,
      help: "no URL: deliver to the recipients' own hosts",
    },
    eml: { rare: true, help: "print the message instead of sending it" },
    ...SMTP_CLIENT_OPTIONS,
  },
  async plan(args, host) {
    const outgoing = planOutgoing(args);
    const files = outgoingCapabilities(outgoing);
    const ready = outgoing.message !== undefined;
    if (args.has("eml")) {
      if (ready) throw new UsageError("--eml and --message do not go together");
      return { outgoing, way: { kind: "print" }, needs: files };
    }
    if (!ready) {
      if (!args.has("from") && !args.has("sender")) throw new UsageError("--from is missing");
      requireRecipients(args);
    }
    if (args.has("mx")) {
      const port = mxPort(args);
      // Which hosts those are, their domains' records say; a gate keeps them from leading inwards.
      if (args.operands.length > 0) throw new UsageError("--mx and URL do not go together");
      const needs = union(
        files,
        { net: true, read: [RESOLVER_FILE] },
        await connectionCapabilities(args, host, []),
      );
      return { outgoing, way: { kind: "mx", ...smtpOptions(args), port }, needs };
    }
    const { server, needs } = await planSmtp(args, host, urlOf(args));
    return { outgoing, way: { kind: "server", server }, needs: union(files, needs) };
  },
  capabilities: ({ needs }) => needs,
};

function urlOf(args: Arguments): string {
  const [url] = args.operands;
  if (url === undefined) {
    throw new UsageError("URL is missing: the server, or --eml to print the message");
  }
  return url;
}
