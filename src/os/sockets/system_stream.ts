/**
 * A connection whose bytes go through the system's own calls.
 *
 * @module
 */

import { type Address, type Connection, DisconnectedError, formatEndpoint } from "../../net/mod.ts";
import { POLL, poller, waitHere } from "./poller.ts";
import * as calls from "../libc/socket_calls.ts";
import { isTryAgain, systemCallError } from "../libc/system_call_error.ts";

const SHUT_WR = 1;
const SHUT_RDWR = 2;
/** How often a stream is read or written without waiting before timers, signals and other streams have their turn. */
const MAX_IN_A_ROW = 16;
/** The same of a stream that has its thread for itself. */
const MAX_ALONE_IN_A_ROW = 256;
/** A wait in place that is as long counts as many. */
const SLOW_MS = 1;
const SLOW_WEIGHT = 64;

/**
 * A connected stream socket by its descriptor.
 *
 * Where a thread has one connection at a time, it may wait in place for the next bytes (`spinMs`): a change
 * of threads costs more than most answers take. With several connections such a wait would hold the others up.
 */
export class SystemStream implements Connection {
  readonly localAddr: Address;
  readonly remoteAddr: Address;
  readonly #fd: number;
  readonly #spinMs: number;
  #inARow = 0;
  #callback: (() => void) | undefined;
  #closed = false;

  /**
   * Takes over a socket.
   * @param fd Its descriptor; closed with the stream.
   * @param localAddr This end.
   * @param remoteAddr The peer's.
   * @param spinMs Milliseconds to wait in place before waiting beside other work. @default {0}
   */
  constructor(fd: number, localAddr: Address, remoteAddr: Address, spinMs: number = 0) {
    this.#fd = fd;
    this.localAddr = localAddr;
    this.remoteAddr = remoteAddr;
    this.#spinMs = spinMs;
  }

  // Promises are made by hand where nothing is waited for.
  read(p: Uint8Array): Promise<number | null> {
    if (p.byteLength === 0) return Promise.resolve(0);
    return this.#repeat(POLL.in, "read", () => {
      const count = calls.receive(this.#fd, p);
      return count === 0 ? null : count;
    });
  }

  write(p: Uint8Array): Promise<number> {
    if (p.byteLength === 0) return Promise.resolve(0);
    return this.#repeat(POLL.out, "write", () => calls.send(this.#fd, p));
  }

  #repeat<T extends number | null>(
    events: number,
    operation: string,
    call: () => T,
  ): Promise<T> {
    try {
      this.#refuseClosed(operation);
      const isTurn = this.#inARow < (this.#spinMs > 0 ? MAX_ALONE_IN_A_ROW : MAX_IN_A_ROW);
      let result = isTurn ? this.#try(operation, call) : undefined;
      if (isTurn && result === undefined && this.#spinMs > 0 && events === POLL.in) {
        const before = performance.now();
        if (waitHere(this.#fd, this.#spinMs)) result = this.#try(operation, call);
        // A client that is slow enough for this must not keep signals and timers waiting.
        if (performance.now() - before > SLOW_MS) this.#inARow += SLOW_WEIGHT;
      }
      if (result !== undefined) {
        this.#inARow++;
        return Promise.resolve(result);
      }
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#repeatLater(events, operation, call);
  }

  async #repeatLater<T extends number | null>(
    events: number,
    operation: string,
    call: () => T,
  ): Promise<T> {
    while (true) {
      try {
        await poller().wait(this.#fd, events);
      } catch (error) {
        this.#refuseClosed(operation);
        throw error;
      }
      this.#inARow = 0;
      this.#refuseClosed(operation);
      const result = this.#try(operation, call);
      if (result !== undefined) return result;
    }
  }

  /** Calls; gives undefined where it would have to wait. */
  #try<T extends number | null>(operation: string, call: () => T): T | undefined {
    const result = call();
    if (result === null || result >= 0) return result;
    const code = calls.socketErrno();
    if (isTryAgain(code)) return undefined;
    throw systemCallError(code, { operation, peer: formatEndpoint(this.remoteAddr) });
  }

  #refuseClosed(operation: string): void {
    if (!this.#closed) return;
    throw new DisconnectedError("the connection was closed", {
      operation,
      peer: formatEndpoint(this.remoteAddr),
      kind: "closed",
    });
  }

  onceReadable(callback: () => void): void {
    if (this.#closed) return queueMicrotask(callback);
    this.#callback = callback;
    poller().once(this.#fd, POLL.in, this);
  }

  /** Called by the poller. */
  awake(): void {
    const callback = this.#callback;
    this.#callback = undefined;
    this.#inARow = 0;
    callback?.();
  }

  /** Sends small pieces at once instead of collecting them (TCP only). */
  setNoDelay(noDelay: boolean = true): void {
    if (this.remoteAddr.transport !== "tcp") return;
    calls.setNoDelay(this.#fd, noDelay);
  }

  // deno-lint-ignore require-await -- as the runtime's connections have it
  async closeWrite(): Promise<void> {
    this.#refuseClosed("close the writing half");
    if (calls.shutdown(this.#fd, SHUT_WR) === 0) return;
    throw systemCallError(calls.socketErrno(), {
      operation: "close the writing half",
      peer: formatEndpoint(this.remoteAddr),
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    poller().forget(this.#fd);
    // Others may hold the descriptor, and yet the peer is to see the end now.
    calls.shutdown(this.#fd, SHUT_RDWR);
    calls.closeSocket(this.#fd);
  }

  /** Ends both directions at once. */
  [Symbol.dispose](): void {
    this.close();
  }
}
