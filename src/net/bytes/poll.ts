/**
 * Waiting for several sources at once (16 of the book's list), as poll(2) does.
 *
 * @module
 */

import { Deadline, type WaitOptions } from "../core/deadline.ts";
import { TimeoutError } from "../core/errors.ts";

/** Something that {@link poll} can wait for: a reader, or a {@link PendingCall}. */
export interface Pollable {
  /**
   * Whether there is something to take.
   * @returns Undefined if there is; else what resolves when there may be, the same promise until then.
   */
  ready(): Promise<void> | undefined;
}

/**
 * A call that is pending until its outcome is taken, then made again: accepting connections, receiving
 * datagrams, waiting for a program, writing a piece. Its outcome is kept until it is taken, so
 * a poll whose time is over loses nothing.
 *
 * @example The first event, a client or a datagram
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/testing";
 * import { PendingCall, poll } from "@netwright/netwright/net";
 * const network = memoryNetwork();
 * using listener = network.listen({ port: 7 });
 * const clients = new PendingCall(() => listener.accept());
 * if ((await poll([clients], { timeoutMs: 5 })).length !== 0) throw new Error("no client yet");
 * using client = await network.connect({ port: 7 });
 * const [first] = await poll([clients], { timeoutMs: 1000 });
 * if (first !== clients) throw new Error("no client");
 * using connection = clients.take();
 * ```
 */
export class PendingCall<Outcome> implements Pollable {
  readonly #call: () => Promise<Outcome>;
  #pending: Promise<void> | undefined;
  #outcome: { readonly value: Outcome } | { readonly error: unknown } | undefined;

  /**
   * Nothing is called before the first poll.
   * @param call Begins it.
   */
  constructor(call: () => Promise<Outcome>) {
    this.#call = call;
  }

  /** As {@link Pollable} says; begins the call if none is under way. */
  ready(): Promise<void> | undefined {
    if (this.#outcome !== undefined) return undefined;
    this.#pending ??= this.#call().then((value) => {
      this.#outcome = { value };
    }, (error) => {
      this.#outcome = { error };
    });
    return this.#pending;
  }

  /**
   * Takes the outcome; the next poll makes the call again.
   * @returns The call's result; undefined if it is pending.
   * @throws The call's error.
   */
  take(): Outcome | undefined {
    const outcome = this.#outcome;
    if (outcome === undefined) return undefined;
    this.#outcome = this.#pending = undefined;
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }
}

/**
 * Waits until at least one of several sources is ready.
 *
 * A source stays ready until its bytes or outcome are taken: bytes with `takeLine()`, `available` or a read, an
 * outcome with `take()`. A reader that has ended is ready for good.
 *
 * @param sources What to wait for.
 * @param options How long; with `timeoutMs: 0` it only looks. Without options it waits for ever.
 * @returns All sources that are ready, in the order given; none if the time passed first.
 * @throws The reason of the signal, if it was aborted.
 *
 * @example Two connections, whichever speaks first
 * ```ts
 * import { type Connection, LineReader, poll } from "@netwright/netwright/net";
 * async function firstLine(one: Connection, other: Connection): Promise<string | undefined> {
 *   const readers = [new LineReader(one), new LineReader(other)];
 *   const [first] = await poll(readers, { timeoutMs: 10_000 });
 *   return await first?.readLine();
 * }
 * ```
 */
export async function poll<Source extends Pollable>(
  sources: Iterable<Source>,
  options: WaitOptions = {},
): Promise<Source[]> {
  const all = [...sources];
  options.signal?.throwIfAborted();
  const look = (): Source[] => all.filter((source) => source.ready() === undefined);
  let ready = look();
  if (ready.length > 0 || options.timeoutMs === 0) return ready;
  using deadline = new Deadline(options, { operation: "poll" });
  while (ready.length === 0) {
    const wake = Promise.withResolvers<void>();
    const pending = all.map((source) => source.ready()).filter((promise) => promise !== undefined);
    for (const promise of pending) watchersOf(promise).add(wake.resolve);
    try {
      if (pending.length === all.length) await deadline.wait(wake.promise, () => {});
    } catch (error) {
      if (error instanceof TimeoutError) return look();
      throw error;
    } finally {
      for (const promise of pending) watchersOf(promise).delete(wake.resolve);
    }
    ready = look();
  }
  return ready;
}

/** A silent source is polled again and again: its promise gets one reaction, not one for each poll. */
const watchers = new WeakMap<Promise<void>, Set<() => void>>();

function watchersOf(promise: Promise<void>): Set<() => void> {
  let set = watchers.get(promise);
  if (set === undefined) {
    const made = set = new Set<() => void>();
    watchers.set(promise, made);
    const wake = (): void => made.forEach((run) => run());
    promise.then(wake, wake);
  }
  return set;
}
