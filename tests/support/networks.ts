/**
 * Networks that differ from another one in some of their functions.
 *
 * @module
 */

import type { Network } from "../../src/net/mod.ts";

/** The network with some of its functions replaced. */
export function changed(network: Network, changes: Partial<Network>): Network {
  return {
    connect: (options) => network.connect(options),
    listen: (options) => network.listen(options),
    listenDatagram: (options) => network.listenDatagram(options),
    resolve: (name, type, options) => network.resolve(name, type, options),
    ...changes,
  };
}

/** A UDP port of loopback that nobody has just now. */
export function freeDatagramPort(): number {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const { port } = socket.addr as Deno.NetAddr;
  socket.close();
  return port;
}
