/**
 * Connections that wait for their next request.
 *
 * @module
 */

import { closeQuietly } from "../../../net/internal.ts";
import { ByteReader } from "../../../net/mod.ts";
import type { OpenedConnection } from "./open_connection.ts";

/** A connection that may carry several requests, one after the other. */
export interface PooledConnection extends OpenedConnection {
  /** Reads from it. */
  readonly reader: ByteReader;
  /** How many requests it has carried before. */
  uses: number;
  /** Whether a byte came for the current request. */
  hasAnswered: boolean;
  /** When it became idle, on the clock of `performance.now()`. */
  idleSince: number;
}

/** Most idle connections to one place. */
const MAX_PER_PLACE = 8;
/** Most idle connections. */
const MAX_IDLE = 64;
/** Servers close idle connections after a while; older ones are not used again. */
const MAX_IDLE_MS = 30_000;
/** Bytes that are asked of a connection at once, where the caller does not say. */
const CHUNK_BYTES = 16_384;

/** Connections by the place that they lead to. */
export class IdleConnections {
  readonly #places = new Map<string, PooledConnection[]>();
  #count = 0;

  /**
   * Wraps a new connection.
   * @param opened The connection.
   * @param peer Its name in errors.
   * @returns It, unused.
   */
  static fresh(opened: OpenedConnection, peer: string): PooledConnection {
    const reader = new ByteReader(opened.connection, { peer, chunkBytes: CHUNK_BYTES });
    return { ...opened, reader, uses: 0, hasAnswered: false, idleSince: 0 };
  }

  /**
   * Keeps a connection for later.
   * @param place Where it leads.
   * @param pooled The connection; its last response was read.
   */
  put(place: string, pooled: PooledConnection): void {
    const list = this.#places.get(place) ?? [];
    if (this.#count >= MAX_IDLE || list.length >= MAX_PER_PLACE) {
      return closeQuietly(pooled.connection);
    }
    pooled.idleSince = performance.now();
    pooled.uses++;
    list.push(pooled);
    this.#count++;
    this.#places.set(place, list);
  }

  /**
   * Takes the connection that was used last.
   * @param place Where it is to lead.
   * @param mustLive Whether it is to be looked at first, because the request cannot be sent twice.
   * @returns The connection; undefined if there is none.
   */
  async take(place: string, mustLive: boolean): Promise<PooledConnection | undefined> {
    const list = this.#places.get(place) ?? [];
    for (let pooled; (pooled = list.pop()) !== undefined;) {
      this.#count--;
      if (list.length === 0) this.#places.delete(place);
      const { reader, connection } = pooled;
      const isOld = performance.now() - pooled.idleSince > MAX_IDLE_MS;
      reader.deadline = undefined;
      if (!isOld && mustLive && reader.ready() !== undefined) {
        // An end that has come shows within a turn.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      if (!isOld && !reader.ended && reader.buffered === 0) return pooled;
      closeQuietly(connection);
    }
    return undefined;
  }

  /** Closes all. */
  close(): void {
    for (const { connection } of [...this.#places.values()].flat()) closeQuietly(connection);
    this.#places.clear();
    this.#count = 0;
  }
}
