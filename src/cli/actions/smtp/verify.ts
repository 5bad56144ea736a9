/**
 * `netwright smtp verify`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { formatEndpoint, ReplyError, UsageError } from "../../../net/mod.ts";
import { SmtpClient } from "../../../protocols/smtp/mod.ts";
import { EXIT } from "../../terminal/failure.ts";
import { smtpClientOptions } from "../../mail/smtp_connect.ts";
import { parseSmtpUrl } from "../../mail/smtp_options.ts";
import { SmtpSteps } from "../../mail/smtp_steps.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const [url = "", ...addresses] = args.operands;
    const size = args.bytes("size");
    if (size !== undefined && args.has("vrfy")) throw new UsageError("--size needs an envelope");
    const target = parseSmtpUrl(url);
    const options = await smtpClientOptions(target, args, context);
    const steps = new SmtpSteps(context.json ? undefined : context.stdout);
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
      if (context.json) { for (const step of steps.report()) await context.stdout.json(step); }
    }
    const { refused, accepted } = steps;
    return refused === 0 ? EXIT.done : accepted === 0 ? EXIT.failed : EXIT.partly;
  },
});

/** A refusal is among the steps. */
function toldAlready(error: unknown): void {
  if (!(error instanceof ReplyError)) throw error;
}
