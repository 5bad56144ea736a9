/**
 * A load generator: many connections, with a new request after each response, or at a given rate.
 *
 * @module
 */

import { closeQuietly, disableNagle } from "../../net/internal.ts";
import {
  ByteReader,
  CapabilityError,
  type Connection,
  Deadline,
  dial,
  type Endpoint,
  type Network,
  NetwrightError,
  toNetwrightError,
  UnsupportedError,
  writeAll,
} from "../../net/mod.ts";
import { type Exchange, type ExchangePlan, openExchange } from "./exchange.ts";
import { type Latencies, type LatencySummary, openLatencies } from "./latencies.ts";

/** A load, as plain data that another thread can be sent. */
export interface LoadPlan {
  /** The server. */
  readonly endpoint: Endpoint;
  /** The requests. */
  readonly exchange: ExchangePlan;
  /** Connections at once. */
  readonly connections: number;
  /** The duration, in milliseconds. */
  readonly durationMs?: number | undefined;
  /** After how many round trips it ends. */
  readonly requests?: number | undefined;
  /** The duration before anything counts, in milliseconds. @default {0} */
  readonly warmUpMs?: number | undefined;
  /**
   * Round trips per second of all connections together; each then counts from when it should have begun,
   * so that a server that stalls does not hide those who wait. As fast as answered if absent.
   */
  readonly rate?: number | undefined;
  /** Longest wait for a connection and for each answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** What happened, as plain data. */
export interface LoadCounts {
  /** Round trips that were answered well. */
  readonly requests: number;
  /** Those that were not, by what went wrong. */
  readonly errors: Readonly<Record<string, number>>;
  /** Bytes of all bodies. */
  readonly bytes: number;
  /** Connections that were opened. */
  readonly opened: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** Latencies, encoded. */
  readonly latencies: string;
}

/** The results. */
export interface LoadResult extends Omit<LoadCounts, "latencies"> {
  /** Round trips per second. */
  readonly perSecond: number;
  /** How long answers took, in milliseconds. */
  readonly latencyMs: LatencySummary;
}

/** Maximum number of different errors; the others are counted together. */
const MAX_ERROR_KINDS = 20;
/** How long a server may take for the last answers, in milliseconds. */
const LAST_ANSWERS_MS = 5000;
/** After a failure a connection waits, in milliseconds: a server that refuses is not hammered. */
const AFTER_FAILURE_MS = 10;

/**
 * Asks.
 *
 * @param network Where.
 * @param plan The server, the requests, and their number.
 * @param signal Ends it early, in order.
 * @returns What happened.
 */
export async function runLoad(
  network: Network,
  plan: LoadPlan,
  signal?: AbortSignal,
): Promise<LoadCounts> {
  const run = new LoadRun(network, plan, await openLatencies(), signal);
  return await run.finish();
}

/**
 * Sums up what several threads did at the same time.
 * @param parts One of each.
 */
export async function sumUp(parts: readonly LoadCounts[]): Promise<LoadResult> {
  const all = await openLatencies();
  const errors: Record<string, number> = {};
  for (const part of parts) {
    all.merge(part.latencies);
    for (const [kind, count] of Object.entries(part.errors)) {
      errors[kind] = (errors[kind] ?? 0) + count;
    }
  }
  const sum = (of: (part: LoadCounts) => number): number => parts.reduce((n, p) => n + of(p), 0);
  const ms = Math.max(...parts.map((part) => part.ms));
  const requests = sum((part) => part.requests);
  return {
    requests,
    errors,
    bytes: sum((part) => part.bytes),
    opened: sum((part) => part.opened),
    ms: Math.round(ms),
    perSecond: Math.round(requests / ms * 10_000) / 10,
    latencyMs: all.summary(),
  };
}

class LoadRun {
  readonly #network: Network;
  readonly #plan: LoadPlan;
  readonly #exchange: Exchange;
  readonly #latencies: Latencies;
  readonly #signal: AbortSignal | undefined;
  readonly #open = new Set<Connection>();
  readonly #errors = new Map<string, number>();
  /** Ends waits for a rate's next turn at the end. */
  readonly #over = Promise.withResolvers<void>();
  #isOver = false;
  #isStopped = false;
  #began: number;
  #asked = 0;
  #requests = 0;
  #bytes = 0;
  #opened = 0;

  constructor(
    network: Network,
    plan: LoadPlan,
    latencies: Latencies,
    signal: AbortSignal | undefined,
  ) {
    this.#network = network;
    this.#plan = plan;
    this.#exchange = openExchange(plan.exchange);
    this.#latencies = latencies;
    this.#signal = signal;
    this.#began = performance.now() + (plan.warmUpMs ?? 0);
  }

