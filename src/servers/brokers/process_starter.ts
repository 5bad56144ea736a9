/**
 * The part of a broker that makes the system's own calls: sockets, and processes around them.
 *
 * @module
 */

import { LIBC_PATHS } from "../../net/internal.ts";
import { type Capabilities, type Endpoint, UsageError } from "../../net/mod.ts";
import { isReset } from "../../os/internal.ts";
import type { AcceptedSocket, SharedSocket, WorkerProcess } from "../workers/broker.ts";
import { parseOrder, workerCapabilities, type WorkerOrder } from "../workers/worker_order.ts";
import { OpenedSockets } from "./opened_sockets.ts";
import { startWorkerProcess, type WorkerProgram } from "./start_process.ts";

/** The capabilities of a broker for the sockets of workers, and of Workers until they serve. */
export const SOCKET_CAPABILITIES: Capabilities = { ffi: LIBC_PATHS };

/** Opens sockets and starts processes; disposing of it ends them all. */
export class ProcessStarter implements Disposable {
  readonly #processes = new Set<WorkerProcess>();
  readonly #sockets = new OpenedSockets();
  readonly #program: WorkerProgram;

  /** @param program How a process is started. */
  constructor(program: WorkerProgram) {
    this.#program = program;
  }

  /** How many processes run. */
  get count(): number {
    return this.#processes.size;
  }

  /** As {@link OpenedSockets.listen}. */
  listen(endpoint: Endpoint): SharedSocket {
    return this.#sockets.listen(endpoint);
  }

  /**
   * Gives the descriptor of a listening socket of this starter, and what accepting from it needs.
   * @throws {UsageError} If it is none, or closed.
   */
  listening(socket: SharedSocket): { descriptor: number; needs: Capabilities } {
    return { descriptor: found(this.#sockets.listening(socket)), needs: SOCKET_CAPABILITIES };
  }

  /**
   * Starts a process.
   *
   * @param order The order; it may be anything.
   * @param socket Where its connections come from.
   * @param onReport Called for the lines of its report, those that came together.
   * @param grant Returns the capabilities of the process; throws if that service or these capabilities are not allowed.
   * @returns The process.
   * @throws {UsageError} If the order is none.
   */
  async start(
    order: WorkerOrder,
    socket: SharedSocket | AcceptedSocket | undefined,
    onReport: (lines: readonly string[]) => void,
    grant: (service: string, capabilities: Capabilities) => Capabilities,
  ): Promise<WorkerProcess> {
    const checked = parseOrder(order);
    if (checked === undefined) throw new UsageError("the order is malformed");
    const capabilities = grant(checked.service, await workerCapabilities(checked));
    const { kind } = checked.source;
    const descriptor = kind === "own" || socket === undefined ? undefined : found(
      kind === "shared"
        ? this.#sockets.listening(socket as SharedSocket)
        : this.#sockets.accepted(socket),
    );
    if ((descriptor === undefined) !== (kind === "own")) {
      throw new UsageError("no socket was named");
    }
    if (kind === "connection" && isReset(descriptor!)) {
      socket?.[Symbol.dispose]();
      return GONE;
    }
    const process = startWorkerProcess(this.#program, checked, capabilities, descriptor, onReport);
    // The client is to see the end when its process ends, so no copy of a connection stays here.
    if (kind === "connection") socket?.[Symbol.dispose]();
    this.#processes.add(process);
    process.ended.then(() => this.#processes.delete(process));
    return process;
  }

  [Symbol.dispose](): void {
    for (const process of this.#processes) process.kill();
    this.#sockets[Symbol.dispose]();
  }
}

/** What stands for the process of a client that went while it waited for one. */
const GONE: WorkerProcess = {
  pid: 0,
  ended: Promise.resolve(""),
  retire() {},
  end() {},
  kill() {},
};

function found(descriptor: number | undefined): number {
  if (descriptor !== undefined) return descriptor;
  throw new UsageError("the socket is not an open socket of this kind");
}
