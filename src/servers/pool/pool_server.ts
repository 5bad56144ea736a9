/**
 * A server whose clients are served by a pool of processes or Workers, which grows and shrinks.
 *
 * @module
 */

import { type Endpoint, formatEndpoint, NetwrightError } from "../../net/mod.ts";
import type { Configuration } from "../core/configuration.ts";
import { endsWithin } from "../core/grace.ts";
import { type Log, reportError, serverLog } from "../core/log.ts";
import type { NamedService } from "../../services/mod.ts";
import { eventOf, type WorkerReport } from "../workers/worker_report.ts";
import {
  addClient,
  type PooledWorker,
  type PoolHandle,
  removeClient,
  toStatus,
} from "./_pooled_worker.ts";
import type { PoolSize } from "./pool_options.ts";
import type { ServeOptions, Server, ServerEvent, ServerStatus } from "../core/server.ts";

/** The parts of a pool that differ between models. */
export interface PoolPlan {
  /** The service's name. */
  readonly service: string;
  /** Connections at once of one worker. */
  readonly connectionsPerChild: number;
  /** What workers serve that are started from now on. */
  readonly configuration: Configuration<NamedService>;
  /** Starts a worker. */
  start(onReport: (report: WorkerReport) => void): Promise<PoolHandle>;
  /** Called when no more workers will be started. */
  close(): void;
}

/** How often too many idle workers are looked for, in milliseconds. */
const SHRINK_MS = 500;
/** Time for workers to say goodbye to their clients, in milliseconds. */
const GOODBYE_MS = 800;
/** First and longest pause before a worker is started in place of one that failed, in milliseconds. */
const PAUSE_MS = { first: 50, longest: 5000 };

/** Serves with a pool. */
export class PoolServer implements Server {
  readonly endpoint: Endpoint;
  readonly finished: Promise<void>;
  readonly #plan: PoolPlan;
  readonly #size: Required<{ [K in keyof PoolSize]: number }>;
  readonly #log: Log;
  readonly #workers = new Set<PooledWorker>();
  readonly #counts = { accepted: 0, refused: 0, failed: 0, received: 0, sent: 0 };
  readonly #finish = Promise.withResolvers<void>();
  readonly #shrink: ReturnType<typeof setInterval>;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** Workers that failed since one served. */
  #failures = 0;
  #open = true;

