/**
 * Rejects connections with a message.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import type { Connection } from "../../net/mod.ts";

/** Maximum number of clients that get a message at once; the others are closed without one. */
const MAX_OPEN = 64;
/** Time for a client to read the message and to leave, in milliseconds. */
const READ_MS = 1000;
/** Most bytes that are read of a client meanwhile. */
const MAX_READ = 65_536;

/** Refuses clients with a message, some at a time. */
export class RejectedConnections {
  readonly #open = new Set<Connection>();

  /**
   * Sends a client the message, and closes the connection; never throws.
   *
   * Closing a connection with unread data of the client resets it, and the client would
   * lose the message: so its data is read, for a moment.
   *
   * @param connection The client.
   * @param words The message; without it the connection is closed.
   */
  reject(connection: Connection, words: Uint8Array | undefined): void {
    if (words === undefined || this.#open.size >= MAX_OPEN) return closeQuietly(connection);
    this.#open.add(connection);
    const timer = setTimeout(() => closeQuietly(connection), READ_MS);
    writeAndDrain(connection, words).catch(() => {
      // It left, or its time was over.
    }).finally(() => {
      clearTimeout(timer);
      this.#open.delete(connection);
      closeQuietly(connection);
    });
  }

  /** Closes all open connections. */
  close(): void {
    for (const connection of this.#open) closeQuietly(connection);
  }
}

async function writeAndDrain(connection: Connection, words: Uint8Array): Promise<void> {
  for (let sent = 0; sent < words.length;) sent += await connection.write(words.subarray(sent));
  await connection.closeWrite();
  const buffer = new Uint8Array(4096);
  for (let left = MAX_READ; left > 0;) {
    const count = await connection.read(buffer);
    if (count === null) return;
    left -= count;
  }
}
