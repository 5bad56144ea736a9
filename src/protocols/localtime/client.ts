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
 * @returns What the server says, as one clean line.
 * @throws {TimeoutError} If no answer comes.
 */
export async function askLocaltime(
  server: ServerAddress,
  zone: string,
  options: AskOptions = {},
): Promise<string> {
  const answer = await askDatagram(server, new TextEncoder().encode(zone), options);
  return singleLine(new TextDecoder().decode(answer).trimEnd());
}
