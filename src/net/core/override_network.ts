/**
 * A network that differs from another one.
 *
 * @module
 */

import type { Network } from "./network.ts";

/**
 * Gives a network with some of its functions replaced.
 *
 * @param network The other one, which does all else.
 * @param changes The functions.
 * @returns The network.
 *
 * @example No listening
 * ```ts
 * import { overrideNetwork, memoryNetwork, UnsupportedError } from "@netwright/netwright/net";
 * const network = overrideNetwork(memoryNetwork(), {
 *   listen: () => {
 *     throw new UnsupportedError("clients only");
 *   },
 * });
 * let refused = false;
 * try {
 *   network.listen({ port: 7 });
 * } catch (error) {
 *   refused = error instanceof UnsupportedError;
 * }
 * if (!refused) throw new Error("it listens");
 * ```
 */
export function overrideNetwork(network: Network, changes: Partial<Network>): Network {
  return {
    connect: (options) => network.connect(options),
    listen: (options) => network.listen(options),
    listenDatagram: (options) => network.listenDatagram(options),
    resolve: (name, type, options) => network.resolve(name, type, options),
    ...changes,
  };
}
