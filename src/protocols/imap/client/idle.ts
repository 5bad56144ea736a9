/**
 * Waiting for changes (RFC 2177).
 *
 * @module
 */

import { delay } from "../../../net/internal.ts";
import { ReplyError } from "../../../net/mod.ts";
import type { ImapSession } from "./session.ts";

/** Longest wait, in milliseconds: silence is found out within that time, and no server ends the session. */
const WAIT_MS = 540_000;
/** Time between questions, in milliseconds. */
const POLL_MS = 30_000;

/** One wait. */
export class Idle {
  readonly #session: ImapSession;
  readonly #whenChanged: (run: () => void) => () => void;

  /**
   * Prepares a wait.
   * @param session The session.
   * @param whenChanged Registers what is called at a change, and returns how to undo that.
   */
  constructor(session: ImapSession, whenChanged: (run: () => void) => () => void) {
    this.#session = session;
    this.#whenChanged = whenChanged;
  }

  /**
   * Waits.
   * @param options How long, and who may end it.
   * @returns Resolves at the first change, at the end of the time, or when another command is sent.
   */
  async wait(
    options: {
      readonly waitMs?: number | undefined;
      readonly pollMs?: number | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<void> {
    const { waitMs = WAIT_MS, pollMs = POLL_MS, signal } = options;
    const { capabilities, provider } = this.#session;
    const canIdle = (capabilities.has("IDLE") || capabilities.has("IMAP4REV2")) &&
      !provider?.hasBrokenIdle;
    if (signal?.aborted) return;
    const over = Promise.withResolvers<void>();
    const end = (): void => over.resolve();
    const timer = setTimeout(end, waitMs);
    const undo = this.#whenChanged(end);
    signal?.addEventListener("abort", end, { once: true });
    try {
      if (!canIdle || !await this.#idle(over.promise)) await this.#poll(over.promise, pollMs);
    } finally {
      clearTimeout(timer);
      undo();
      signal?.removeEventListener("abort", end);
    }
  }

  /** Resolves to false if the server refuses. */
  async #idle(over: Promise<void>): Promise<boolean> {
    const { connection } = this.#session;
    const begun = Promise.withResolvers<void>();
    const queued = Promise.withResolvers<void>();
    connection.onQueued = () => queued.resolve();
    // Once it has begun the server may be silent: the wait has an end of its own.
    let isQuiet = false;
    const completed = connection.execute({
      verb: "IDLE",
      alone: true,
      get quiet(): boolean {
        return isQuiet;
      },
      onContinue() {
        isQuiet = true;
        begun.resolve();
        return Promise.resolve(undefined);
      },
    });
    completed.catch(() => {});
    try {
      await Promise.race([begun.promise, completed]);
      await Promise.race([over, queued.promise, completed]);
      // Only an IDLE that has begun can be ended; from here on the server must respond.
      isQuiet = false;
      await Promise.race([connection.sendLine("DONE"), completed]);
      await completed;
      return true;
    } catch (error) {
      if (error instanceof ReplyError && !connection.isClosed) return false;
      throw error;
    } finally {
      connection.onQueued = undefined;
    }
  }

  async #poll(over: Promise<void>, pollMs: number): Promise<void> {
    const ended = new AbortController();
    void over.then(() => ended.abort());
    while (!ended.signal.aborted) {
      await this.#session.connection.execute({ verb: "NOOP" });
      if (ended.signal.aborted) return;
      await delay(pollMs, ended.signal).catch(() => {});
    }
  }
}
