/**
 * The first module of a Worker that {@link localBroker} starts.
 *
 * @module
 */

import { UnsupportedError } from "../../net/mod.ts";
import { serveInWorker } from "../workers/serve_in_worker.ts";

/** The first and only message from the broker to a Worker. */
export interface LocalWorkerStart {
  /** The Worker's end of the channel to its starter. */
  readonly port: MessagePort;
  /** A listening socket to accept from. */
  readonly descriptor: number | undefined;
  /** Whether it gives up the permission for that socket. */
  readonly narrow: boolean;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<LocalWorkerStart>) => void;
};

scope.onmessage = async ({ data: { port, descriptor, narrow } }) => {
  if (descriptor === undefined) {
    return await serveInWorker(port, () => {
      throw new UnsupportedError("this Worker was handed no socket", { operation: "listen" });
    });
  }
  const { closePoller, openSocketCalls, SharedListener } = await import("../../os/internal.ts");
  openSocketCalls();
  if (narrow) Deno.permissions.revokeSync({ name: "ffi" });
  await serveInWorker(port, () => SharedListener.joining(descriptor), closePoller);
};
