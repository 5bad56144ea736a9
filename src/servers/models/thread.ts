/**
 * The thread model: a Worker for each connection (chapter 11 of the book).
 *
 * @module
 */

import { checkOptions } from "../../net/internal.ts";
import {
  DisconnectedError,
  type Network,
  NetwrightError,
  systemNetwork,
  TimeoutError,
} from "../../net/mod.ts";
import type { NamedService, Service, ServiceContext } from "../../services/mod.ts";
import { shortName } from "../../services/internal.ts";
import { InThreadServer } from "../in_thread/in_thread_server.ts";
import { listeningEndpoint, listenOn } from "../core/listen.ts";
import { startWorker, workersPossible } from "../workers/start_worker.ts";
import type { Broker } from "../workers/broker.ts";
import { WORKER_RULES, type WorkerServeOptions } from "../workers/worker_options.ts";
import { localBroker } from "../brokers/local_broker.ts";
import { requireService } from "../workers/worker_order.ts";
import { eventOf } from "../workers/worker_report.ts";
import type { Server } from "../core/server.ts";

/** Connections at once if nothing is said. */
const MAX_WORKERS = 150;

/** Options of the model that starts a Worker for each client. */
export interface ThreadServeOptions extends WorkerServeOptions {
  /** The network to listen on. @default {systemNetwork()} */
  readonly network?: Network | undefined;
}

/** How long a Worker may take to notice that its connection is gone, in milliseconds. */
const LAST_MS = 1000;

/**
 * Serves each client in a Worker of its own, to which its bytes are passed on. Starting one takes some 30 ms.
 * A service that computes for long delays no other client; but Workers share one process, and with it every
 * descriptor: what must be isolated belongs under `serveFork`. A Worker takes some 15 to 20 MiB, so that `maxConnections` is
 * 150 by default.
 *
 * @param named The service, by name.
 * @param options Where to listen, who starts Workers, limits, time-outs, log.
 * @returns The running server.
 * @throws {ConnectError} If the address is in use or not ours.
 * @throws {RangeError} If an option is out of range.
 * @throws {UsageError} If there is no such service for streams.
 */
export async function serveThread(
  named: NamedService,
  options: ThreadServeOptions,
): Promise<Server> {
  checkOptions(options, { ...WORKER_RULES, network: "any" });
  const endpoint = listeningEndpoint(options.endpoint);
  const { reload, broker = localBroker(), network = systemNetwork(), ...rest } = options;
  const { idleTimeoutMs = 300_000, sessionTimeoutMs = Infinity, ...common } = rest;
  const limits = { idleTimeoutMs, sessionTimeoutMs };
  const again = reload && (async () => {
    const { service, tls } = await reload();
    return { service: threadingService(service, broker, limits), tls };
  });
  await requireService(named);
  const { workers } = await workersPossible(broker);
  const listening = listenOn(network, endpoint);
  return new InThreadServer(
    threadingService(named, broker, limits),
    {
      ...common,
      maxConnections: common.maxConnections ?? MAX_WORKERS,
      reload: again,
      // Only the Worker knows whether its client is busy elsewhere.
      idleTimeoutMs: Infinity,
      // One that computes for ever sees no time-out of its own.
      sessionTimeoutMs: sessionTimeoutMs + LAST_MS,
    },
    listening,
    // Further clients wait in the system's queue.
    { concurrency: workers },
  );
}

/** A service that leaves the conversation to a Worker. */
function threadingService(
  named: NamedService,
  broker: Broker,
  limits: { readonly idleTimeoutMs: number; readonly sessionTimeoutMs: number },
): Service {
  return {
    name: shortName(named.service),
    async handle(
      connection,
      { traffic, log, signal, beforeClosing, endedBy }: ServiceContext,
    ): Promise<void> {
      let failure: unknown;
      let last: ReturnType<typeof setTimeout> | undefined;
      const { localAddr: local, remoteAddr: remote } = connection;
      const worker = await startWorker({
        broker,
        order: {
          ...named,
          ...limits,
          quiet: log === undefined,
          source: { kind: "relayed", local, remote },
        },
        connection,
        onReport(report) {
          const event = eventOf(report);
          if (event === undefined) return;
          const { kind, text, received = 0, sent = 0 } = event;
          // The Worker has seen the same bytes, and those of further connections.
          traffic.received = Math.max(traffic.received, received);
          traffic.sent = Math.max(traffic.sent, sent);
          if (kind === "message") log?.(text);
          else if (kind === "disconnected" && text !== "") endedBy?.(text);
          else if (kind === "failed") failure ??= new NetwrightError(text, { operation: "serve" });
        },
        onLost(error) {
          failure ??= error;
          last ??= setTimeout(() => worker.kill(), LAST_MS);
        },
      });
      beforeClosing?.(async (reason) => {
        worker.end(reason);
        // A dead Worker, or one in an endless loop, does not react.
        last ??= setTimeout(() => worker.kill(), LAST_MS);
        await worker.ended;
      });
      const stop = (): void => worker.kill();
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      try {
        const ended = await worker.ended;
        if (failure instanceof DisconnectedError || failure instanceof TimeoutError) throw failure;
        if (ended !== "" && !signal.aborted) {
          failure ??= new NetwrightError(`its Worker ended ${ended}`, { operation: "serve" });
        }
        if (failure !== undefined) throw failure;
      } finally {
        clearTimeout(last);
        signal.removeEventListener("abort", stop);
      }
    },
  };
}
