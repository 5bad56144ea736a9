/**
 * The way to a system's own syslog daemon.
 *
 * @module
 */

import {
  type DatagramConnection,
  type Endpoint,
  type Network,
  overrideNetwork,
} from "../../net/mod.ts";
import type { CommandBroker } from "../command/broker.ts";
import { isGuarded } from "./syslog_socket.ts";

/**
 * Makes a network whose UNIX datagrams go through the launcher where the runtime wants that.
 *
 * @param network The command's network.
 * @param endpoint The collector.
 * @param broker The launcher.
 * @returns The network.
 */
export function syslogNetwork(
  network: Network,
  endpoint: Endpoint,
  broker: CommandBroker,
): Network {
  if (!isGuarded(endpoint)) return network;
  const { path } = endpoint;
  return overrideNetwork(network, {
    listenDatagram: () => relayed(path, broker),
  });
}

function relayed(path: string, broker: CommandBroker): DatagramConnection {
  const unsupported = (): never => {
    throw new TypeError("only datagrams to one socket are relayed");
  };
  return {
    addr: { transport: "unixpacket", path: "" },
    async send(bytes) {
      await broker.sendDatagram({ path, bytes });
      return bytes.length;
    },
    receive: unsupported,
    joinMulticastV4: unsupported,
    joinMulticastV6: unsupported,
    close: () => {},
  };
}
