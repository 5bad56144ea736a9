/**
 * `netwright pop rm`, inside the sandbox.
 *
 * @module
 */

import { escapeControls, NetwrightError } from "../../../net/mod.ts";
import type { Pop3Client } from "../../../protocols/pop3/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { RmPlan } from "../../commands/pop/rm.ts";
import { openMailbox } from "../../pop/connect.ts";
import { isInRanges } from "../../pop/options.ts";
import { EXIT, printErrorLine } from "../../terminal/failure.ts";

/** The command, in the sandbox. */
export const action: Action<RmPlan> = {
  async run(plan, context) {
    const { client, account } = await openMailbox(plan.server, context);
    await using _ = client;
    const numbers = await selected(client, account, plan);
    if (plan.dryRun) {
      await report(numbers, context);
      await client.quit();
      return EXIT.done;
    }
    const refusals = await client.delete(numbers);
    await client.quit();
    for (const { reason } of refusals) await printErrorLine(reason, "pop rm", context.stderr);
    const deleted = numbers.length - refusals.length;
    if (context.json) await context.stdout.json({ mailbox: account, deleted });
    else if (!context.quiet) await context.stderr.line(`${deleted} deleted`);
    return refusals.length === 0 ? EXIT.done : EXIT.partly;
  },
};

/** Numbers of the messages that are meant. */
async function selected(
  client: Pop3Client,
  account: string,
  { ranges, uids, all }: RmPlan,
): Promise<number[]> {
  const numbers = (await client.list()).map(({ number }) => number);
  if (all) return numbers;
  const context = { operation: "delete messages", peer: account };
  const known = new Set(numbers);
  for (const [first, last] of ranges) {
    for (const number of new Set([first, last])) {
      if (!known.has(number)) throw new NetwrightError(`message ${number} does not exist`, context);
    }
  }
  const found = new Map<string, number>();
  if (uids.length > 0) {
    for (const { number, uid } of await client.uidl()) {
      found.set(uid, number);
    }
  }
  const missing = uids.find((uid) => !found.has(uid));
  if (missing !== undefined) {
    throw new NetwrightError(`message ${escapeControls(missing)} does not exist`, context);
  }
  const named = new Set(uids.map((uid) => found.get(uid)!));
  return numbers.filter((number) =>
    named.has(number) || (ranges.length > 0 && isInRanges(ranges, number))
  );
}

async function report(numbers: readonly number[], { stdout, json }: Context): Promise<void> {
  for (const number of numbers) {
    if (json) await stdout.json({ number });
    else await stdout.line(`would delete message ${number}`);
  }
}
