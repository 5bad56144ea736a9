/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { isMistake } from "./core/log.ts";
export {
  buildService,
  MAX_ORDER_LENGTH,
  parseOrder,
  workerCapabilities,
} from "./workers/worker_order.ts";
export { formatReport } from "./workers/worker_report.ts";
export { SingleConnectionListener } from "./workers/single_connection_listener.ts";
export { listenForWorker, runWorker } from "./workers/run_worker.ts";
export { serveInWorker } from "./workers/serve_in_worker.ts";
