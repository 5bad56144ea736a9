/**
 * What both models with a pool have in common.
 *
 * @module
 */

import { checkOptions } from "../../net/internal.ts";
import { formatEndpoint, parseEndpoint, UnsupportedError } from "../../net/mod.ts";
import type { NamedService } from "../../services/mod.ts";
import { shortName } from "../../services/internal.ts";
import { Configuration } from "../core/configuration.ts";
import { listeningEndpoint, withRealPort } from "../core/listen.ts";
import { serverLog } from "../core/log.ts";
import { type PoolPlan, PoolServer } from "./pool_server.ts";
import type { Broker, SharedSocket } from "../workers/broker.ts";
import { requireService, type WorkerOrder, type WorkerSource } from "../workers/worker_order.ts";
import { POOL_RULES, type PoolServeOptions } from "./pool_options.ts";
import type { Server } from "../core/server.ts";

/** Starts one worker of a pool. */
export type StartPooled = (
  order: WorkerOrder,
  socket: SharedSocket | undefined,
  onReport: Parameters<PoolPlan["start"]>[0],
) => ReturnType<PoolPlan["start"]>;

/**
 * Serves with a pool.
 *
 * @param named The service, by name.
 * @param options As `servePrefork` takes them.
 * @param accept How workers accept.
 * @param start Starts a worker.
 * @returns The running server.
 * @throws As `servePrefork` does.
 */
export async function servePool(
  named: NamedService,
  options: PoolServeOptions & { readonly broker: Broker },
  accept: "shared" | "own",
  start: StartPooled,
): Promise<Server> {
  checkOptions(options, POOL_RULES);
  const { idleMin = 2, idleMax = Math.max(6, idleMin) } = options;
  if (idleMin > idleMax) throw new RangeError(`idleMin must be at most idleMax, ${idleMax}`);
  await requireService(named);
  const endpoint = listeningEndpoint(options.endpoint);
  const { broker, maxConnections } = options;
  const { connectionsPerChild = accept === "shared" ? 1 : maxConnections ?? 1000 } = options;
  // Workers with sockets of their own cannot be distinguished from outside: each has the limit for itself.
  const most = accept === "shared" && maxConnections !== undefined
    ? Math.ceil(maxConnections / connectionsPerChild)
    : Infinity;
  const size = { ...options, childrenMax: Math.min(options.childrenMax ?? 64, most) };
  const name = shortName(named.service);
  const configuration = new Configuration(named, options, serverLog(name, options.log));
  const orderFrom = (source: WorkerSource): WorkerOrder => ({
    ...configuration.service,
    tls: configuration.tls,
    source,
    connections: connectionsPerChild,
    retireAfter: options.requestsPerChild,
    quiet: options.quiet,
    proxies: options.proxies,
    idleTimeoutMs: options.idleTimeoutMs ?? 300_000,
    sessionTimeoutMs: options.sessionTimeoutMs,
  });
  const common = {
    service: name,
    connectionsPerChild,
    configuration,
  };
  if (accept === "shared") {
    const socket = await broker.listen(endpoint);
    const plan: PoolPlan = {
      ...common,
      start: (onReport) => start(orderFrom({ kind: "shared" }), socket, onReport),
      close: () => socket[Symbol.dispose](),
    };
    return await PoolServer.start(plan, withRealPort(endpoint, socket.address), size);
  }
  if (endpoint.transport !== "tcp") {
    throw new UnsupportedError("only TCP ports can be shared by sockets of their own", {
      operation: "listen",
      peer: formatEndpoint(endpoint),
    });
  }
  // The first picks the port where none was named.
  let written = formatEndpoint(endpoint);
  let first = true;
  const plan: PoolPlan = {
    ...common,
    start: (onReport) => {
      const source = { kind: "own", endpoint: written, first } as const;
      first = false;
      return start(orderFrom(source), undefined, onReport);
    },
    close: () => {},
  };
  return await PoolServer.start(plan, (chosen = written) => parseEndpoint(written = chosen), size);
}
