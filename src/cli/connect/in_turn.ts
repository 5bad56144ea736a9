/**
 * Several tasks, one after the other.
 *
 * @module
 */

import type { Context } from "../command/context.ts";
import { describeFailure, EXIT, printErrorLine } from "../terminal/failure.ts";
import { InterruptedError } from "../terminal/interrupt.ts";
import { OutputClosedError, STANDARD_OUTPUT } from "../terminal/output.ts";
import { NetwrightError } from "../../net/mod.ts";

/**
 * Runs a task for each item. A failure of one of several is reported on standard error and does not stop the others.
 *
 * @param items What to run it for.
 * @param run The task; resolves to false if it has failed and said so.
 * @param context The place for failures.
 * @param command The command's name, for the failures.
 * @returns The exit status: 0, 1 if all failed, 4 if some did.
 * @throws The error of a single item, and an error that ends the whole command.
 */
export async function inTurn<T>(
  items: readonly T[],
  run: (item: T, index: number) => Promise<void | boolean>,
  context: Context,
  command: string,
): Promise<number> {
  let failed = 0;
  for (const [index, item] of items.entries()) {
    try {
      if (await run(item, index) === false) failed++;
    } catch (error) {
      if (items.length === 1 || endsCommand(error, context)) throw error;
      failed++;
      await printErrorLine(describeFailure(error), command, context.stderr);
    }
  }
  return statusOfSome(failed, items.length);
}

/**
 * Checks whether an error ends the command, and not only one of its tasks: an interrupt, or output that is gone.
 *
 * @param error The error.
 * @param context Where the command runs.
 * @returns Whether it does.
 */
export function endsCommand(error: unknown, context: Context): boolean {
  return error instanceof InterruptedError || error instanceof OutputClosedError ||
    (error instanceof NetwrightError && error.peer === STANDARD_OUTPUT) || context.signal.aborted;
}

/**
 * Gives the exit status of several tasks.
 *
 * @param failed How many failed.
 * @param total How many there were.
 * @returns 0, 1 if all failed, 4 if some did.
 */
export function statusOfSome(failed: number, total: number): number {
  if (failed === 0) return EXIT.done;
  return failed === total ? EXIT.failed : EXIT.partly;
}
