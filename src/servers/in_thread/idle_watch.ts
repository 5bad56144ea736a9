/**
 * Idle and session time-outs of many connections at the price of one timer.
 *
 * @module
 */

import type { ClosingReason, Traffic } from "../../services/mod.ts";
import { endsWithin } from "../core/grace.ts";
import { closeQuietly, disableNagle } from "../../net/internal.ts";
import type { Address, Connection } from "../../net/mod.ts";

/** Parts of the shorter time-out in which the watch looks: a time-out is late by one part at most. */
const PARTS = 8;
/** How long a client may take to read the last words, in milliseconds. */
const FINAL_REPLY_MS = 500;
/** Time for a conversation to end once its connection was closed, in milliseconds. */
const STUCK_MS = 1000;
/** Looks no more often than this, in milliseconds. */
const MIN_INTERVAL_MS = 5;

/** Looks at all connections now and then and ends those whose time is over. */
export class IdleWatch implements Disposable {
  readonly #idleTimeoutMs: number;
  readonly #sessionTimeoutMs: number;
  readonly #watched = new Set<WatchedConnection>();
  readonly #onStuck: (connection: WatchedConnection) => void;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  /** The time, as coarse as it looks. */
  now: number = performance.now();

  /**
   * Watches with these time-outs, in milliseconds; `Infinity` is none.
   * @param idleTimeoutMs Maximum silence.
   * @param sessionTimeoutMs Maximum duration.
   * @param onStuck Called for a connection that was closed and is not forgotten a second later: its handler is stuck.
   */
  constructor(
    idleTimeoutMs: number,
    sessionTimeoutMs: number,
    onStuck: (connection: WatchedConnection) => void = () => {},
  ) {
    this.#onStuck = onStuck;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#sessionTimeoutMs = sessionTimeoutMs;
    const shorter = Math.min(idleTimeoutMs, sessionTimeoutMs, 120_000);
    this.#timer = setInterval(() => this.#look(), Math.max(MIN_INTERVAL_MS, shorter / PARTS));
    Deno.unrefTimer(this.#timer);
  }

  /** Wraps a connection so that each read and write is noticed; it is closed when its time is over. */
  watch(connection: Connection): WatchedConnection {
    const watched = new WatchedConnection(connection, this);
    this.#watched.add(watched);
    return watched;
  }

  /** How many are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Counts the bytes of all connections that are open. */
  traffic(): Traffic {
    const sum = { received: 0, sent: 0 };
    for (const { received, sent } of this.#watched) {
      sum.received += received;
      sum.sent += sent;
    }
    return sum;
  }

  /** Lets every service say its last words. */
  async sayGoodbye(reason: ClosingReason): Promise<void> {
    await Promise.all([...this.#watched].map((connection) => connection.sayGoodbye(reason)));
  }

  /** Ends all of them. */
  closeAll(): void {
    for (const connection of this.#watched) connection.close();
  }

  /** Forgets a connection; false if that was done before. */
  forget(watched: WatchedConnection): boolean {
    return this.#watched.delete(watched);
  }

  #look(): void {
    const now = this.now = performance.now();
    for (const connection of this.#watched) {
      if (connection.over !== undefined) continue;
      if (now - connection.touched >= this.#idleTimeoutMs) {
        void this.#end(connection, "idle", `idle for ${this.#idleTimeoutMs / 1000} s`);
      } else if (now - connection.since >= this.#sessionTimeoutMs) {
        void this.#end(connection, "session", `open for ${this.#sessionTimeoutMs / 1000} s`);
      }
    }
  }

  async #end(connection: WatchedConnection, reason: ClosingReason, text: string): Promise<void> {
    connection.over = text;
    await connection.sayGoodbye(reason);
    connection.close();
    Deno.unrefTimer(setTimeout(() => {
      if (this.#watched.has(connection)) this.#onStuck(connection);
    }, STUCK_MS));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#watched.clear();
  }
}

/** A connection that counts bytes and remembers when it was last used; nothing else lies between it and the socket. */
export class WatchedConnection implements Connection, Traffic {
  /** When it began. */
  readonly since: number;
  /** When a read or write last began, as coarse as the watch looks. */
  touched: number;
  /** The socket. */
  readonly inner: Connection;
  /** Bytes from the client. */
  received = 0;
  /** Bytes to the client. */
  sent = 0;
  /** Why its time is over; undefined while it is not. */
  over: string | undefined;
  readonly #clock: { readonly now: number };
  #writes = 0;

  constructor(inner: Connection, clock: { readonly now: number }) {
    this.inner = inner;
    this.#clock = clock;
    this.since = this.touched = performance.now();
  }

  /** The service's goodbye before the server closes the connection, if it has one. */
  lastWords: ((reason: ClosingReason) => Promise<void>) | undefined;

  /** Says it, if there is something to say and the client reads it soon; never rejects. */
  async sayGoodbye(reason: ClosingReason): Promise<void> {
    const { lastWords } = this;
    if (lastWords === undefined) return;
    this.lastWords = undefined;
    // A client that is gone receives nothing.
    await endsWithin(lastWords(reason).catch(() => {}), FINAL_REPLY_MS);
  }

  /** Counts as if it had been used. */
  touch(): void {
    this.touched = this.#clock.now;
  }

  get localAddr(): Address {
    return this.inner.localAddr;
  }

  get remoteAddr(): Address {
    return this.inner.remoteAddr;
  }

  async read(p: Uint8Array): Promise<number | null> {
    this.touched = this.#clock.now;
    const count = await this.inner.read(p);
    if (count !== null) this.received += count;
    return count;
  }

  async write(p: Uint8Array): Promise<number> {
    this.touched = this.#clock.now;
    // The first write goes at once anyway, and many a connection has no other.
    if (++this.#writes === 2) disableNagle(this.inner);
    const count = await this.inner.write(p);
    this.sent += count;
    return count;
  }

  closeWrite(): Promise<void> {
    return this.inner.closeWrite();
  }

  close(): void {
    closeQuietly(this.inner);
  }

  [Symbol.dispose](): void {
    closeQuietly(this.inner);
  }
}
