/**
 * The fork model: a process for each connection (10.2 of the book's list).
 *
 * @module
 */

import { checkOptions } from "../../net/internal.ts";
import {
  type Address,
  type Connection,
  type Listener,
  NetwrightError,
  UnsupportedError,
} from "../../net/mod.ts";
import type { NamedService, Service, ServiceContext } from "../../services/mod.ts";
import { shortName } from "../../services/internal.ts";
import type { WatchedConnection } from "../in_thread/idle_watch.ts";
import { checkTls } from "../core/configuration.ts";
import { localBroker } from "../brokers/local_broker.ts";
import { InThreadServer } from "../in_thread/in_thread_server.ts";
import { listeningEndpoint, withRealPort } from "../core/listen.ts";
import { serverLog } from "../core/log.ts";
import type { AcceptedSocket, Broker, SharedSocket } from "../workers/broker.ts";
import { WORKER_RULES, type WorkerServeOptions } from "../workers/worker_options.ts";
import { requireProcessConfiguration, requireService } from "../workers/worker_order.ts";
import { eventOf, parseReport } from "../workers/worker_report.ts";
import type { Server, ServerTls } from "../core/server.ts";

/** Connections at once if nothing is said: a process with a silent client takes some 31 MiB. */
const MAX_PROCESSES = 100;
/** How long a process may overrun the longest conversation, in milliseconds. */
const LAST_MS = 1000;

/**
 * Serves each client in a process of its own, whose standard input and output is the client's socket. No
 * client can reach another's memory, descriptors or files; starting a process takes some 40 ms, and some 31 MiB while
 * it lasts, so that `maxConnections` is 100 by default.
 *
 * @param named The service, by name.
 * @param options Where to listen, who starts processes, limits, time-outs, log.
 * @returns The running server.
 * @throws {ConnectError} If the address is in use or not ours.
 * @throws {RangeError} If an option is out of range.
 * @throws {UsageError} If there is no such service for streams.
 * @throws {UnsupportedError} If this is not Linux.
 */
export async function serveFork(
  named: NamedService,
  options: WorkerServeOptions,
): Promise<Server> {
  checkOptions(options, WORKER_RULES);
  const endpoint = listeningEndpoint(options.endpoint);
  const { broker = localBroker() } = options;
  const log = serverLog(shortName(named.service), options.log);
  checkTls(options.tls, log);
  requireProcessConfiguration(named);
  await requireService(named);
  const socket = await broker.listen(endpoint);
  const { reload, tls, broker: _, idleTimeoutMs: _idle, sessionTimeoutMs, ...others } = options;
  // Only the process reads what a proxy says.
  const { proxies: _proxies, ...common } = others;
  const again = reload && (async () => {
    const { service, tls } = await reload();
    checkTls(tls, log);
    return { service: forkingService(service, tls, { ...options, broker }) };
  });
  return new InThreadServer(
    forkingService(named, tls, { ...options, broker }),
    {
      ...common,
      maxConnections: common.maxConnections ?? MAX_PROCESSES,
      reload: again,
      // Only the process sees when its client is silent.
      idleTimeoutMs: Infinity,
      // One that computes for ever sees no time-out of its own.
      sessionTimeoutMs: (sessionTimeoutMs ?? Infinity) + LAST_MS,
    },
    [new BrokeredListener(socket), withRealPort(endpoint, socket.address)],
  );
}

/** A service that leaves the conversation to a process. */
function forkingService(
  named: NamedService,
  tls: ServerTls | undefined,
  { broker, quiet, idleTimeoutMs, sessionTimeoutMs, proxies }: WorkerServeOptions & {
    readonly broker: Broker;
  },
): Service {
  return {
    name: shortName(named.service),
    async handle(
      connection,
      { traffic, log, beforeClosing, endedBy }: ServiceContext,
    ): Promise<void> {
      const brokered = (connection as WatchedConnection).inner as BrokeredConnection;
      let failure: string | undefined;
      const process = await broker.startProcess(
        {
          ...named,
          tls,
          quiet,
          idleTimeoutMs,
          sessionTimeoutMs,
          proxies,
          source: {
            kind: "connection",
            remote: brokered.remoteAddr,
            local: brokered.localAddr,
          },
        },
        brokered.socket,
        (lines) => {
          for (const report of lines.map(parseReport)) {
            const event = eventOf(report);
            if (event === undefined) continue;
            const { kind, text, received = 0, sent = 0 } = event;
            traffic.received += received;
            traffic.sent += sent;
            if (kind === "message") log?.(text);
            else if (kind === "disconnected" && text !== "") endedBy?.(text);
            else if (kind === "failed") failure = text;
          }
        },
      );
      brokered.onClose(() => process.kill());
      beforeClosing?.(async () => {
        process.end();
        await process.ended;
      });
      const ended = await process.ended;
      failure ??= ended === "" ? undefined : `its process ended ${ended}`;
      if (failure !== undefined) throw new NetwrightError(failure, { operation: "serve" });
    },
  };
}

/** Accepts through the broker. */
class BrokeredListener implements Listener {
  readonly addr: Address;
  readonly #socket: SharedSocket;

  constructor(socket: SharedSocket) {
    this.#socket = socket;
    this.addr = socket.address;
  }

  async accept(): Promise<Connection> {
    return new BrokeredConnection(await this.#socket.accept(), this.addr);
  }

  close(): void {
    this.#socket[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Connection> {
    while (true) yield await this.accept();
  }
}

/** A connection whose bytes only its process sees. */
class BrokeredConnection implements Connection {
  readonly localAddr: Address;
  readonly remoteAddr: Address;
  readonly socket: AcceptedSocket;
  #onClose: (() => void) | undefined;
  #closed = false;

  constructor(socket: AcceptedSocket, localAddr: Address) {
    this.socket = socket;
    this.localAddr = localAddr;
    this.remoteAddr = socket.remote;
  }

  /** Sets what ends its process, or does it if it is closed already. */
  onClose(end: () => void): void {
    if (this.#closed) end();
    else this.#onClose = end;
  }

  read(): Promise<number | null> {
    return Promise.reject(elsewhere());
  }

  write(): Promise<number> {
    return Promise.reject(elsewhere());
  }

  closeWrite(): Promise<void> {
    return Promise.reject(elsewhere());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose?.();
    this.socket[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function elsewhere(): UnsupportedError {
  return new UnsupportedError("this connection belongs to a process", { operation: "serve" });
}
