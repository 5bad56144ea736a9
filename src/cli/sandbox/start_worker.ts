/**
 * Starts the Worker of a worker.
 *
 * @module
 */

import { toWorkerPermissions } from "../../net/internal.ts";
import type { Capabilities } from "../../net/mod.ts";

/** Modules that a sandboxed command may ask for, by the names in the table of `workers.ts`. */
export const WORKER_MODULES = ["load", "process", "service"] as const;

/** The first and only message from the broker to a Worker. */
export interface WorkerThreadStart {
  /** A name of the table. */
  readonly module: typeof WORKER_MODULES[number];
  /** The worker's end of the channel to its starter. */
  readonly port: MessagePort;
  /** A listening socket to accept from. */
  readonly descriptor?: number | undefined;
}

/**
 * The capabilities for starting Workers in place: the runtime checks that their modules may be read, if they are files;
 * descriptors are counted by opening one that may be read.
 */
export const WORKER_CAPABILITIES: Capabilities = import.meta.dirname === undefined
  ? { read: ["/dev/null"] }
  : { read: [import.meta.dirname.replace(/[/\\]cli[/\\]sandbox$/, "")] };

/** Workers that are to be ended. */
const ending: Worker[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Ends a Worker, one after the other and beside other work: each takes some 100 ms in which this thread waits. A program
 * that exits meanwhile ends the rest at once.
 *
 * @param worker The Worker.
 */
export function terminateSoon(worker: Worker): void {
  ending.push(worker);
  timer ??= setTimeout(terminateNext, 0);
}

function terminateNext(): void {
  ending.shift()?.terminate();
  timer = ending.length === 0 ? undefined : setTimeout(terminateNext, 0);
}

/**
 * Starts a Worker that loads one module of the fixed table.
 *
 * @param capabilities The permissions of the Worker.
 * @param start The module, and the descriptor that it is handed.
 * @returns The Worker, and this end of the channel to its module.
 */
export function startWorkerThread(
  capabilities: Capabilities,
  start: Omit<WorkerThreadStart, "port">,
): { readonly worker: Worker; readonly port: MessagePort } {
  const permissions = toWorkerPermissions(capabilities);
  const url = new URL("../workers/worker_thread.ts", import.meta.url);
  // The type lacks the permissions unless the unstable option is on, which deno.json does.
  const worker = new Worker(url, { type: "module", deno: { permissions } } as object);
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ ...start, port: port2 } satisfies WorkerThreadStart, [port2]);
  return { worker, port: port1 };
}
