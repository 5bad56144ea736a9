/**
 * The inside of a worker: executes its order, and reports.
 *
 * @module
 */

import {
  type Address,
  type Endpoint,
  formatEndpoint,
  type Listener,
  NetwrightError,
  parseEndpoint,
  systemNetwork,
  UnsupportedError,
} from "../../net/mod.ts";
import type { ClosingReason } from "../../services/mod.ts";
import { InThreadServer } from "../in_thread/in_thread_server.ts";
import { withRealPort } from "../core/listen.ts";
import { buildService, type WorkerOrder, type WorkerSource } from "./worker_order.ts";
import type { WorkerReport } from "./worker_report.ts";

/** How a worker and its starter talk. */
export interface WorkerChannel {
  /** Reports to the starter; must not throw. */
  report(report: WorkerReport): void;
  /** Resolves when it is to accept no more. */
  readonly retired: Promise<void>;
  /** Resolves when it is to say goodbye to its clients, and to end then. */
  readonly ending: Promise<ClosingReason>;
}

/** Events of a worker that are its server's own affair. */
const OWN_EVENTS: ReadonlySet<string> = new Set(["listening", "stopped"]);

/**
 * Serves until it retires, by order or after its last connection.
 *
 * @param order The order.
 * @param listen Opens the listener; its errors and those of the service are reported.
 * @param channel How it talks to its starter.
 */
export async function runWorker(
  order: WorkerOrder,
  listen: () => Listener,
  channel: WorkerChannel,
): Promise<void> {
  let service: Awaited<ReturnType<typeof buildService>>;
  let listener: Listener;
  try {
    service = await buildService(order);
    listener = listen();
  } catch (error) {
    if (!(error instanceof NetwrightError)) throw error;
    const { peer, reason } = error;
    return channel.report({ state: "unable", peer, reason });
  }
  const server = new InThreadServer(
    service,
    {
      maxConnections: Infinity,
      idleTimeoutMs: order.idleTimeoutMs ?? Infinity,
      sessionTimeoutMs: order.sessionTimeoutMs ?? Infinity,
      tls: order.tls,
      proxies: order.proxies,
      quiet: order.quiet,
      // An error itself may be nothing that can be passed on.
      log: ({ service: _, error: __, ...event }) => {
        if (event.kind === "shutdown") channel.report({ state: "retiring" });
        // A warning without a client is about the certificate, of which the starter has warned.
        else if (!OWN_EVENTS.has(event.kind) && (event.kind !== "warning" || event.client)) {
          channel.report({ event });
        }
      },
    },
    [listener, toEndpoint(listener.addr)],
    { concurrency: order.connections, retireAfter: order.retireAfter },
  );
  channel.report({ state: "ready", endpoint: formatListening(order, listener) });
  channel.retired.then(() => server.shutdown(Infinity));
  channel.ending.then((reason) => server.end(reason));
  await server.finished;
}

/**
 * Listens as one of several that share a port; the system spreads clients over them, and those that wait
 * for one that closes are reset. The first makes sure that no other program has the port.
 *
 * @param source Where; port 0 picks a free one.
 * @returns The listener.
 * @throws {ConnectError} If the address is in use or not ours.
 */
export function listenForWorker(source: WorkerSource & { kind: "own" }): Listener {
  const endpoint = parseEndpoint(source.endpoint);
  if (endpoint.transport !== "tcp" || "path" in endpoint) {
    throw new UnsupportedError("only TCP ports can be shared", {
      operation: "listen",
      peer: formatEndpoint(endpoint),
    });
  }
  const network = systemNetwork({ net: [formatEndpoint(endpoint)] });
  const address = { transport: "tcp", hostname: endpoint.hostname, port: endpoint.port } as const;
  if (source.first) network.listen(address).close();
  return network.listen({ ...address, reusePort: true });
}

function toEndpoint(address: Address): Endpoint {
  return "path" in address
    ? { transport: "unix", path: address.path }
    : parseEndpoint(formatEndpoint(address));
}

function formatListening({ source }: WorkerOrder, { addr }: Listener): string | undefined {
  if (source.kind !== "own") return undefined;
  // The endpoint of the order may have a zone, which the socket's own address lacks.
  return formatEndpoint(withRealPort(parseEndpoint(source.endpoint), addr));
}
