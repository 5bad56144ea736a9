/**
 * The prefork model: a pool of processes (15.2 of the book's list).
 *
 * @module
 */

import type { PoolSize } from "./_pool.ts";
import { servePool } from "./_serve_pool.ts";
import type { MemberServeOptions } from "./fork.ts";
import type { NamedService } from "./member_order.ts";
import { parseReport } from "./member_report.ts";
import type { Server } from "./server.ts";

/** Options of the models that keep a pool. */
export interface PoolServeOptions
  extends
    Omit<MemberServeOptions, "maxConnectionsPerClient" | "clientPrefix" | "whenFull">,
    PoolSize {
  /**
   * Where members accept: from one socket that all share, so that no connection is lost when members come
   * and go, or each from its own, among which the system spreads clients: faster, but what waits for a
   * member that ends is reset. @default {"shared" for processes, "own" for Workers}
   */
  readonly accept?: "shared" | "own" | undefined;
  /** Connections at once of one member. @default {1 with a shared socket, else maxConnections} */
  readonly connectionsPerChild?: number | undefined;
  /** Connections after which a member retires and is replaced. @default {Infinity} */
  readonly requestsPerChild?: number | undefined;
}

/**
 * Serves with a pool of processes that are there before clients come. As with `serveFork` no client can reach
 * another's memory or files, as long as a process serves one at a time; the clients after it do meet what it left.
 *
 * @param named What is said on each connection, by name.
 * @param options Where to listen, who starts processes, size of the pool, limits, time-outs, log.
 * @returns The running server, when its first member serves.
 * @throws {ConnectError} If the address is in use or not ours.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {NetwrightError} If the first member fails.
 */
export async function servePrefork(
  named: NamedService,
  options: PoolServeOptions,
): Promise<Server> {
  const { broker, accept = "shared" } = options;
  return await servePool(named, options, accept, async (order, socket, onReport) => {
    const process = await broker.startProcess(order, socket, (lines) => {
      for (const line of lines) onReport(parseReport(line));
    });
    return {
      id: process.pid,
      ended: process.ended,
      retire: () => process.retire(),
      end: () => process.end(),
      kill: () => process.kill(),
    };
  });
}
