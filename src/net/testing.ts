/**
 * What tests of network programs need: a network in memory, with faults.
 *
 * @module
 */

export { type Clock, TestClock } from "./clock.ts";
export {
  type DatagramFaults,
  memoryNetwork,
  type MemoryNetworkOptions,
  type StreamFaults,
} from "./memory_network.ts";
export type { Network } from "./network.ts";
