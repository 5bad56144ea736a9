/**
 * Waiting for nothing but time.
 *
 * @module
 */

import { Deadline } from "./deadline.ts";

/**
 * Waits.
 *
 * @param ms How long, in milliseconds.
 * @param signal Ends the wait.
 * @throws The signal's reason.
 */
export async function delay(ms: number, signal?: AbortSignal): Promise<void> {
  using deadline = new Deadline({ signal }, { operation: "wait" });
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await deadline.wait(promise, resolve);
  } finally {
    clearTimeout(timer);
  }
}
