/**
 * Sockets by the system's own calls, for commands.
 *
 * @module
 */

import type { Network } from "../../net/mod.ts";
import { batchedDatagrams, type BatchedDatagramsOptions } from "../../os/internal.ts";
import { systemStreams } from "../../os/mod.ts";
import { revoke } from "../sandbox/permissions.ts";

/**
 * Makes a network whose datagrams use `recvmmsg` and `sendmmsg`. The library is opened, and cannot be opened again afterwards.
 *
 * @param network The network for all else.
 * @param options Whether refusals are reported.
 * @returns The network.
 * @throws {UnsupportedError} If this is not Linux.
 */
export function fastDatagrams(network: Network, options: BatchedDatagramsOptions = {}): Network {
  const fast = batchedDatagrams(network, options);
  revoke(["ffi"]);
  return fast;
}

/**
 * Makes a network whose listener and its connections use the system's own calls. The library is opened, and cannot be
 * opened again afterwards.
 *
 * @param network The network for all else.
 * @returns The network, for one listener.
 * @throws {UnsupportedError} If this is not Linux.
 */
export function fastStreams(network: Network): Network {
  const fast = systemStreams(network);
  revoke(["ffi"]);
  return fast;
}
