/**
 * A listening socket that several processes or Workers accept from.
 *
 * @module
 */

import {
  type Address,
  ConnectError,
  type Connection,
  DisconnectedError,
  formatEndpoint,
  type Listener,
} from "../../net/mod.ts";
import { POLL, poller, waitHere } from "./poller.ts";
import { decodeAddress } from "./sockaddr.ts";
import { accept, closeSocket, duplicate, localName, socketErrno } from "../libc/socket_calls.ts";
import { ERRNO, isTryAgain, systemCallError } from "../libc/system_call_error.ts";
import { SystemStream } from "./system_stream.ts";

/** How often it accepts without waiting before timers, signals and connections have their turn. */
const MAX_IN_A_ROW = 16;

/** How to accept from a shared socket. */
export interface SharedListenerOptions {
  /** Milliseconds in which an accept or read waits in this very thread; see {@link SystemStream}. @default {0} */
  readonly spinMs?: number;
}

/** Accepts from a socket that others may accept from too; no connection is lost when one of them ends. */
export class SharedListener implements Listener {
  readonly addr: Address;
  readonly #fd: number;
  readonly #spinMs: number;
  #inARow = 0;
  #closed = false;

  /**
   * Takes over a listening socket.
   * @param fd Its descriptor, nonblocking.
   * @param options How to wait.
   */
  constructor(fd: number, { spinMs = 0 }: SharedListenerOptions = {}) {
    this.#fd = fd;
    this.#spinMs = spinMs;
    this.addr = localAddress(fd);
  }

  /**
   * Takes part in a listening socket of another thread of this process, which keeps its own descriptor.
   * @param fd That descriptor.
   * @param options How to wait.
   * @throws {SystemCallError} If no descriptors are left.
   */
  static joining(fd: number, options: SharedListenerOptions = {}): SharedListener {
    const own = duplicate(fd);
    if (own < 0) throw systemCallError(socketErrno(), { operation: "listen" });
    return new SharedListener(own, options);
  }

  /** Its descriptor, for processes to inherit. */
  get descriptor(): number {
    return this.#fd;
  }

  /**
   * Waits for a connection.
   * @returns The connection; undefined if another member took it.
   * @throws {DisconnectedError} If the listener was closed meanwhile.
   * @throws {SystemCallError} If no descriptors are left.
   */
  async accept(): Promise<Connection> {
    while (true) {
      const accepted = await this.acceptDescriptor();
      if (accepted !== undefined) {
        return new SystemStream(accepted.fd, this.addr, accepted.remote, this.#spinMs);
      }
    }
  }

  /**
   * Waits until there may be a connection and takes it.
   * @returns Its descriptor, nonblocking, and the client; undefined if another member was faster.
   * @throws As {@link accept} does.
   */
  async acceptDescriptor(): Promise<{ fd: number; remote: Address } | undefined> {
    this.#refuseClosed();
    const isTurn = this.#inARow++ < MAX_IN_A_ROW;
    let first = isTurn ? this.#take() : undefined;
    if (isTurn && first === undefined && this.#spinMs > 0 && waitHere(this.#fd, this.#spinMs)) {
      first = this.#take();
    }
    if (first !== undefined) return first;
    try {
      await poller().wait(this.#fd, POLL.in);
    } catch (error) {
      this.#refuseClosed();
      throw error;
    }
    this.#inARow = 0;
    this.#refuseClosed();
    return this.#take();
  }

  #refuseClosed(): void {
    if (!this.#closed) return;
    throw new DisconnectedError("the listener was closed", { operation: "accept" });
  }

  #take(): { fd: number; remote: Address } | undefined {
    const { fd, address } = accept(this.#fd);
    if (fd >= 0) return { fd, remote: decodeAddress(address) };
    const code = socketErrno();
    // A client that has gone again is not a failure.
    if (isTryAgain(code) || code === ERRNO.ECONNABORTED) return undefined;
    throw systemCallError(code, { operation: "accept", peer: formatEndpoint(this.addr) });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    poller().forget(this.#fd);
    closeSocket(this.#fd);
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Accepts one connection after the other. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Connection> {
    while (!this.#closed) yield await this.accept();
  }
}

function localAddress(fd: number): Address {
  const address = localName(fd);
  if (address !== undefined) return decodeAddress(address);
  throw new ConnectError("the socket was not inherited", { operation: "listen", kind: "other" });
}
