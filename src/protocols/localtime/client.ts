/**
 * The local time service of *Network Programming with Perl*, chapter 22: the name of a time zone in a datagram, the time
 * there in another.
 *
 * @module
 */

import {
  askDatagram,
  type AskOptions,
  type Endpoint,
  type Network,
  singleLine,
} from "../../net/mod.ts";

/**
 * Asks a server for the time in a zone.
 *
 * @param network Where.
 * @param server A UNIX socket for datagrams, or a UDP port.
 * @param zone The zone's name.
 * @param options Tries, longest time, and where the answer goes to (of UNIX sockets).
 * @returns What the server says, as one clean line.
 * @throws {TimeoutError} If no answer comes.
 */
export async function askLocaltime(
  network: Network,
  server: Endpoint,
  zone: string,
  options: AskOptions = {},
): Promise<string> {
  const answer = await askDatagram(network, server, new TextEncoder().encode(zone), options);
  return singleLine(new TextDecoder().decode(answer).trimEnd());
}
