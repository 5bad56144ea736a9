/**
 * The broker starts processes and Workers for code inside the sandbox, which cannot do so itself.
 *
 * @module
 */

import type { Address, Capabilities, Endpoint } from "../../net/mod.ts";
import type { WorkerOrder } from "./worker_order.ts";

/** A Worker that was started; disposing of it ends it. */
export interface WorkerThread extends Disposable {
  /** Talks to it. */
  readonly port: MessagePort;
  /** Resolves when it has ended by a failure of its own, to what went wrong. */
  readonly failed: Promise<string>;
}

/** A listening socket that workers accept from; disposing of it closes the broker's copy. */
export interface SharedSocket extends Disposable {
  /** Where it listens, with the real port. */
  readonly address: Address;
  /**
   * Waits for a connection, for a process of its own.
   * @throws {DisconnectedError} If the socket was closed meanwhile.
   * @throws {NetwrightError} If no descriptors are left.
   */
  accept(): Promise<AcceptedSocket>;
}

/** A connection that waits for its process; disposing of it closes the broker's copy. */
export interface AcceptedSocket extends Disposable {
  /** The client. */
  readonly remote: Address;
}

/** A process that was started. */
export interface WorkerProcess {
  /** Its process id. */
  readonly pid: number;
  /** Resolves when it has ended, to how: empty if it was in order. */
  readonly ended: Promise<string>;
  /** Makes it accept no more and end after its last session. */
  retire(): void;
  /** Asks it to say goodbye to its clients, and to end then. */
  end(): void;
  /** Ends it at once. */
  kill(): void;
}

/** Starts workers: the one place where permissions are given out. */
export interface Broker {
  /**
   * Starts a Worker.
   *
   * @param module A name of the launcher's fixed table of modules.
   * @param capabilities Its capabilities; they must be inside those of the caller.
   * @param socket A listening socket to accept from; the Worker opens the C library for it and gives the
   *   permission up before anything else.
   * @returns The running worker.
   * @throws {CapabilityError} If the capabilities are more than the caller's own; nothing was started.
   * @throws {LimitError} If too many workers run already.
   * @throws {UsageError} If there is no such module.
   */
  start(module: string, capabilities: Capabilities, socket?: SharedSocket): Promise<WorkerThread>;
  /** Returns the number of descriptors that the process can still open; each Worker takes some. */
  descriptorsLeft(): Promise<number>;
  /**
   * Opens a listening socket by the system's own calls.
   *
   * @param endpoint One that the command declared; port 0 picks a free one.
   * @returns The socket.
   * @throws {CapabilityError} If it was not declared.
   * @throws {ConnectError} If the address is in use or not ours.
   * @throws {UnsupportedError} If this is not Linux.
   */
  listen(endpoint: Endpoint): Promise<SharedSocket>;
  /**
   * Starts a process of this program that serves.
   *
   * @param order The order, for a service that the command declared, and the source of connections: one connection
   *   becomes its standard input and output; a listening socket is inherited.
   * @param socket Where connections come from; absent if it listens for itself.
   * @param onReport Called for the lines of its report, those that came together.
   * @returns The running process.
   * @throws {CapabilityError} If it was not declared; nothing was started.
   * @throws {LimitError} If too many workers run already.
   * @throws {NetwrightError} If the system does not permit it.
   */
  startProcess(
    order: WorkerOrder,
    socket: SharedSocket | AcceptedSocket | undefined,
    onReport: (lines: readonly string[]) => void,
  ): Promise<WorkerProcess>;
}
