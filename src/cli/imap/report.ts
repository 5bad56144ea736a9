/**
 * What `imap` commands say of messages that they have changed.
 *
 * @module
 */

import type { Context } from "../command/context.ts";

/**
 * Prints how many messages were changed.
 *
 * @param what The change, such as `deleted`.
 * @param count How many.
 * @param dryRun Whether nothing was changed.
 * @param context Where the command runs.
 */
export async function reportCount(
  what: string,
  count: number,
  dryRun: boolean,
  context: Context,
): Promise<void> {
  const { json, quiet, stdout, stderr } = context;
  if (json) await stdout.json(dryRun ? { would: what, messages: count } : { [what]: count });
  else if (dryRun) await stdout.line(`${count} would be ${what}`);
  else if (!quiet) await stderr.line(`${count} ${what}`);
}
