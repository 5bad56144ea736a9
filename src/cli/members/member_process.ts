/**
 * The program as a process of a server model: `netwright --member`, with its order in the environment.
 *
 * @module
 */

import { LIBC_PATHS, union, wants } from "../../net/internal.ts";
import type { Capabilities } from "../../net/mod.ts";
import { memberCapabilities } from "../../servers/internal.ts";
import {
  endWithStarter,
  MEMBER_VARIABLE,
  readOrder,
  serveAsProcess,
} from "../../servers/brokers/internal.ts";
import { holdsMore, revoke, revokeAll } from "../sandbox/permissions.ts";
import { withRealPaths } from "../sandbox/real_paths.ts";
import { startMemberWorker } from "../sandbox/start_worker.ts";

/**
 * Serves as its order says.
 *
 * @returns The exit status.
 */
export async function memberProcess(): Promise<number> {
  const order = readOrder();
  if (order === undefined) {
    console.error("netwright: --member is for netwright itself; see: netwright serve --help");
    return 2;
  }
  endWithStarter();
  const needs = withRealPaths(await memberCapabilities(order));
  if (!holdsMore(union(needs, { env: [MEMBER_VARIABLE], ffi: LIBC_PATHS }))) {
    await serveAsProcess(order, () => revoke(["env", "ffi"]));
  } else if (wants(needs).length === 0) await serveAsProcess(order, revokeAll);
  else return await serveInWorker(needs);
  return 0;
}

/** A Worker is narrowed before its first line; a process that may do everything cannot be. */
async function serveInWorker(needs: Capabilities): Promise<number> {
  const all = union(needs, { env: [MEMBER_VARIABLE], ffi: LIBC_PATHS });
  const { worker, port } = startMemberWorker(all, { module: "process" });
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
 * @param port Told when it has ended.
 */
export async function member(port: MessagePort): Promise<void> {
  await serveAsProcess(readOrder()!, () => revoke(["env", "ffi"]));
  port.postMessage("ended");
}
