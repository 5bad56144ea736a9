/**
 * A server whose conversations run in the thread that accepts them.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import {
  type Connection,
  DisconnectedError,
  type Endpoint,
  formatEndpoint,
  type Listener,
  secure,
  TimeoutError,
  toNetwrightError,
} from "../../net/mod.ts";
import type { ClosingReason, Service, ServiceContext } from "../../services/mod.ts";
import { Configuration } from "../core/configuration.ts";
import { ClientCounts } from "./_clients.ts";
import { endsWithin } from "../core/grace.ts";
import { Proxies } from "./_introduced.ts";
import { IdleWatch, type WatchedConnection } from "./idle_watch.ts";
import { type Log, reportError, serverLog } from "../core/log.ts";
import type { ServeOptions, Server, ServerStatus, ServerTls } from "../core/server.ts";
import { RejectedConnections } from "./_reject_connection.ts";

/** How such a server differs from its sisters. */
export interface InThreadOptions {
  /** Conversations at once; further clients wait in the system's queue. @default {Infinity} */
  readonly concurrency?: number | undefined;
  /** Connections after which it accepts no more and ends. @default {Infinity} */
  readonly retireAfter?: number | undefined;
}

/** The common options that it uses. */
export type InThreadServeOptions = Omit<ServeOptions, "network" | "endpoint">;

/**
 * Maximum time in milliseconds for conversations to end once their connections are closed. Some never do: before
 * Deno 2.9, a write that the client does not read outlives its connection.
 */
const CLOSING_MS = 1000;

/** Accepts clients and talks with them, one at a time, some, or all at once. */
export class InThreadServer implements Server {
  readonly endpoint: Endpoint;
  readonly finished: Promise<void>;
  readonly #configuration: Configuration<Service>;
  readonly #options: InThreadServeOptions;
  readonly #now: () => Date;
  readonly #listener: Listener;
  readonly #clients: ClientCounts;
  readonly #rejectedConnections = new RejectedConnections();
  readonly #watch: IdleWatch;
  readonly #log: Log;
  readonly #ending = new AbortController();
  readonly #drained = Promise.withResolvers<void>();
  readonly #concurrency: number;
  readonly #retireAfter: number;
  readonly #proxies: Proxies | undefined;
  /** Connections of proxies that have not said yet who their clients are. */
  readonly #introducing = new Set<Connection>();
  readonly #counts = { accepted: 0, refused: 0, failed: 0, received: 0, sent: 0 };
  #accepting = true;
  /** Whether the conversations that end now do so because the server does. */
  #isEnding = false;
  #shutdown: Promise<void> | undefined;
  /** Called when a conversation has ended, if a client waits for that. */
  #onSlot: (() => void) | undefined;

