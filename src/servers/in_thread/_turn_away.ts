/**
 * Turning a client away politely.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import type { Connection } from "../../net/mod.ts";

/** Clients that are told so at once; the others are closed without a word. */
const MAX_TOLD = 64;
/** How long a client has to take what it is told, and to leave, in milliseconds. */
const TOLD_MS = 1000;
/** Most bytes that are read of a client meanwhile. */
const MAX_READ = 65_536;

/** Tells clients that there is no room, some at a time. */
export class TurnedAway {
  readonly #open = new Set<Connection>();

  /**
   * Tells a client, and closes the connection; never throws.
   *
   * A connection that is closed with something of the client unread is reset, and with that the client would
   * lose what it was told: so what it sends is read, for a moment.
   *
   * @param connection The client.
   * @param words What it is told; without it the connection is closed.
   */
  tell(connection: Connection, words: Uint8Array | undefined): void {
    if (words === undefined || this.#open.size >= MAX_TOLD) return closeQuietly(connection);
    this.#open.add(connection);
    const timer = setTimeout(() => closeQuietly(connection), TOLD_MS);
    tellAndDrain(connection, words).catch(() => {
      // It left, or its time was over.
    }).finally(() => {
      clearTimeout(timer);
      this.#open.delete(connection);
      closeQuietly(connection);
    });
  }

  /** Closes what is still open. */
  close(): void {
    for (const connection of this.#open) closeQuietly(connection);
  }
}

async function tellAndDrain(connection: Connection, words: Uint8Array): Promise<void> {
  for (let sent = 0; sent < words.length;) sent += await connection.write(words.subarray(sent));
  await connection.closeWrite();
  const buffer = new Uint8Array(4096);
  for (let left = MAX_READ; left > 0;) {
    const count = await connection.read(buffer);
    if (count === null) return;
    left -= count;
  }
}
