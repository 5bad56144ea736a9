/**
 * The common part of commands that look up tables.
 *
 * @module
 */

import { escapeControls } from "../../../net/mod.ts";
import type { Context } from "../../command/context.ts";
import { printErrorLine } from "../../terminal/failure.ts";

/**
 * Reports that a table has no such entry.
 *
 * @param command The command's name.
 * @param requested The entry.
 * @param context The place for the report.
 * @returns 1: the exit status, or one entry that is missing.
 */
export async function reportMissing(
  command: string,
  requested: string,
  context: Context,
): Promise<number> {
  const shown = escapeControls(requested, { maxLength: 80 });
  await printErrorLine(`there is no ${JSON.stringify(shown)}`, command, context.stderr);
  return 1;
}
