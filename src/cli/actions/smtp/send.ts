/**
 * `netwright smtp send`, inside the sandbox.
 *
 * @module
 */

import type { SendPlan } from "../../commands/smtp/send.ts";
import { composeMessage, recipientsOf } from "../../../mime/mod.ts";
import { toBytes } from "../../../net/internal.ts";
import {
  deliver,
  type DeliveryOptions,
  type RecipientResult,
  SmtpClient,
} from "../../../protocols/smtp/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import { describeFailure, EXIT } from "../../terminal/failure.ts";
import { addressesOf, draftOf, writeMessage } from "../../mail/draft.ts";
import { MAX_MESSAGE } from "../../mail/input.ts";
import {
  oddities,
  type OutgoingMessage,
  outgoingMessage,
  readAhead,
} from "../../mail/outgoing_message.ts";
import { deliveryOptions, smtpClientOptions } from "../../mail/smtp_connect.ts";

/** The command, in the sandbox. */
export const action: Action<SendPlan> = {
  async run({ outgoing: plan, way }, context) {
    if (way.kind === "print") {
      return await writeMessage(composeMessage(await draftOf(plan.draft, context)), context);
    }
    const outgoing = await outgoingMessage(plan, context);
    if (outgoing === undefined) {
      // As at the end of a pipe whose beginning had nothing to answer.
      if (!context.quiet) await context.stderr.line("no message: nothing was sent");
      return;
    }
    if (way.kind === "mx") {
      // Only recipients on the command line were named by the user.
      const named = recipientsOf(addressesOf(plan.draft));
      return await deliverByMx(outgoing, await deliveryOptions(way, context, named), context);
    }
    const options = await smtpClientOptions(way.server, context);
    await using client = await SmtpClient.connect(way.server.target.endpoint, options);
    const takesUtf8 = client.extensions.all.has("SMTPUTF8");
    const { envelope, pieces } = takesUtf8 ? outgoing : outgoing.inAscii ?? outgoing;
    const message = await readAhead(pieces);
    if (message instanceof Uint8Array && !context.quiet) {
      for (const line of oddities(message)) await context.stderr.line(line);
    }
    const { accepted, rejected, reply } = await client.send({ envelope, message });
    if (context.json) await context.stdout.json({ accepted, rejected, reply });
    else {
      if (!context.quiet) {
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

/** Delivers to each recipient's own host, and reports the result for each. */
async function deliverByMx(
  outgoing: OutgoingMessage,
  options: DeliveryOptions,
  context: Context,
): Promise<number> {
  // Not every host on the way takes UTF-8 in headers.
  const { envelope, pieces } = outgoing.inAscii ?? outgoing;
  const deliveries = await deliver(envelope, await toBytes(pieces, MAX_MESSAGE), options);
  for (const { address, exchanger, reply, error, isFinal } of deliveries) {
    const reason = error === undefined ? undefined : describeFailure(error);
    if (context.json) {
      await context.stdout.json({ address, exchanger, reply, error: reason, isFinal });
    } else if (reason !== undefined) {
      const later = isFinal ? "" : "; it may be sent later";
      await context.stderr.line(`${address}: not sent: ${reason}${later}`);
    } else if (!context.quiet) {
      await context.stderr.line(`${address}: sent to ${exchanger} (${reply?.text})`);
    }
  }
  const sent = deliveries.filter(({ error }) => error === undefined).length;
  return sent === deliveries.length ? EXIT.done : sent > 0 ? EXIT.partly : EXIT.failed;
}

function shown({ address, reply }: RecipientResult): string {
  return `${address}: ${reply.code < 300 ? "sent" : `refused, ${reply.code}`}`;
}
