/**
 * `netwright smtp verify`: what a mail server offers and whom it would take mail for, step by step (7.1).
 *
 * @module
 */

import { type Capabilities, formatEndpoint, ReplyError, UsageError } from "../../../net/mod.ts";
import { SmtpClient } from "../../../protocols/smtp/mod.ts";
import type { Command } from "../../command/command.ts";
import { EXIT } from "../../terminal/failure.ts";
import {
  parseSmtpUrl,
  SMTP_CLIENT_OPTIONS,
  smtpCapabilities,
  smtpClientOptions,
} from "../../mail/smtp_connect.ts";
import { SmtpSteps } from "../../mail/smtp_steps.ts";

const { chunking: _, ...OPTIONS } = SMTP_CLIENT_OPTIONS;

/** The command. */
export const command: Command = {
  name: "smtp verify",
  summary: "what a mail server offers, and whom it takes mail for",
  operands: "URL [ADDRESS…]",
  count: { min: 1, max: Infinity },
  examples: [
    "smtp verify smtp://mx.example.org ann@example.org",
    "smtp verify submission://ann@mail.example.org --password-file f",
  ],
  details:
    "No mail is sent. Exit status 4: some addresses are refused, 1: all, or an earlier step.",
  options: {
    from: { value: "ADDRESS", help: "the sender in the envelope; none if absent (<>)" },
    size: { value: "BYTES", help: "ask for a message of this size" },
    vrfy: { help: "ask by VRFY instead of an envelope" },
    ...OPTIONS,
  },
  async capabilities(args, host): Promise<Capabilities> {
    const [url = ""] = args.operands;
    return await smtpCapabilities(args, host, parseSmtpUrl(url));
  },
  async run(args, context) {
    const [url = "", ...addresses] = args.operands;
    const size = args.bytes("size");
    if (size !== undefined && args.has("vrfy")) throw new UsageError("--size needs an envelope");
    const target = parseSmtpUrl(url);
    const options = await smtpClientOptions(target, args, context);
    const steps = new SmtpSteps(args.has("json") ? undefined : context.stdout);
    steps.begin(`connect to ${formatEndpoint(target.endpoint)}`);
    try {
      await using client = await SmtpClient.connect({
        ...options,
        transcript: steps.transcript(options.transcript),
        onTls: (session) => steps.tls(session),
      });
      if (args.has("vrfy")) {
        for (const address of addresses) await client.verify(address).catch(toldAlready);
      } else if (addresses.length > 0 || args.has("from")) {
        // A sender alone is asked with an address that every server must know (RFC 5321 §4.5.1).
        const to = addresses.length > 0 ? addresses : ["postmaster"];
        await client.probe({ from: args.value("from") ?? "", to }, size);
      }
      await client.quit();
    } finally {
      await steps.end();
      if (args.has("json")) { for (const step of steps.report()) await context.stdout.json(step); }
    }
    const { refused, accepted } = steps;
    return refused === 0 ? EXIT.done : accepted === 0 ? EXIT.failed : EXIT.partly;
  },
};

/** A refusal is among the steps. */
function toldAlready(error: unknown): void {
  if (!(error instanceof ReplyError)) throw error;
}
