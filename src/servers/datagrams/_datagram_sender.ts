/**
 * Sends a server's datagrams.
 *
 * @module
 */

import type { Address, DatagramConnection } from "../../net/mod.ts";

/** How many datagrams may be on their way to the system; more are waited for. */
const MAX_SENDING = 256;

/** Sends without waiting for each datagram; failures are reported. */
export class DatagramSender {
  /** Bytes that were sent. */
  sent = 0;
  readonly #socket: DatagramConnection;
  readonly #mustWait: boolean;
  readonly #onFailure: (error: unknown, to: Address) => void;
  #sending = 0;
  /** Resolved when one fewer is on its way. */
  #sent = Promise.withResolvers<void>();

  /**
   * Sends nothing yet.
   * @param socket Where.
   * @param onFailure Called for each datagram that could not be sent.
   */
  constructor(socket: DatagramConnection, onFailure: (error: unknown, to: Address) => void) {
    this.#socket = socket;
    // The runtime's UNIX sockets cannot send while they wait to receive.
    this.#mustWait = "path" in socket.addr;
    this.#onFailure = onFailure;
  }

  /**
   * Sends a datagram.
   * @param bytes It.
   * @param to The recipient.
   * @param reused Memory that changes soon; what lies there is copied.
   * @returns What must be waited for before more is received or sent; nothing if nothing must.
   */
  send(bytes: Uint8Array, to: Address, reused?: ArrayBufferLike): Promise<unknown> | undefined {
    if (this.#socket.post !== undefined) {
      this.sent += bytes.length;
      return void this.#socket.post(bytes, to, this.#onFailure);
    }
    const own = bytes.buffer === reused && !this.#mustWait ? bytes.slice() : bytes;
    this.#sending++;
    const sending = this.#socket.send(own, to).then(
      this.#onSent,
      (error) => {
        this.#onFailure(error, to);
        this.#settle();
      },
    );
    if (this.#mustWait) return sending;
    return this.#sending > MAX_SENDING ? this.#sent.promise : undefined;
  }

  readonly #onSent = (count: number): void => {
    this.sent += count;
    this.#settle();
  };

  #settle(): void {
    if (this.#sending-- <= MAX_SENDING) return;
    this.#sent.resolve();
    this.#sent = Promise.withResolvers();
  }
}
