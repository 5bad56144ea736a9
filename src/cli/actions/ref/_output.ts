/**
 * What the commands that look into tables share.
 *
 * @module
 */

import { escapeControls } from "../../../net/mod.ts";
import type { Context } from "../../command/context.ts";
import { tellLine } from "../../terminal/failure.ts";

/**
 * Tells that a table has no such entry.
 *
 * @param command The command's name.
 * @param wanted What was looked up.
 * @param context Where it is told.
 * @returns The exit status.
 */
export async function tellMissing(
  command: string,
  wanted: string,
  context: Context,
): Promise<number> {
  const shown = escapeControls(wanted, { maxLength: 80 });
  await tellLine(`there is no ${JSON.stringify(shown)}`, command, context.stderr);
  return 1;
}
