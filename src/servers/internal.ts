/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { isMistake } from "./core/log.ts";
export {
  buildService,
  MAX_ORDER_LENGTH,
  memberCapabilities,
  parseOrder,
} from "./members/member_order.ts";
export { formatReport } from "./members/member_report.ts";
export { SingleConnectionListener } from "./members/single_connection_listener.ts";
export { listenForMember, runMember } from "./members/run_member.ts";
export { serveInWorker } from "./members/worker_member.ts";
