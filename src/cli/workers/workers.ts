/**
 * The fixed table of modules that a sandboxed command may ask the launcher to start.
 *
 * @module
 */

import type { WORKER_MODULES } from "../sandbox/start_worker.ts";

/** A module that runs as a worker. */
export interface WorkerModule {
  /**
   * Begins; the Worker continues until its starter ends it.
   *
   * @param port Its starter holds the other end.
   * @param descriptor A listening socket to accept from; the socket calls are open by then.
   */
  worker(port: MessagePort, descriptor?: number): void | Promise<void>;
}

/** Loads each module by the name that the broker receives. */
export const WORKERS: Readonly<
  Record<typeof WORKER_MODULES[number], () => Promise<WorkerModule>>
> = {
  "load": () => import("./load_worker.ts"),
  "process": () => import("./worker_process.ts"),
  "service": () => import("./service_worker.ts"),
};
