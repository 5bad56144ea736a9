/**
 * `netwright smtp verify`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { VerifyPlan } from "../../commands/smtp/verify.ts";
import { formatEndpoint, ReplyError } from "../../../net/mod.ts";
import { SmtpClient } from "../../../protocols/smtp/mod.ts";
import { EXIT } from "../../terminal/failure.ts";
import { smtpClientOptions } from "../../mail/smtp_connect.ts";
import { SmtpSteps } from "../../mail/smtp_steps.ts";

/** The command, in the sandbox. */
export const action: Action<VerifyPlan> = {
  async run({ server, addresses, from, size, vrfy }, context) {
    const options = await smtpClientOptions(server, context);
    const steps = new SmtpSteps(context.json ? undefined : context.stdout);
    steps.begin(`connect to ${formatEndpoint(server.target.endpoint)}`);
    try {
      await using client = await SmtpClient.connect(server.target.endpoint, {
        ...options,
        transcript: steps.transcript(options.transcript),
        onTls: (session) => steps.tls(session),
      });
      if (vrfy) {
        for (const address of addresses) await client.verify(address).catch(isReported);
      } else if (addresses.length > 0 || from !== undefined) {
        // A sender alone is asked with an address that every server must know (RFC 5321 §4.5.1).
        const to = addresses.length > 0 ? addresses : ["postmaster"];
        await client.probe({ from: from ?? "", to }, size);
      }
      await client.quit();
    } finally {
      await steps.end();
      if (context.json) { for (const step of steps.report()) await context.stdout.json(step); }
    }
    const { refused, accepted } = steps;
    return refused === 0 ? EXIT.done : accepted === 0 ? EXIT.failed : EXIT.partly;
  },
};

/** A refusal is among the steps. */
function isReported(error: unknown): void {
  if (!(error instanceof ReplyError)) throw error;
}
