/**
 * `netwright smtp send`: writes a message and sends it (7.1 of the book's list).
 *
 * @module
 */

import { composeMessage, recipientsOf } from "../../../mime/mod.ts";
import { type Capabilities, readBytes, union, UsageError } from "../../../net/mod.ts";
import { deliver, type RecipientResult, SmtpClient } from "../../../protocols/smtp/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import type { Context } from "../../command/context.ts";
import { RESOLVER_FILE } from "../../connect/hosts_files.ts";
import { describeFailure, EXIT } from "../../terminal/failure.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";
import { addressesOf, draftOf, writeMessage } from "../../mail/draft.ts";
import { MAX_MESSAGE } from "../../mail/input.ts";
import {
  draftEnvelope,
  oddities,
  OUTGOING_OPTIONS,
  outgoingCapabilities,
  type OutgoingMessage,
  outgoingMessage,
  readAhead,
} from "../../mail/outgoing_message.ts";
import {
  deliveryOptions,
  mxPort,
  parseSmtpUrl,
  SMTP_CLIENT_OPTIONS,
  smtpCapabilities,
  smtpClientOptions,
} from "../../mail/smtp_connect.ts";

/** The command. */
export const command: Command = {
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
    if (!ready) draftEnvelope(args);
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
  async run(args, context) {
    if (args.has("eml")) {
      return await writeMessage(composeMessage(await draftOf(args, context)), context);
    }
    const outgoing = await outgoingMessage(args, context);
    if (outgoing === undefined) {
      // As at the end of a pipe whose beginning had nothing to answer.
      if (!args.has("quiet")) await context.stderr.line("no message: nothing was sent");
      return;
    }
    if (args.has("mx")) return await deliverByMx(outgoing, args, context);
    const options = await smtpClientOptions(parseSmtpUrl(urlOf(args)), args, context);
    await using client = await SmtpClient.connect(options);
    const takesUtf8 = client.extensions.all.has("SMTPUTF8");
    const { envelope, pieces } = takesUtf8 ? outgoing : outgoing.inAscii ?? outgoing;
    const message = await readAhead(pieces);
    if (message instanceof Uint8Array && !args.has("quiet")) {
      for (const line of oddities(message)) await context.stderr.line(line);
    }
    const { accepted, rejected, reply } = await client.send({ envelope, message });
    if (args.has("json")) await context.stdout.json({ accepted, rejected, reply });
    else {
      if (!args.has("quiet")) {
        for (const result of accepted) {
          await context.stderr.line(`${shown(result)} (${reply.text})`);
        }
      }
      for (const result of rejected) {
        await context.stderr.line(`${shown(result)}: ${result.reply.text}`);
      }
    }
    return rejected.length > 0 ? EXIT.partly : EXIT.done;
  },
};

/** Delivers to each recipient's own host, and tells of each. */
async function deliverByMx(
  outgoing: OutgoingMessage,
  args: Arguments,
  context: Context,
): Promise<number> {
  // Only who stands on the command line was named by whoever typed it.
  const options = await deliveryOptions(args, context, recipientsOf(addressesOf(args)));
  // Not every host on the way takes UTF-8 in headers.
  const { envelope, pieces } = outgoing.inAscii ?? outgoing;
  const deliveries = await deliver(options, envelope, await readBytes(pieces, MAX_MESSAGE));
  for (const { address, exchanger, reply, error, isFinal } of deliveries) {
    const reason = error === undefined ? undefined : describeFailure(error);
    if (args.has("json")) {
      await context.stdout.json({ address, exchanger, reply, error: reason, isFinal });
    } else if (reason !== undefined) {
      const later = isFinal ? "" : "; it may be sent later";
      await context.stderr.line(`${address}: not sent: ${reason}${later}`);
    } else if (!args.has("quiet")) {
      await context.stderr.line(`${address}: sent to ${exchanger} (${reply?.text})`);
    }
  }
  const sent = deliveries.filter(({ error }) => error === undefined).length;
  return sent === deliveries.length ? EXIT.done : sent > 0 ? EXIT.partly : EXIT.failed;
}

function shown({ address, reply }: RecipientResult): string {
  return `${address}: ${reply.code < 300 ? "sent" : `refused, ${reply.code}`}`;
}

function urlOf(args: Arguments): string {
  const [url] = args.operands;
  if (url === undefined) {
    throw new UsageError("URL is missing: the server, or --eml to print the message");
  }
  return url;
}
