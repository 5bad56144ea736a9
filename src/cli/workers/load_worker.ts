/**
 * A Worker that makes a load.
 *
 * @module
 */

import { makeLoad } from "../../programs/bench/mod.ts";

/**
 * Makes the load that its starter requests.
 * @param port Brings the plan, and takes the result.
 */
export function worker(port: MessagePort): void {
  makeLoad(port);
}
