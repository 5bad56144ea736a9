/**
 * The prefork model: a pool of processes (15.2 of the book's list).
 *
 * @module
 */

import type { PoolServeOptions } from "../pool/pool_options.ts";
import { localBroker } from "../brokers/local_broker.ts";
import { servePool } from "../pool/serve_pool.ts";
import type { NamedService } from "../../services/mod.ts";
import { requireProcessConfiguration } from "../workers/worker_order.ts";
import { parseReport } from "../workers/worker_report.ts";
import type { Server } from "../core/server.ts";

/**
 * Serves with a pool of processes that are there before clients come. As with `serveFork` no client can reach
 * another's memory or files, as long as a process serves one at a time; later clients do find traces of earlier ones.
 *
 * @param named The service, by name.
 * @param options Where to listen, who starts processes, size of the pool, limits, time-outs, log.
 * @returns The running server, when its first worker serves.
 * @throws {ConnectError} If the address is in use or not ours.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {RangeError} If an option is out of range.
 * @throws {NetwrightError} If the first worker fails.
 */
export async function servePrefork(
  named: NamedService,
  options: PoolServeOptions,
): Promise<Server> {
  const { broker = localBroker(), accept = "shared" } = options;
  requireProcessConfiguration(named);
  return await servePool(named, { ...options, broker }, accept, async (order, socket, onReport) => {
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
