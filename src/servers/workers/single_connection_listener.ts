/**
 * A listener for one connection that is there already.
 *
 * @module
 */

import { type Address, type Connection, DisconnectedError, type Listener } from "../../net/mod.ts";

/** Gives its connection to the first who accepts; the second waits until it is closed. */
export class SingleConnectionListener implements Listener {
  readonly addr: Address;
  #connection: Connection | undefined;
  readonly #closed = Promise.withResolvers<never>();

  /**
   * Makes a listener of a connection.
   * @param connection The connection.
   */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.addr = connection.localAddr;
    this.#closed.promise.catch(() => {});
  }

  async accept(): Promise<Connection> {
    const connection = this.#connection;
    this.#connection = undefined;
    return connection ?? await this.#closed.promise;
  }

  close(): void {
    this.#closed.reject(new DisconnectedError("the listener was closed", { operation: "accept" }));
  }

  /** Gives no more connections. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Gives the connection. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Connection> {
    yield await this.accept();
  }
}
