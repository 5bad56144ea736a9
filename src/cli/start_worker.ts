/**
 * Starts the Worker of a member.
 *
 * @module
 */

import { type Capabilities, toWorkerPermissions } from "../net/mod.ts";
import type { MemberStart } from "./member_worker.ts";

/**
 * Starts a Worker that loads one module of the fixed table.
 *
 * @param capabilities What it may do.
 * @param start The module, and the descriptor that it is handed.
 * @returns The Worker, and this end of the channel to its module.
 */
export function startMemberWorker(
  capabilities: Capabilities,
  start: Omit<MemberStart, "port">,
): { readonly worker: Worker; readonly port: MessagePort } {
  const permissions = toWorkerPermissions(capabilities);
  const url = new URL("./member_worker.ts", import.meta.url);
  // The type lacks the permissions unless the unstable option is on, which deno.json does.
  const worker = new Worker(url, { type: "module", deno: { permissions } } as object);
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ ...start, port: port2 } satisfies MemberStart, [port2]);
  return { worker, port: port1 };
}
