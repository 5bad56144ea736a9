/**
 * The local time service of *Network Programming with Perl*, chapter 22: the name of a time zone in a datagram, the time
 * there in another.
 *
 * @module
 */

import { askDatagram, type AskOptions, type ServerAddress, singleLine } from "../../net/mod.ts";

/**
 * Asks a server for the time in a zone.
 *
 * @param server An endpoint for datagrams: of a UNIX socket, or a UDP port.
 * @param zone The zone's name.
 * @param options Tries, longest time, and where the answer goes to (of UNIX sockets).
 * @returns The server's answer, as one clean line.
 * @throws {TimeoutError} If no answer comes.
 *
 * @example The time in Tokyo
 * ```ts
 * import { memoryNetwork, parseEndpoint } from "@netwright/netwright/net";
 * import { serveDatagrams } from "@netwright/netwright/servers";
 * import { datagramService } from "@netwright/netwright/services";
 * import { askLocaltime } from "@netwright/netwright/small";
 * const network = memoryNetwork();
 * const endpoint = parseEndpoint("127.0.0.1:2007", { transport: "udp" });
 * await using server = serveDatagrams(await datagramService("localtime"), { network, endpoint });
 * const time = await askLocaltime("udp://127.0.0.1:2007", "Asia/Tokyo", { network });
 * if (!/\d\d:\d\d/.test(time)) throw new Error(time);
 * ```
 */
export async function askLocaltime(
  server: ServerAddress,
  zone: string,
  options: AskOptions = {},
): Promise<string> {
  const answer = await askDatagram(server, new TextEncoder().encode(zone), options);
  return singleLine(new TextDecoder().decode(answer).trimEnd());
}
