/**
 * Waiting for changes (RFC 2177).
 *
 * @module
 */

import { delay } from "../../../net/internal.ts";
import { ReplyError, UsageError } from "../../../net/mod.ts";
import type { SelectedSession } from "./selected.ts";

/** How long {@link waitForChange} waits. */
export interface IdleOptions {
  /** Longest wait, in milliseconds; servers end sessions after 30 minutes. @default {540_000} */
  readonly waitMs?: number | undefined;
  /** Time between questions where the server has no IDLE, in milliseconds. @default {30_000} */
  readonly pollMs?: number | undefined;
  /** Aborting it ends the wait without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** Longest wait, in milliseconds: silence is found out within that time, and no server ends the session. */
const WAIT_MS = 540_000;
/** Time between questions, in milliseconds. */
const POLL_MS = 30_000;
/** Longest delay of a timer, in milliseconds. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Waits for a change, or for the end of the time.
 *
 * @param session The session.
 * @param options How long, and who may end it.
 * @param whenChanged Registers a callback for the next change, and returns how to undo that.
 * @returns Resolves at the first change, at the end of the time, or when another command is sent.
 */
export async function waitForChange(
  session: SelectedSession,
  options: IdleOptions,
  whenChanged: (run: () => void) => () => void,
): Promise<void> {
  const { waitMs = WAIT_MS, pollMs = POLL_MS, signal } = options;
  for (const ms of [waitMs, pollMs]) {
    if (!(ms > 0)) throw new UsageError(`a time must be a positive number, not ${ms}`);
  }
  if (signal?.aborted) return;
  const { capabilities, provider } = session;
  const canIdle = (capabilities.has("IDLE") || capabilities.has("IMAP4REV2")) &&
    !provider?.hasBrokenIdle;
  const over = Promise.withResolvers<void>();
  const end = (): void => over.resolve();
  const timer = setTimeout(end, Math.min(waitMs, MAX_DELAY_MS));
  const undo = whenChanged(end);
  signal?.addEventListener("abort", end, { once: true });
  try {
    if (canIdle && await idle(session, over)) return;
    await poll(session, over, Math.min(pollMs, MAX_DELAY_MS));
  } finally {
    clearTimeout(timer);
    undo();
    signal?.removeEventListener("abort", end);
  }
}

/** Idles; false if the server refuses. */
async function idle(
  session: SelectedSession,
  over: PromiseWithResolvers<void>,
): Promise<boolean> {
  const { connection } = session;
  const begun = Promise.withResolvers<void>();
  // Once it has begun the server may be silent: the wait has an end of its own.
  let isQuiet = false;
  let isComplete = false;
  const completed = session.execute({
    verb: "IDLE",
    alone: true,
    get quiet(): boolean {
      return isQuiet;
    },
    onQueued: over.resolve,
    onContinue() {
      isQuiet = true;
      begun.resolve();
      return Promise.resolve(undefined);
    },
  }).finally(() => isComplete = true);
  try {
    await Promise.race([begun.promise, completed]);
    await Promise.race([over.promise, completed]);
    // From here on the server must respond. Some end IDLE by themselves.
    isQuiet = false;
    if (!isComplete) await Promise.race([connection.sendLine("DONE"), completed]);
    await completed;
    return true;
  } catch (error) {
    if (error instanceof ReplyError && !connection.isClosed) return false;
    throw error;
  }
}

/** Asks now and then. */
async function poll(
  session: SelectedSession,
  over: PromiseWithResolvers<void>,
  pollMs: number,
): Promise<void> {
  const ended = new AbortController();
  void over.promise.then(() => ended.abort());
  let isAsking = false;
  const undo = session.connection.onCommand(() => {
    if (!isAsking) over.resolve();
  });
  try {
    while (!ended.signal.aborted) {
      isAsking = true;
      const asked = session.execute({ verb: "NOOP" });
      isAsking = false;
      await asked;
      if (ended.signal.aborted) return;
      await delay(pollMs, ended.signal).catch(() => {});
    }
  } finally {
    undo();
  }
}
