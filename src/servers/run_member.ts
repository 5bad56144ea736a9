/**
 * The inside of a member: serves as it was told, and reports.
 *
 * @module
 */

import {
  type Address,
  type Endpoint,
  formatEndpoint,
  type Listener,
  parseEndpoint,
  systemNetwork,
  UnsupportedError,
} from "../net/mod.ts";
import { InThreadServer } from "./_in_thread.ts";
import { buildService, type MemberOrder } from "./member_order.ts";
import type { MemberReport } from "./member_report.ts";

/** How a member and its starter talk. */
export interface MemberChannel {
  /** Tells the starter; must not throw. */
  report(report: MemberReport): void;
  /** Resolves when it is to accept no more. */
  readonly retired: Promise<void>;
}

/** Events of a member that are its server's own affair. */
const OWN_EVENTS: ReadonlySet<string> = new Set(["listening", "stopped", "warning"]);

/**
 * Serves until it is told to retire, or has served as many as it may.
 *
 * @param order What it is told.
 * @param listener Where connections come from.
 * @param channel How it talks to its starter.
 */
export async function runMember(
  order: MemberOrder,
  listener: Listener,
  channel: MemberChannel,
): Promise<void> {
  const server = new InThreadServer(
    await buildService(order),
    {
      maxConnections: Infinity,
      idleTimeoutMs: order.idleTimeoutMs ?? Infinity,
      sessionTimeoutMs: order.sessionTimeoutMs ?? Infinity,
      tls: order.tls,
      quiet: order.quiet,
      log: ({ service: _, ...event }) => {
        if (event.kind === "shutdown") channel.report({ state: "retiring" });
        else if (!OWN_EVENTS.has(event.kind)) channel.report({ event });
      },
    },
    [listener, toEndpoint(listener.addr)],
    { concurrency: order.connections, retireAfter: order.retireAfter },
  );
  channel.report({ state: "ready", endpoint: formatListening(order, server.endpoint) });
  channel.retired.then(() => server.shutdown(Infinity));
  await server.finished;
}

/**
 * Listens as one of several that share a port; the system spreads clients over them, and those that wait
 * for one that closes are reset.
 *
 * @param endpoint Where; port 0 picks a free one.
 * @returns The listener.
 * @throws {ConnectError} If the address is in use or not ours.
 */
export function listenForMember(endpoint: Endpoint): Listener {
  if (endpoint.transport !== "tcp" || "path" in endpoint) {
    throw new UnsupportedError("only TCP ports can be shared", {
      operation: "listen",
      peer: formatEndpoint(endpoint),
    });
  }
  const { hostname, port } = endpoint;
  return systemNetwork({ net: [formatEndpoint(endpoint)] }).listen({
    transport: "tcp",
    hostname,
    port,
    reusePort: true,
  });
}

function toEndpoint(address: Address): Endpoint {
  return "path" in address
    ? { transport: "unix", path: address.path }
    : parseEndpoint(formatEndpoint(address));
}

function formatListening({ source }: MemberOrder, endpoint: Endpoint): string | undefined {
  return source.kind === "own" ? formatEndpoint(endpoint) : undefined;
}
