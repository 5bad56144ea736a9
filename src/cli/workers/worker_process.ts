/**
 * The program as a process of a server model: `netwright --worker`, with its order in the environment.
 *
 * @module
 */

import { LIBC_PATHS, permissionRequests, union } from "../../net/internal.ts";
import type { Capabilities } from "../../net/mod.ts";
import { workerCapabilities } from "../../servers/internal.ts";
import {
  endWithStarter,
  readOrder,
  serveAsProcess,
  WORKER_VARIABLE,
} from "../../servers/brokers/internal.ts";
import { holdsMore, revoke, revokeAll } from "../sandbox/permissions.ts";
import { withRealPaths } from "../sandbox/real_paths.ts";
import { startWorkerThread } from "../sandbox/start_worker.ts";

/**
 * Serves as its order says.
 *
 * @returns The exit status.
 */
export async function workerProcess(): Promise<number> {
  const order = readOrder();
  if (order === undefined) {
    console.error("netwright: --worker is for netwright itself; see: netwright serve --help");
    return 2;
  }
  endWithStarter();
  const needs = withRealPaths(await workerCapabilities(order));
  if (!holdsMore(union(needs, { env: [WORKER_VARIABLE], ffi: LIBC_PATHS }))) {
    await serveAsProcess(order, () => revoke(["env", "ffi"]));
  } else if (permissionRequests(needs).length === 0) await serveAsProcess(order, revokeAll);
  else return await serveInWorker(needs);
  return 0;
}

/** A Worker is narrowed before its first line; a process that may do everything cannot be. */
async function serveInWorker(needs: Capabilities): Promise<number> {
  const all = union(needs, { env: [WORKER_VARIABLE], ffi: LIBC_PATHS });
  const { worker, port } = startWorkerThread(all, { module: "process" });
  const { promise, resolve } = Promise.withResolvers<number>();
  port.onmessage = () => resolve(0);
  worker.onerror = (event) => {
    event.preventDefault();
    console.error(event.message);
    resolve(1);
  };
  return await promise;
}

/**
 * The same in a Worker of that process.
 *
 * @param port Receives a message when it has ended.
 */
export async function worker(port: MessagePort): Promise<void> {
  await serveAsProcess(readOrder()!, () => revoke(["env", "ffi"]));
  port.postMessage("ended");
}
