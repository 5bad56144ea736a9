/**
 * Several sessions with both sides, which share the work, try again what failed by chance, and connect anew.
 *
 * @module
 */

import { delay } from "../../net/internal.ts";
import {
  ConnectError,
  DisconnectedError,
  ReplyError,
  TimeoutError,
  UnsupportedError,
} from "../../net/mod.ts";
import { TreeError } from "../../stores/mod.ts";
import type { MirrorSession, MirrorSide } from "./side.ts";

/** A session with each side. */
export interface Lane {
  /** Where things come from. */
  readonly source: MirrorSession;
  /** Where they go. */
  readonly target: MirrorSession;
}

/** A piece of work. */
export interface LaneTask {
  /** Does it; more work may be added meanwhile. */
  run(lane: Lane, add: (task: LaneTask) => void): Promise<void>;
  /** Called with the reason of the final failure. */
  fail(error: Error): void;
}

/** How lanes work. */
export interface LaneOptions {
  /** Maximum number at once; fewer if the server allows fewer. @default {4} */
  readonly parallel?: number | undefined;
  /** How often is tried what may succeed next time. @default {5} */
  readonly tries?: number | undefined;
  /** The pause before the second try, in milliseconds; it doubles each time, up to half a minute. @default {1000} */
  readonly pauseMs?: number | undefined;
  /** Ends it all. */
  readonly signal?: AbortSignal | undefined;
  /** Called for each try that failed. */
  readonly onRetry?: ((error: Error) => void) | undefined;
}

/** The longest pause between two tries, in milliseconds. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * When lanes are opened: another one each time that work has lasted as long as opening the first one took. Logging
 * in is expensive, and work that is done by then needs no further lane.
 */
class Pace {
  #openMs: number | undefined;
  #openedAt = 0;