  constructor(
    service: Service,
    options: InThreadServeOptions,
    [listener, endpoint]: readonly [Listener, Endpoint],
    { concurrency = Infinity, retireAfter = Infinity }: InThreadOptions = {},
  ) {
    const { maxConnections = 1000, maxConnectionsPerClient = Infinity } = options;
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    const room = options.whenFull === "queue" ? maxConnections : Infinity;
    this.#concurrency = Math.min(concurrency, room);
    this.#retireAfter = retireAfter;
    this.#log = serverLog(service.name, options.log);
    this.#listener = listener;
    try {
      const { proxies = [] } = options;
      this.#proxies = proxies.length === 0 ? undefined : new Proxies(proxies);
      this.#configuration = new Configuration(service, options, this.#log);
    } catch (error) {
      closeQuietly(listener);
      throw error;
    }
    this.endpoint = endpoint;
    this.#clients = new ClientCounts(maxConnections, maxConnectionsPerClient, options.clientPrefix);
    this.#watch = new IdleWatch(
      options.idleTimeoutMs ?? 300_000,
      options.sessionTimeoutMs ?? Infinity,
      // Its place is free again, whatever the handler waits for.
      (watched) => this.#conclude(watched, STUCK),
    );
    const stop = (): void => void this.shutdown(0);
    options.signal?.addEventListener("abort", stop, { once: true });
    this.#log({ kind: "listening", text: formatEndpoint(this.endpoint) });
    this.finished = this.#accept().finally(async () => {
      options.signal?.removeEventListener("abort", stop);
      this.#watch[Symbol.dispose]();
      await this.#configuration.end();
      this.#log({ kind: "stopped", text: `${this.#counts.accepted} connections served` });
    });
    if (options.signal?.aborted) stop();
  }

  async #accept(): Promise<void> {
    let failures = 0;
    while (this.#accepting) {
      if (this.#watch.size >= this.#concurrency) {
        await new Promise<void>((resolve) => this.#onSlot = resolve);
        continue;
      }
      let connection: Connection;
      try {
        connection = await this.#listener.accept();
        failures = 0;
      } catch (error) {
        if (!this.#accepting) break;
        if (isClientsFault(error)) {
          // As checks of health do.
          this.#log({ kind: "message", text: "a client left before it was accepted" });
          continue;
        }
        this.#log({ kind: "failed", text: `accept: ${reportError(error)}` });
        // A lack of descriptors passes, however long it takes; a listener that is gone does not.
        if (error instanceof Deno.errors.BadResource) break;
        await new Promise((resolve) => setTimeout(resolve, Math.min(1000, 10 * ++failures)));
        continue;
      }
      if (this.#proxies?.includes(connection.remoteAddr) === true) void this.#introduce(connection);
      else this.#begin(connection);
      if (this.#counts.accepted >= this.#retireAfter) {
        this.#stopAccepting(`after ${this.#counts.accepted} connections`);
      }
    }
    this.#accepting = false;
    closeQuietly(this.#listener);
    if (this.#watch.size > 0) await this.#drained.promise;
  }

  /** Begins a conversation once its proxy has said with whom. */
  async #introduce(connection: Connection): Promise<void> {
    const proxy = formatEndpoint(connection.remoteAddr);
    const { maxConnections = 1000 } = this.#options;
    if (this.#introducing.size >= maxConnections) {
      this.#counts.refused++;
      this.#log({ kind: "refused", client: proxy, text: "too many proxies are silent" });
      return closeQuietly(connection);
    }
    this.#introducing.add(connection);
    try {
      const introduced = await this.#proxies!.introduce(connection);
      if (!this.#accepting) closeQuietly(connection);
      else this.#begin(introduced);
    } catch (error) {
      closeQuietly(connection);
      // Whoever only looks whether we are there says nothing.
      if (!this.#accepting) return;
      this.#counts.refused++;
      this.#log({ kind: "refused", client: proxy, text: reportError(error) });
    } finally {
      this.#introducing.delete(connection);
    }
  }

  #begin(connection: Connection): void {
    const client = formatEndpoint(connection.remoteAddr);
    const reason = this.#clients.add(connection.remoteAddr);
    const { service, tls } = this.#configuration;
    if (reason !== undefined) {
      this.#counts.refused++;
      this.#log({ kind: "refused", client, text: reason });
      // Who expects TLS would not understand.
      this.#rejectedConnections.reject(connection, tls === undefined ? service.busy : undefined);
      return;
    }
    this.#counts.accepted++;
    this.#log({ kind: "connected", client, text: "" });
    const watched = this.#watch.watch(connection);
    if (service.clientSpeaksFirst && this.#canPark(watched, tls)) this.#park(watched);
    else void this.#serve(watched, tls);
  }

  /** TLS holds more than a socket; a server for one client would only be slower. */
  #canPark({ inner }: WatchedConnection, tls: ServerTls | undefined): boolean {
    return tls === undefined && this.#concurrency > 1 && inner.onceReadable !== undefined;
  }

  /** Leaves a silent client be; a connection that was closed meanwhile is found out by the next read. */
  #park(watched: WatchedConnection): void {
    watched.inner.onceReadable!(() => void this.#serve(watched, undefined));
  }

  /** Resolves when the conversation is over or parked, and never rejects. */
  async #serve(watched: WatchedConnection, tls: ServerTls | undefined): Promise<void> {
    const { inner: connection } = watched;
    const { remoteAddr } = connection;
    const client = formatEndpoint(remoteAddr);
    let inner: Connection = watched;
    const context: ServiceContext = {
      signal: this.#ending.signal,
      traffic: watched,
      log: this.#options.log === undefined || this.#options.quiet
        ? undefined
        : (text) => this.#log({ kind: "message", client, text }),
      warn: (text) => this.#log({ kind: "warning", client, text }),
      canPark: this.#canPark(watched, tls),
      touch: () => watched.touch(),
      endedBy: (reason) => {
        if (typeof reason === "string") watched.over ??= reason;
      },
      beforeClosing: (say) =>
        watched.lastWords = async (reason) => {
          await say(reason);
          if (inner !== watched) await inner.closeWrite();
        },
      now: this.#now,
    };
    let error: unknown;
    try {
      const { service } = this.#configuration;
      if (tls !== undefined) {
        inner = await secure(watched, { role: "server", ...tls });
        watched.lastWords = () => inner.closeWrite();
      }
      const isParked = await service.handle(inner, context) === "park";
      if (isParked && context.canPark) return this.#park(watched);
    } catch (caught) {
      error = caught ?? new TypeError(`${caught} was thrown`);
    }
    if (inner !== watched) {
      // close_notify shows the client that the connection was not cut.
      const isOrderly = error === undefined && watched.over === undefined &&
        !this.#ending.signal.aborted;
      if (isOrderly) await endsWithin(inner.closeWrite().catch(() => {}), CLOSING_MS);
      closeQuietly(inner);
    }
    this.#conclude(watched, error);
  }

  /** Counts and logs the end of a conversation, once. */
  #conclude(watched: WatchedConnection, error: unknown): void {
    if (!this.#watch.forget(watched)) return;
    const { inner: connection } = watched;
    const { remoteAddr } = connection;
    const client = formatEndpoint(remoteAddr);
    closeQuietly(connection);
    this.#clients.remove(remoteAddr);
    const { received, sent } = watched;
    this.#counts.received += received;
    this.#counts.sent += sent;
    const [failed, reason] = this.#judge(error, watched.over);
    if (failed) this.#counts.failed++;
    const text = reason;
    const ms = performance.now() - watched.since;
    const end = { client, text, ms, received, sent };
    this.#log(failed ? { kind: "failed", ...end, error } : { kind: "disconnected", ...end });
    this.#onSlot?.();
    if (this.#watch.size === 0 && !this.#accepting) this.#drained.resolve();
  }

  /** A client that leaves, an idle one and a shutdown are ordinary ends; anything else is a failure. */
  #judge(error: unknown, over: string | undefined): [failed: boolean, reason: string] {
    if (error === STUCK) return [true, `${over}, and its handler did not end`];
    if (over !== undefined) return [false, over];
    if (this.#isEnding) return [false, "ended by shutdown"];
    if (error === undefined) return [false, ""];
    const known = toNetwrightError(error, { operation: "serve" });
    if (known instanceof DisconnectedError || known instanceof TimeoutError) {
      return [false, reportError(known)];
    }
    return [true, reportError(known)];
  }

  status(): ServerStatus {
    const open = this.#watch.traffic();
    return {
      service: this.#configuration.service.name,
      endpoint: formatEndpoint(this.endpoint),
      connections: this.#watch.size,
      ...this.#counts,
      received: this.#counts.received + open.received,
      sent: this.#counts.sent + open.sent,
    };
  }

  reload(): Promise<void> {
    return this.#configuration.reload();
  }

  /** Says goodbye to all clients, for that reason, and ends then. */
  async end(reason: ClosingReason): Promise<void> {
    this.#isEnding = true;
    await this.#watch.sayGoodbye(reason);
    await this.shutdown(0);
  }

  async shutdown(graceMs: number = 10_000): Promise<void> {
    if (this.#shutdown !== undefined && graceMs > 0) return await this.#shutdown;
    this.#shutdown = this.#stop(graceMs);
    await this.#shutdown;
  }

  async #stop(graceMs: number): Promise<void> {
    this.#stopAccepting(`${this.#watch.size} connections are open`);
    if (graceMs > 0 && this.#watch.size > 0) await endsWithin(this.finished, graceMs);
    this.#isEnding = true;
    await this.#watch.sayGoodbye("shutdown");
    this.#ending.abort(
      new DisconnectedError("the server is shutting down", { operation: "serve" }),
    );
    this.#watch.closeAll();
    for (const connection of this.#introducing) closeQuietly(connection);
    this.#rejectedConnections.close();
    await endsWithin(this.finished, CLOSING_MS);
    if (this.#watch.size > 0) {
      this.#log({
        kind: "failed",
        text: `${this.#watch.size} connections did not end when closed`,
      });
      this.#drained.resolve();
    }
    await this.finished;
  }

  #stopAccepting(text: string): void {
    if (!this.#accepting) return;
    this.#accepting = false;
    this.#log({ kind: "shutdown", text });
    closeQuietly(this.#listener);
    // A conversation that never ends must not keep the accepting loop waiting for its place.
    this.#onSlot?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown(0);
  }
}

/** The error of a handler that goes on waiting after its connection was closed. */
const STUCK = new TimeoutError("its handler did not end", { operation: "serve" });

/** A client that resets its connection before it is accepted must not make others wait. */
function isClientsFault(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.ConnectionReset;
}
