/**
 * `netwright smtp send`: writes a message and sends it (7.1 of the book's list).
 *
 * @module
 */

import { type Capabilities, union, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { RESOLVER_FILE } from "../../connect/hosts_files.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";
import { OUTGOING_OPTIONS, outgoingCapabilities, requireRecipients } from "../../mail/options.ts";
import {
  mxPort,
  parseSmtpUrl,
  SMTP_CLIENT_OPTIONS,
  smtpCapabilities,
} from "../../mail/smtp_options.ts";

/** The command. */
export const command = commandByArguments({
  name: "smtp send",
  summary: "write a message, and send it by a mail server",
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
  async capabilities(args, host): Promise<Capabilities> {
    const files = outgoingCapabilities(args);
    const ready = args.has("message");
    if (args.has("eml")) {
      if (ready) throw new UsageError("--eml and --message do not go together");
      return files;
    }
    if (!ready) {
      if (!args.has("from") && !args.has("sender")) throw new UsageError("--from is missing");
      requireRecipients(args);
    }
    if (args.has("mx")) {
      mxPort(args);
      // Which hosts those are, their domains' records say; a gate keeps them from leading inwards.
      if (args.operands.length > 0) throw new UsageError("--mx and URL do not go together");
      return union(
        files,
        { net: true, read: [RESOLVER_FILE] },
        await connectionCapabilities(args, host, []),
      );
    }
    return union(files, await smtpCapabilities(args, host, parseSmtpUrl(urlOf(args))));
  },
});

export function urlOf(args: Arguments): string {
  const [url] = args.operands;
  if (url === undefined) {
    throw new UsageError("URL is missing: the server, or --eml to print the message");
  }
  return url;
}