  private constructor(
    plan: PoolPlan,
    endpoint: Endpoint,
    { idleMin = 2, idleMax = 6, childrenMax = 64, log, signal }:
      & PoolSize
      & Pick<
        ServeOptions,
        "log" | "signal"
      >,
  ) {
    this.#plan = plan;
    this.endpoint = endpoint;
    this.#size = {
      idleMin: Math.min(idleMin, childrenMax),
      idleMax: Math.max(idleMin, idleMax),
      childrenMax,
    };
    this.#log = serverLog(plan.service, log);
    this.#shrink = setInterval(() => this.#retireIdle(), SHRINK_MS);
    const stop = (): void => void this.shutdown(0);
    signal?.addEventListener("abort", stop, { once: true });
    this.finished = this.#finish.promise.finally(() => {
      clearInterval(this.#shrink);
      clearTimeout(this.#again);
      signal?.removeEventListener("abort", stop);
      this.#log({ kind: "stopped", text: `${this.#counts.accepted} connections served` });
    });
    if (signal?.aborted) stop();
  }

  /**
   * Starts a pool, and waits until its first worker serves.
   *
   * @param plan The parts of the model.
   * @param endpoint Where, with the port if it is known already.
   * @param options Size, log, signal.
   * @returns The running server.
   * @throws {NetwrightError} If the first worker fails, with its reason.
   */
  static async start(
    plan: PoolPlan,
    endpoint: Endpoint | ((first: string | undefined) => Endpoint),
    options: PoolSize & Pick<ServeOptions, "log" | "signal">,
  ): Promise<PoolServer> {
    const ready = Promise.withResolvers<string | undefined>();
    let said = "";
    const early: WorkerReport[] = [];
    let take = (report: WorkerReport): void => void early.push(report);
    const starting = plan.start((report) => {
      if ("state" in report && report.state === "ready") ready.resolve(report.endpoint);
      else if ("state" in report && report.state === "unable") {
        const { peer, reason } = report;
        ready.reject(new NetwrightError(reason, { operation: "serve", peer }));
      } else if ("event" in report) said = report.event.text;
      take(report);
    });
    const handle = await starting.catch((error) => {
      plan.close();
      throw error;
    });
    handle.ended.then((how) => {
      const reason = `its first worker ended ${how}${said === "" ? "" : `: ${said}`}`;
      ready.reject(new NetwrightError(reason, { operation: "serve" }));
    });
    const first = await ready.promise.catch((error) => {
      plan.close();
      throw error;
    });
    const server = new PoolServer(
      plan,
      typeof endpoint === "function" ? endpoint(first) : endpoint,
      options,
    );
    const worker = server.#add(handle);
    take = (report) => server.#take(worker, report);
    server.#log({ kind: "listening", text: formatEndpoint(server.endpoint) });
    early.forEach(take);
    server.#grow();
    return server;
  }

  #add(handle: PoolHandle): PooledWorker {
    const worker: PooledWorker = {
      handle,
      since: performance.now(),
      state: "starting",
      connections: 0,
      accepted: 0,
      clients: new Map(),
    };
    this.#workers.add(worker);
    handle.ended.then((how) => this.#ended(worker, how));
    return worker;
  }

  /** Those that count: not on their way out. */
  get #serving(): PooledWorker[] {
    return [...this.#workers].filter(({ state }) => state !== "retiring");
  }

  #isFree({ state, connections }: PooledWorker): boolean {
    return state !== "retiring" && connections < this.#plan.connectionsPerChild;
  }

  #starting = 0;
  /** Workers that are to retire as soon as another one is ready. */
  readonly #replaced = new Set<PooledWorker>();

  /** Starts as many as are missing. */
  #grow(): void {
    if (!this.#open || this.#again !== undefined) return;
    const serving = this.#serving;
    const free = serving.filter((worker) => this.#isFree(worker)).length + this.#starting;
    const room = this.#size.childrenMax - serving.length - this.#starting;
    for (let left = Math.min(this.#size.idleMin - free, room); left > 0; left--) void this.#start();
  }

  async #start(): Promise<void> {
    this.#starting++;
    let worker: PooledWorker | undefined;
    const early: WorkerReport[] = [];
    try {
      const handle = await this.#plan.start((report) => {
        if (worker === undefined) early.push(report);
        else this.#take(worker, report);
      });
      worker = this.#add(handle);
      for (const report of early) this.#take(worker, report);
      if (!this.#open) handle.retire();
    } catch (error) {
      // A worker that was being started as the server stopped finds the socket closed, which is not an error.
      if (this.#open) this.#log({ kind: "failed", text: `start a worker: ${reportError(error)}` });
      this.#pause();
    } finally {
      this.#starting--;
      this.#finishIfEmpty();
    }
  }

  #finishIfEmpty(): void {
    if (!this.#open && this.#workers.size === 0 && this.#starting === 0) this.#finish.resolve();
  }

  /** Waits longer each time, lest a service that cannot start keeps the machine busy. */
  #pause(): void {
    if (!this.#open || this.#again !== undefined) return;
    const pause = Math.min(PAUSE_MS.longest, PAUSE_MS.first * 2 ** this.#failures++);
    this.#again = setTimeout(() => {
      this.#again = undefined;
      this.#grow();
    }, pause);
  }

  #take(worker: PooledWorker, report: WorkerReport): void {
    if ("event" in report) this.#takeEvent(worker, report.event);
    else if (report.state === "unable") {
      worker.state = "retiring";
      // One that was being started as the server stopped finds the socket closed, as in #start().
      if (this.#open) this.#log(eventOf(report)!);
      this.#pause();
    } else if (report.state === "retiring") worker.state = "retiring";
    else if (worker.state === "starting") {
      worker.state = "idle";
      for (const { handle } of this.#replaced) handle.retire();
      this.#replaced.clear();
    }
    this.#grow();
  }

  #takeEvent(worker: PooledWorker, event: Omit<ServerEvent, "service">): void {
    const { kind, received = 0, sent = 0, ms } = event;
    if (kind === "connected") {
      worker.connections++;
      worker.accepted++;
      if (event.client !== undefined) addClient(worker, event.client);
      this.#counts.accepted++;
      this.#failures = 0;
    } else if (ms !== undefined) {
      worker.connections = Math.max(0, worker.connections - 1);
      if (event.client !== undefined) removeClient(worker, event.client);
      this.#counts.received += received;
      this.#counts.sent += sent;
    }
    if (kind === "failed") this.#counts.failed++;
    if (kind === "refused") this.#counts.refused++;
    if (worker.state !== "retiring") worker.state = worker.connections > 0 ? "busy" : "idle";
    this.#log(event);
  }

  #ended(worker: PooledWorker, how: string): void {
    this.#workers.delete(worker);
    this.#replaced.delete(worker);
    // The worker itself cannot report this any more.
    for (const [client, { count, since }] of worker.clients) {
      const end = { client, ms: performance.now() - since, received: 0, sent: 0 };
      for (let times = 0; times < count; times++) {
        this.#log(
          this.#open
            ? { kind: "failed", ...end, text: `its worker ended ${how || "before it"}` }
            : { kind: "disconnected", ...end, text: "ended by shutdown" },
        );
      }
    }
    if (how !== "" && this.#open) {
      const text = `worker ${worker.handle.id} ended ${how}` +
        (worker.connections > 0 ? `, and with it ${counted(worker.connections)}` : "");
      this.#log({ kind: "failed", text });
      this.#counts.failed += worker.connections;
      if (worker.accepted === 0) this.#pause();
    }
    this.#grow();
    this.#finishIfEmpty();
  }

  /** One at a time, so that a pause between two waves of clients does not empty the pool. */
  #retireIdle(): void {
    const free = this.#serving.filter((worker) => this.#isFree(worker));
    if (free.length <= this.#size.idleMax) return;
    const oldest = free.find(({ state }) => state === "idle");
    if (oldest !== undefined) this.#retire(oldest);
  }

  #retire(worker: PooledWorker): void {
    worker.state = "retiring";
    worker.handle.retire();
  }

  status(): ServerStatus {
    const workers = [...this.#workers].map(toStatus);
    return {
      service: this.#plan.service,
      endpoint: formatEndpoint(this.endpoint),
      connections: workers.reduce((sum, { connections }) => sum + connections, 0),
      ...this.#counts,
      workers,
    };
  }

  async reload(): Promise<void> {
    await this.#plan.configuration.reload();
    // The old ones accept until a new one does: with sockets of their own no other worker would.
    for (const worker of this.#serving) {
      worker.state = "retiring";
      this.#replaced.add(worker);
    }
    this.#grow();
  }

  async shutdown(graceMs: number = 10_000): Promise<void> {
    if (this.#open) {
      this.#open = false;
      this.#log({ kind: "shutdown", text: `${this.status().connections} connections are open` });
      this.#plan.close();
      for (const worker of this.#workers) this.#retire(worker);
      this.#finishIfEmpty();
    }
    await endsWithin(this.finished, graceMs);
    for (const { handle } of this.#workers) handle.end();
    await endsWithin(this.finished, GOODBYE_MS);
    for (const { handle } of this.#workers) handle.kill();
    await this.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown(0);
  }
}

function counted(connections: number): string {
  return connections === 1 ? "1 connection" : `${connections} connections`;
}
