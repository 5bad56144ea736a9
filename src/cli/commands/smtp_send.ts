/**
 * `netwright smtp send`: writes a message and sends it (7.1 of the book's list).
 *
 * @module
 */

import { composeMessage, partBytes, recipientsOf, writePart } from "../../mime/mod.ts";
import { type Capabilities, union, UsageError } from "../../net/mod.ts";
import {
  deliver,
  type DsnNotify,
  type Envelope,
  type RecipientResult,
  SmtpClient,
} from "../../protocols/smtp/mod.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { describeFailure, EXIT } from "../failure.ts";
import { connectionCapabilities } from "../connecting.ts";
import { addressesOf, DRAFT_OPTIONS, draftCapabilities, draftOf } from "../mail_draft.ts";
import {
  deliveryOptions,
  mxPort,
  parseSmtpUrl,
  SMTP_CLIENT_OPTIONS,
  smtpCapabilities,
  smtpClientOptions,
} from "../smtp_connecting.ts";

/** The command. */
export const command: Command = {
  name: "smtp send",
  summary: "write a message, and send it by a mail server",
  operands: "[URL]",
  count: { min: 0, max: 1 },
  examples: [
    "smtp send smtp://127.0.0.1:2525 --from ann@a.b --to bob@c.d < text",
    "smtp send --eml --from ann@a.b --to bob@c.d -a e.pdf > letter.eml",
  ],
  details:
    "URL is smtp://, smtps://, submission:// (port 587, STARTTLS) or lmtp://USER@HOST:PORT. " +
    "Exit status 4:\nsent, but not to all.",
  options: {
    ...DRAFT_OPTIONS,
    mx: {
      value: "PORT",
      optionalValue: true,
      help: "no URL: deliver to the recipients' own hosts",
    },
    eml: { help: "print the message instead of sending it" },
    dsn: { value: "WHEN", rare: true, help: "reports: never, or success,failure,delay" },
    ...SMTP_CLIENT_OPTIONS,
  },
  async capabilities(args, host): Promise<Capabilities> {
    const files = draftCapabilities(args);
    if (args.has("eml")) return files;
    envelopeOf(args);
    if (args.has("mx")) {
      mxPort(args);
      // Which hosts those are, their domains' records say; a gate keeps them from leading inwards.
      if (args.operands.length > 0) throw new UsageError("--mx and URL do not go together");
      return union(files, { net: true }, await connectionCapabilities(args, host, []));
    }
    return union(files, await smtpCapabilities(args, host, parseSmtpUrl(urlOf(args))));
  },
  async run(args, context) {
    const draft = await draftOf(args, context);
    const part = composeMessage(draft);
    if (args.has("mx")) return await deliverByMx(await partBytes(part), args, context);
    const message = writePart(part);
    if (args.has("eml")) {
      for await (const piece of message) await context.stdout.peerBytes(piece);
      return;
    }
    const options = await smtpClientOptions(parseSmtpUrl(urlOf(args)), args, context);
    await using client = await SmtpClient.connect(options);
    const { accepted, rejected, reply } = await client.send({
      envelope: envelopeOf(args),
      message,
    });
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
  message: Uint8Array,
  args: Arguments,
  context: Context,
): Promise<number> {
  const options = await deliveryOptions(args, context, recipientsOf(addressesOf(args)));
  const deliveries = await deliver(options, envelopeOf(args), message);
  for (const { address, exchanger, reply, error, isFinal } of deliveries) {
    const reason = error === undefined ? undefined : describeFailure(error);
    if (args.has("json")) {
      await context.stdout.json({ address, exchanger, reply, error: reason, isFinal });
    } else if (reason !== undefined) await context.stderr.line(`${address}: not sent: ${reason}`);
    else if (!args.has("quiet")) {
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

function envelopeOf(args: Arguments): Envelope {
  const addresses = addressesOf(args);
  const to = recipientsOf(addresses);
  const [from] = addresses.from;
  if (from === undefined) throw new UsageError("--from is missing");
  if (to.length === 0) throw new UsageError("--to is missing");
  const notify = dsnOf(args.value("dsn"));
  return {
    from: from.address,
    to: notify === undefined ? to : to.map((address) => ({ address, notify })),
  };
}

function dsnOf(text: string | undefined): readonly DsnNotify[] | "never" | undefined {
  if (text === undefined || text === "never") return text;
  return text.split(",").map((word) => {
    if (word === "success" || word === "failure" || word === "delay") return word;
    throw new UsageError("--dsn takes never, or a list of success, failure, delay");
  });
}