  /** Called with the time that opening a lane took. */
  opened(ms: number): void {
    if (this.#openMs !== undefined) return;
    this.#openMs = ms;
    this.#openedAt = performance.now();
  }

  /** How many lanes there may be. */
  get lanes(): number {
    const openMs = this.#openMs;
    if (openMs === undefined) return 1;
    return openMs < 1 ? Infinity : 1 + Math.floor((performance.now() - this.#openedAt) / openMs);
  }

  /** Milliseconds until there may be one more than that; undefined if that is not known yet. */
  untilMore(lanes: number): number | undefined {
    const openMs = this.#openMs;
    return openMs && Math.max(1, this.#openedAt + lanes * openMs - performance.now());
  }
}

/** Works in several lanes. */
export class Lanes implements AsyncDisposable {
  readonly #sides: { readonly source: MirrorSide; readonly target: MirrorSide };
  readonly #options: LaneOptions;
  /** Open lanes that nothing works in. */
  readonly #free: Lane[] = [];
  /** How many the server takes, as far as is known. */
  #most: number;
  readonly #pace = new Pace();

  /**
   * @param source Where things come from.
   * @param target Where they go.
   * @param options How many lanes, how many tries.
   */
  constructor(source: MirrorSide, target: MirrorSide, options: LaneOptions) {
    this.#sides = { source, target };
    this.#options = options;
    this.#most = Math.max(1, options.parallel ?? 4);
  }

  /**
   * Does all tasks, and those that they add.
   * @param tasks What to begin with.
   * @throws {NetwrightError} If a side cannot be reached any more; the rest stays undone.
   */
  async run(tasks: readonly LaneTask[]): Promise<void> {
    const work = new Work(tasks);
    const { signal } = this.#options;
    const stop = (): void => work.stop(signal?.reason);
    let timer: ReturnType<typeof setTimeout> | undefined;
    signal?.addEventListener("abort", stop, { once: true });
    try {
      if (signal?.aborted) stop();
      const lanes: Promise<void>[] = [];
      work.onMore = () => {
        clearTimeout(timer);
        const most = Math.min(this.#most, work.size);
        // Lanes that are open cost nothing.
        while (lanes.length < most && (this.#free.length > 0 || lanes.length < this.#pace.lanes)) {
          lanes.push(this.#drain(work));
        }
        const waitMs = lanes.length < most ? this.#pace.untilMore(lanes.length) : undefined;
        if (waitMs !== undefined) timer = setTimeout(work.onMore, waitMs);
      };
      work.onMore();
      await work.done;
      await Promise.all(lanes);
      work.onMore = () => {};
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
    if (work.reason !== undefined) throw work.reason;
  }

  /** Works until nothing is left. */
  async #drain(work: Work): Promise<void> {
    let lane: Lane | undefined = this.#free.pop();
    while (true) {
      const task = await work.next();
      if (task === undefined) break;
      try {
        lane = await this.#attempt(work, task, lane);
        work.finish();
        if (lane === undefined) return;
      } catch (error) {
        work.stop(error);
      }
    }
    if (lane !== undefined) this.#free.push(lane);
  }

  /** Tries it until it is done or hopeless; gives back the lane if it is still good. */
  async #attempt(work: Work, task: LaneTask, given: Lane | undefined): Promise<Lane | undefined> {
    let lane = given;
    const { tries = 5, signal, onRetry } = this.#options;
    for (let attempt = 1;; attempt++) {
      let isOpen = false;
      try {
        if (lane !== undefined && (lane.source.isClosed || lane.target.isClosed)) {
          await close(lane);
          lane = undefined;
        }
        if (lane === undefined) {
          const start = performance.now();
          lane = await this.#open();
          this.#pace.opened(performance.now() - start);
          work.onMore();
        }
        isOpen = true;
        await task.run(lane, (more) => work.add(more));
        return lane;
      } catch (error) {
        if (signal?.aborted || work.reason !== undefined) throw error;
        if (!isOpen && error instanceof ReplyError && work.active > 1) {
          // The server has enough of us: the other lanes do it.
          this.#most = Math.max(1, Math.min(this.#most, work.active - 1));
          work.add(task);
          return undefined;
        }
        if (attempt >= tries || !mayPass(error)) {
          if (!isOpen || !(error instanceof Error) || endsAll(error)) throw error;
          task.fail(error);
          return lane;
        }
        onRetry?.(error);
        await delay(this.#pauseMs(attempt), signal);
      }
    }
  }

  #pauseMs(attempt: number): number {
    return Math.min(LONGEST_PAUSE_MS, (this.#options.pauseMs ?? 1000) * 2 ** (attempt - 1));
  }

  async #open(): Promise<Lane> {
    const source = await this.#sides.source.open();
    try {
      return { source, target: await this.#sides.target.open() };
    } catch (error) {
      await source[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Closes all lanes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#free.splice(0).map(close));
  }
}

async function close({ source, target }: Lane): Promise<void> {
  await Promise.all([source[Symbol.asyncDispose](), target[Symbol.asyncDispose]()]);
}

/** Whether continuing is useless: the source is unavailable, the disk is full, or the program is at fault. */
function endsAll(error: Error): boolean {
  if (error instanceof TreeError) return error.kind === "full";
  return error instanceof UnsupportedError || error instanceof TypeError ||
    error instanceof RangeError;
}

/** Whether the next try may go better. */
function mayPass(error: unknown): error is Error {
  if (error instanceof ReplyError) return /^4/.test(String(error.code));
  return error instanceof ConnectError || error instanceof DisconnectedError ||
    error instanceof TimeoutError;
}

/** The tasks, and how many of them are running. */
class Work {
  readonly #tasks: LaneTask[];
  readonly #waiting: ((task: LaneTask | undefined) => void)[] = [];
  readonly #done = Promise.withResolvers<void>();
  #active = 0;
  /** Why it was stopped. */
  reason: unknown;
  /** Called when more was added. */
  onMore: () => void = () => {};

  constructor(tasks: readonly LaneTask[]) {
    this.#tasks = [...tasks].reverse();
    if (this.#tasks.length === 0) this.#done.resolve();
  }

  /** Resolves when nothing is left, or it was stopped. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** How many tasks are under way. */
  get active(): number {
    return this.#active;
  }

  /** How many tasks wait or are under way. */
  get size(): number {
    return this.#tasks.length + this.#active;
  }

  add(task: LaneTask): void {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      this.#active++;
      waiting(task);
      return;
    }
    this.#tasks.push(task);
    this.onMore();
  }

  /** The next; undefined when there will be none. */
  next(): Promise<LaneTask | undefined> {
    if (this.reason !== undefined) return Promise.resolve(undefined);
    const task = this.#tasks.pop();
    if (task !== undefined) {
      this.#active++;
      return Promise.resolve(task);
    }
    if (this.#active === 0) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** One is over. */
  finish(): void {
    this.#active--;
    if (this.#active === 0 && this.#tasks.length === 0) this.#end();
  }

  stop(reason: unknown): void {
    this.reason ??= reason ?? new Error("stopped");
    this.#end();
  }

  #end(): void {
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    this.#done.resolve();
  }
}