  async finish(): Promise<LoadCounts> {
    const { connections, durationMs, warmUpMs = 0 } = this.#plan;
    let ended = 0;
    let last: ReturnType<typeof setTimeout> | undefined;
    // Pending requests may still be answered, so that a server that hangs is noticed.
    const end = (): void => {
      if (this.#isOver) return;
      this.#isOver = true;
      ended = performance.now();
      this.#over.resolve();
      last = setTimeout(() => {
        for (const connection of this.#open) {
          this.#countFault("unanswered at the end");
          closeQuietly(connection);
        }
        stop();
      }, LAST_ANSWERS_MS);
    };
    const stop = (): void => {
      this.#isStopped = true;
      end();
      for (const connection of this.#open) closeQuietly(connection);
    };
    const timer = durationMs === undefined ? undefined : setTimeout(end, durationMs + warmUpMs);
    this.#signal?.addEventListener("abort", stop, { once: true });
    if (this.#signal?.aborted) stop();
    try {
      await Promise.all(Array.from({ length: connections }, (_, i) => this.#client(i)));
    } finally {
      stop();
      clearTimeout(timer);
      clearTimeout(last);
      this.#signal?.removeEventListener("abort", stop);
    }
    const ms = ended - this.#began;
    return {
      requests: this.#requests,
      errors: Object.fromEntries(this.#errors),
      bytes: this.#bytes,
      opened: this.#opened,
      ms,
      latencies: this.#latencies.encode(),
    };
  }

  /** One connection after the other, until it is over. */
  async #client(index: number): Promise<void> {
    const { rate, connections, requests = Infinity } = this.#plan;
    const interval = rate === undefined ? 0 : 1000 * connections / rate;
    let turn = performance.now() + interval * index / connections;
    const next = async (): Promise<number | undefined> => {
      let since: number | undefined;
      if (rate !== undefined) {
        const wait = turn - performance.now();
        // A turn that the server has delayed counts from when it was due; our timers are not its fault.
        if (wait <= 0) since = turn;
        else if (wait > 0.5) await this.#pause(wait);
        turn += interval;
      }
      if (this.#isOver || this.#asked >= requests) return undefined;
      this.#asked++;
      return since ?? performance.now();
    };
    while (!this.#isOver && this.#asked < requests) {
      try {
        await this.#converse(next);
      } catch (error) {
        if (this.#isStopped) return;
        this.#count(error);
        await this.#pause(AFTER_FAILURE_MS);
      }
    }
  }

  async #converse(next: () => Promise<number | undefined>): Promise<void> {
    let since = await next();
    if (since === undefined) return;
    const { endpoint, timeoutMs } = this.#plan;
    const connection = await dial(endpoint, { network: this.#network, timeoutMs });
    this.#opened++;
    this.#open.add(connection);
    try {
      if (this.#isOver) return;
      disableNagle(connection);
      using deadline = new Deadline({ idleTimeoutMs: timeoutMs }, {
        operation: "wait for an answer",
      });
      const reader = new ByteReader(connection, { deadline });
      for (; since !== undefined; since = await next()) {
        await writeAll(connection, this.#exchange.request);
        const { bytes, isContinued, fault } = await this.#exchange.readAnswer(reader);
        const now = performance.now();
        if (now >= this.#began && !this.#isOver) {
          if (fault === undefined) this.#requests++;
          else this.#countFault(fault);
          this.#bytes += bytes;
          this.#latencies.record(now - since);
        }
        if (!isContinued) return;
      }
    } finally {
      this.#open.delete(connection);
      closeQuietly(connection);
    }
  }

  /** Waits, no longer than the end. */
  async #pause(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const passed = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
    await Promise.race([passed, this.#over.promise]);
    clearTimeout(timer);
  }

  /** Counts failures of the server or the network; anything else ends the run. */
  #count(error: unknown): void {
    const known = toNetwrightError(error, { operation: "ask" });
    const isPeers = known instanceof NetwrightError &&
      !(known instanceof CapabilityError || known instanceof UnsupportedError);
    if (!isPeers) throw known;
    if (performance.now() >= this.#began) this.#countFault(known.reason);
  }

  #countFault(kind: string): void {
    const known = this.#errors.has(kind) || this.#errors.size < MAX_ERROR_KINDS;
    const key = known ? kind : "other";
    this.#errors.set(key, (this.#errors.get(key) ?? 0) + 1);
  }
}
