/**
 * Many tasks at once, their results in the order of the input.
 *
 * @module
 */

import type { Context } from "../command/context.ts";
import { endsCommand, statusOfSome } from "./in_turn.ts";
import { describeFailure, printErrorLine } from "../terminal/failure.ts";
import { Progress } from "../terminal/progress.ts";

/** Tasks at once, unless it is said otherwise. */
const WIDTH = 16;

/** How tasks are run. */
export interface MapConcurrentOptions {
  /** How many at once. @default {16} */
  readonly width?: number;
  /** The progress that the task itself shows. @default {one that counts items} */
  readonly progress?: Progress;
}

/**
 * Runs a task for each item, several at once, and reports results in the items' order, without waiting for later ones.
 * A failure is reported on standard error and does not stop the others.
 *
 * @param items What to run it for; may come slowly, such as lines of standard input.
 * @param run The task.
 * @param report Called with each result.
 * @param context The place for failures.
 * @param command The command's name, for the failures.
 * @param options How many at once, and whether the task shows progress itself.
 * @returns The exit status: 0, 1 if all failed, 4 if some did.
 */
export async function mapConcurrent<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  run: (item: T) => Promise<R>,
  report: (item: T, result: R) => Promise<void>,
  context: Context,
  command: string,
  { width = WIDTH, progress: shown }: MapConcurrentOptions = {},
): Promise<number> {
  const total = Array.isArray(items) ? items.length : undefined;
  using progress = shown === undefined
    ? new Progress(context, { label: command, unit: "hosts", total })
    : undefined;
  let [count, failed] = [0, 0];
  let isOver = false;
  let reported: Promise<void> = Promise.resolve();
  const running = new Set<Promise<unknown>>();
  for await (const item of items) {
    if (isOver) break;
    count++;
    const task = run(item);
    const settled = task.catch(() => {});
    running.add(settled);
    settled.finally(() => running.delete(settled));
    reported = reported.then(async () => {
      let result: R;
      progress?.add(1);
      try {
        result = await task;
      } catch (error) {
        shown?.hide();
        if (endsCommand(error, context)) throw error;
        failed++;
        return await printErrorLine(describeFailure(error), command, context.stderr);
      }
      shown?.hide();
      await report(item, result);
    });
    reported.catch(() => {
      isOver = true;
    });
    if (running.size >= width) await Promise.race(running);
  }
  await reported;
  return statusOfSome(failed, count);
}
