/**
 * Ports for tests.
 *
 * @module
 */

/** A UDP port of loopback that no one has just now. */
export function freeDatagramPort(): number {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const { port } = socket.addr as Deno.NetAddr;
  socket.close();
  return port;
}
