/**
 * A listening socket in memory, with the backlog of a real one.
 *
 * @module
 */

import type { Address, Connection, Listener } from "../core/connection.ts";

/** Connections that may wait to be accepted; more are refused. */
const BACKLOG = 511;

/** Hands connections to callers of `accept()`, in order. */
export class MemoryListener implements Listener {
  readonly addr: Address;
  readonly shared: boolean;
  readonly #onClose: () => void;
  readonly #backlog: Connection[] = [];
  readonly #waiting: PromiseWithResolvers<Connection>[] = [];
  #closed = false;

  constructor(addr: Address, shared: boolean, onClose: () => void) {
    this.addr = addr;
    this.shared = shared;
    this.#onClose = onClose;
  }

  /** Takes a new connection; false if it must be refused. */
  offer(connection: Connection): boolean {
    if (this.#closed || this.#backlog.length >= BACKLOG) return false;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#backlog.push(connection);
    else waiting.resolve(connection);
    return true;
  }

  accept(): Promise<Connection> {
    if (this.#closed) {
      return Promise.reject(new Deno.errors.BadResource("Listener has been closed"));
    }
    const ready = this.#backlog.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    const waiting = Promise.withResolvers<Connection>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    for (const connection of this.#backlog.splice(0)) connection.close();
    for (const waiting of this.#waiting.splice(0)) {
      waiting.reject(new Deno.errors.Interrupted("Listener has been closed"));
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Connection> {
    while (true) {
      try {
        yield await this.accept();
      } catch (error) {
        if (this.#closed) return;
        throw error;
      }
    }
  }
}
