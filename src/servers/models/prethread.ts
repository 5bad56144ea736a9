/**
 * The prethread model: a pool of Workers (15.3 of the book's list).
 *
 * @module
 */

import { hasUnstableNet } from "../../net/internal.ts";
import { localBroker } from "../brokers/local_broker.ts";
import { servePool } from "../pool/serve_pool.ts";
import type { PoolServeOptions } from "../pool/pool_options.ts";
import type { NamedService } from "../../services/mod.ts";
import type { Server } from "../core/server.ts";
import { startWorker, workersPossible } from "../workers/start_worker.ts";

/** Workers at once, unless the caller says otherwise. */
const CHILDREN_MAX = 16;

/**
 * Serves with a pool of Workers that are there before clients come. They share one process, and with it
 * every descriptor: what must be isolated belongs under `servePrefork`. Each has a socket of its own by default:
 * the runtime closes those of a Worker that crashes, while its connections from a shared socket stay open. That needs the runtime's option `--unstable-net`; without it they share one socket.
 *
 * @param named The service, by name.
 * @param options Where to listen, who starts Workers, size of the pool, limits, time-outs, log.
 * @returns The running server, when its first worker serves.
 * @throws {ConnectError} If the address is in use or not ours.
 * @throws {UnsupportedError} If a shared socket was asked for and this is not Linux.
 * @throws {RangeError} If an option is out of range.
 * @throws {NetwrightError} If the first worker fails.
 */
export async function servePrethread(
  named: NamedService,
  options: PoolServeOptions,
): Promise<Server> {
  const { broker = localBroker(), accept = hasUnstableNet() ? "own" : "shared" } = options;
  const possible = await workersPossible(broker);
  // Half of the maximum leaves room for those that replace others.
  const most = Math.min(options.childrenMax ?? CHILDREN_MAX, Math.ceil(possible.workers / 2));
  const { connectionsPerChild = accept === "shared" ? 1 : possible.connectionsEach(most) } =
    options;
  const limited = { ...options, broker, childrenMax: most, connectionsPerChild };
  let number = 0;
  return await servePool(named, limited, accept, async (order, socket, onReport) => {
    const worker = await startWorker({ broker, order, socket, onReport });
    return {
      id: ++number,
      ended: worker.ended,
      retire: () => worker.retire(),
      end: () => worker.end("shutdown"),
      kill: () => worker.kill(),
    };
  });
}
