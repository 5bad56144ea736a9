/**
 * Waits for many descriptors at once by the system's own `epoll`, in one thread of the pool.
 *
 * @module
 */

import { UnsupportedError } from "../../net/mod.ts";
import {
  closeSocket,
  POLL_ENTRY_BYTES as ENTRY_BYTES,
  pollHere,
  ReadySet,
  receive,
  send,
  socketErrno,
  socketPair,
} from "../libc/socket_calls.ts";
import { ERRNO, systemCallError } from "../libc/system_call_error.ts";

/** The events, as bits of `poll`; errors are always reported. */
export const POLL = { in: 1, priority: 2, out: 4, error: 8, hangUp: 16 } as const;
/** Bits that end every wait. */
const ALWAYS = POLL.error | POLL.hangUp;

/** The caller. */
export interface Waiter {
  /** Called with the result of a wait: the bits that are ready, or the reason why there are none. */
  awake(events: number, failure?: Error): void;
}

/** Thousands of these may lie here, of connections that are silent: so they are small. */
interface Wait {
  readonly events: number;
  readonly waiter: Waiter;
  /** Another wait for the same descriptor. */
  next: Wait | undefined;
}

/** Waits for descriptors; as long as anything waits, it keeps the program alive. */
export class Poller {
  readonly #waits = new Map<number, Wait>();
  #set: ReadySet | undefined;
  /** Who takes the last wait away while the system is asked writes a byte here. */
  #wake: readonly [reading: number, writing: number] | undefined;
  #polling = false;
  /** Resolves when nothing waits any more. */
  #idle = Promise.withResolvers<void>();
  #woken = false;

  /**
   * Waits until a descriptor is ready.
   *
   * @param fd Which.
   * @param events Bits of {@link POLL}.
   * @returns The bits that are ready; errors are among them also if not asked for.
   * @throws {UnsupportedError} If {@link forget} was called for it meanwhile.
   * @throws {SystemCallError} If no descriptors are left.
   */
  wait(fd: number, events: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.once(fd, events, {
      awake: (ready, failure) => failure ? reject(failure) : resolve(ready),
    });
    return promise;
  }

  /**
   * Calls back when a descriptor is ready, as {@link wait} does.
   *
   * @param fd Which.
   * @param events Bits of {@link POLL}.
   * @param waiter Called once, and never before this call returns.
   */
  once(fd: number, events: number, waiter: Waiter): void {
    const wait: Wait = { events, waiter, next: this.#waits.get(fd) };
    let failure: Error | undefined;
    try {
      this.#open();
      if (this.#arm(fd, wait)) {
        this.#waits.set(fd, wait);
        if (!this.#polling) void this.#poll();
        return;
      }
      const code = socketErrno();
      // A file is always ready, and cannot be waited for.
      if (code !== ERRNO.EPERM) failure = systemCallError(code, { operation: "wait" });
    } catch (error) {
      failure = error as Error;
    }
    queueMicrotask(() => waiter.awake(failure ? 0 : events, failure));
  }

  /** Ends all waits for a descriptor, which is about to be closed. */
  forget(fd: number): void {
    let wait = this.#waits.get(fd);
    if (wait === undefined) return;
    this.#waits.delete(fd);
    this.#set?.remove(fd);
    for (; wait !== undefined; wait = wait.next) {
      const failure = new UnsupportedError("the descriptor was closed", { operation: "wait" });
      const { waiter } = wait;
      queueMicrotask(() => waiter.awake(0, failure));
    }
    if (this.#waits.size === 0 && this.#polling) this.#wakeUp();
  }

  /** Requests all events that the waits of a descriptor need; returns whether it can be waited for. */
  #arm(fd: number, first: Wait): boolean {
    let events = 0;
    for (let wait: Wait | undefined = first; wait !== undefined; wait = wait.next) {
      events |= wait.events;
    }
    return this.#set!.arm(fd, events);
  }

  #open(): void {
    this.#set ??= new ReadySet();
    if (this.#wake !== undefined) return;
    this.#wake = socketPair();
    if (this.#wake === undefined) throw systemCallError(socketErrno(), { operation: "wait" });
    this.#set.arm(this.#wake[0], POLL.in);
  }

  /** Ends the waits that a descriptor's bits answer. */
  #report(fd: number, ready: number): void {
    const [reading] = this.#wake!;
    if (fd === reading) {
      receive(reading, new Uint8Array(64));
      this.#woken = false;
      this.#set!.arm(reading, POLL.in);
      return;
    }
    let wait = this.#waits.get(fd);
    let left: Wait | undefined;
    const over: Waiter[] = [];
    while (wait !== undefined) {
      const { next } = wait;
      if ((ready & (wait.events | ALWAYS)) !== 0) over.push(wait.waiter);
      else {
        wait.next = left;
        left = wait;
      }
      wait = next;
    }
    if (left === undefined) this.#waits.delete(fd);
    else {
      this.#waits.set(fd, left);
      this.#arm(fd, left);
    }
    for (const waiter of over) waiter.awake(ready);
  }

  #wakeUp(): void {
    if (this.#woken) return;
    this.#woken = true;
    send(this.#wake![1], Uint8Array.of(0));
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    this.#idle = Promise.withResolvers();
    const set = this.#set!;
    const report = (fd: number, events: number): void => this.#report(fd, events);
    while (this.#waits.size > 0) await set.wait(report);
    this.#polling = false;
    this.#idle.resolve();
  }

  /** Ends all waits and releases the poller's resources; it must not be used again. */
  async close(): Promise<void> {
    for (const fd of this.#waits.keys()) this.forget(fd);
    if (this.#polling) await this.#idle.promise;
    this.#set?.close();
    for (const fd of this.#wake ?? []) closeSocket(fd);
    this.#set = this.#wake = undefined;
  }
}

let shared: Poller | undefined;

/** The poller of this thread. */
export function poller(): Poller {
  return shared ??= new Poller();
}

/** Frees the poller of this thread, before its Worker is ended. */
export async function closePoller(): Promise<void> {
  await shared?.close();
  shared = undefined;
}

/**
 * Waits in this very thread until there is something to take.
 *
 * @param fd Where.
 * @param timeoutMs Milliseconds; no longer than a change of threads would take.
 * @returns Whether there is.
 */
export function waitHere(fd: number, timeoutMs: number): boolean {
  const entry = new Uint8Array(ENTRY_BYTES);
  const view = new DataView(entry.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, POLL.in, true);
  return pollHere(entry, timeoutMs) > 0;
}
