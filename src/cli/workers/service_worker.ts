/**
 * A Worker of a server model: it receives its order by its port.
 *
 * @module
 */

import { closePoller, SharedListener } from "../../os/internal.ts";
import { serveInWorker } from "../../servers/internal.ts";

/**
 * Serves until its starter ends it.
 *
 * @param port Brings its order, and takes its reports.
 * @param descriptor A listening socket to accept from.
 */
export async function worker(port: MessagePort, descriptor?: number): Promise<void> {
  await serveInWorker(port, () => SharedListener.joining(descriptor!), closePoller);
}
