/**
 * The first module of a Worker: loads the one module that the broker names.
 *
 * @module
 */

import { WORKERS } from "./workers.ts";
import type { WorkerThreadStart } from "../sandbox/start_worker.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<WorkerThreadStart>) => void;
};

scope.onmessage = async ({ data: { module, port, descriptor } }) => {
  if (descriptor !== undefined) await openLibrary();
  const { worker } = await WORKERS[module]();
  await worker(port, descriptor);
};

/** Opens the C library and revokes the permission for it, before any code that handles network input runs. */
async function openLibrary(): Promise<void> {
  const [{ openSocketCalls }, { revoke }] = await Promise.all([
    import("../../os/internal.ts"),
    import("../sandbox/permissions.ts"),
  ]);
  openSocketCalls();
  revoke(["ffi"]);
}
