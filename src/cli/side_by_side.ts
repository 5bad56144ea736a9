/**
 * Many tasks at once, their results in the order of the input.
 *
 * @module
 */

import { cleanText } from "../net/mod.ts";
import type { Context } from "./context.ts";
import { describeFailure } from "./failure.ts";

/** Tasks at once. */
const WIDTH = 16;

/**
 * Runs a task for each item, several at once, and tells results in the items' order as soon as they are
 * there. A failure is told on standard error and does not stop the others.
 *
 * @param items What to run it for; may come slowly, such as lines of standard input.
 * @param run The task.
 * @param tell Tells a result.
 * @param context Where failures are told.
 * @param command The command's name, for the failures.
 * @returns The exit status: 0, or 1 if any failed.
 */
export async function sideBySide<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  run: (item: T) => Promise<R>,
  tell: (item: T, result: R) => Promise<void>,
  context: Context,
  command: string,
): Promise<number> {
  let status = 0;
  let told: Promise<void> = Promise.resolve();
  const running = new Set<Promise<unknown>>();
  for await (const item of items) {
    const task = run(item);
    const settled = task.catch(() => {});
    running.add(settled);
    settled.finally(() => running.delete(settled));
    told = told.then(async () => {
      let result: R;
      try {
        result = await task;
      } catch (error) {
        status = 1;
        const line = `netwright: ${command}: ${describeFailure(error)}`;
        return await context.stderr.line(cleanText(line, { maxLength: 2000 }));
      }
      await tell(item, result);
    });
    told.catch(() => {});
    if (running.size >= WIDTH) await Promise.race(running);
  }
  await told;
  return status;
}
