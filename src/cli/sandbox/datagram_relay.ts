/**
 * Datagrams that the launcher sends for a sandboxed command.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import { type DatagramConnection, systemNetwork, toNetwrightError } from "../../net/mod.ts";

/** Sends datagrams to UNIX sockets from a socket of its own, which disposing of it removes. */
export class DatagramRelay implements Disposable {
  #socket: DatagramConnection | undefined;

  /**
   * Sends a datagram.
   * @param path The socket.
   * @param bytes The datagram.
   * @throws {NetwrightError} If it cannot be sent.
   */
  async send(path: string, bytes: Uint8Array): Promise<void> {
    this.#socket ??= systemNetwork().listenDatagram({
      transport: "unixpacket",
      path: `/tmp/netwright-log-${crypto.randomUUID().slice(0, 13)}.sock`,
    });
    try {
      await this.#socket.send(bytes, { transport: "unixpacket", path });
    } catch (error) {
      throw toNetwrightError(error, { operation: "send to", peer: `unix:${path}` });
    }
  }

  [Symbol.dispose](): void {
    if (this.#socket !== undefined) closeQuietly(this.#socket);
    this.#socket = undefined;
  }
}
