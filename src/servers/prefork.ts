/**
 * The prefork model: a pool of processes (15.2 of the book's list).
 *
 * @module
 */

import { formatEndpoint, parseEndpoint, UnsupportedError } from "../net/mod.ts";
import { withRealPort } from "./_listen.ts";
import { type PoolPlan, PoolServer, type PoolSize } from "./_pool.ts";
import type { SharedSocket } from "./broker.ts";
import type { MemberServeOptions } from "./fork.ts";
import type { MemberOrder, MemberSource, NamedService } from "./member_order.ts";
import { parseReport } from "./member_report.ts";
import type { Server } from "./server.ts";

/** Options of the models that keep a pool. */
export interface PoolServeOptions
  extends Omit<MemberServeOptions, "maxConnectionsPerClient">, PoolSize {
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
    const process = await broker.startProcess(order, socket, (line) => onReport(parseReport(line)));
    return {
      id: process.pid,
      ended: process.ended,
      retire: () => process.retire(),
      kill: () => process.kill(),
    };
  });
}

/** Starts one member of a pool. */
export type StartPooled = (
  order: MemberOrder,
  socket: SharedSocket | undefined,
  onReport: Parameters<PoolPlan["start"]>[0],
) => ReturnType<PoolPlan["start"]>;

/**
 * Serves with a pool.
 *
 * @param named What is said on each connection, by name.
 * @param options As {@link servePrefork} takes them.
 * @param accept How members accept.
 * @param start Starts a member.
 * @returns The running server.
 * @throws As {@link servePrefork} does.
 */
export async function servePool(
  named: NamedService,
  options: PoolServeOptions,
  accept: "shared" | "own",
  start: StartPooled,
): Promise<Server> {
  const { endpoint, broker, reload, maxConnections } = options;
  const { connectionsPerChild = accept === "shared" ? 1 : maxConnections ?? 1000 } = options;
  // Members with sockets of their own cannot be told apart from outside: each has the limit for itself.
  const most = accept === "shared" && maxConnections !== undefined
    ? Math.ceil(maxConnections / connectionsPerChild)
    : Infinity;
  const size = { ...options, childrenMax: Math.min(options.childrenMax ?? 64, most) };
  let told: NamedService & Pick<MemberOrder, "tls"> = { ...named, tls: options.tls };
  const orderFrom = (source: MemberSource): MemberOrder => ({
    ...told,
    source,
    connections: connectionsPerChild,
    retireAfter: options.requestsPerChild,
    idleTimeoutMs: options.idleTimeoutMs ?? 300_000,
    sessionTimeoutMs: options.sessionTimeoutMs,
  });
  const common = {
    service: named.service,
    connectionsPerChild,
    reload: reload && (async () => {
      const { service, tls } = await reload();
      told = { ...service, tls };
    }),
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
  const plan: PoolPlan = {
    ...common,
    start: (onReport) => start(orderFrom({ kind: "own", endpoint: written }), undefined, onReport),
    close: () => {},
  };
  return await PoolServer.start(plan, (first = written) => parseEndpoint(written = first), size);
}
