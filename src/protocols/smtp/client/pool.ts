/**
 * Several connections to one server, each used for many messages.
 *
 * @module
 */

import { SMTP_CLIENT_RULES } from "./client_options.ts";
import { checkOptions, type OptionRules } from "../../../net/internal.ts";
import {
  DisconnectedError,
  LimitError,
  NetwrightError,
  ReplyError,
  type ServerAddress,
  TimeoutError,
} from "../../../net/mod.ts";
import { type Outbox, SmtpClient } from "./client.ts";
import { smtpServer } from "./_server.ts";
import type { SmtpClientOptions } from "./client_options.ts";
import type { OutgoingMessage, SendResult } from "./transaction.ts";

/** How an {@link SmtpPool} sends. */
export interface SmtpPoolOptions extends SmtpClientOptions {
  /** Most connections at once. @default {4} */
  readonly maxConnections?: number | undefined;
  /** Most messages over one connection. @default {100} */
  readonly maxMessages?: number | undefined;
  /** Longest life of a connection, in milliseconds. @default {300_000} */
  readonly maxAgeMs?: number | undefined;
  /** Most messages that wait. @default {10_000} */
  readonly maxWaiting?: number | undefined;
  /** How often a message is tried again whose connection broke before its text was sent. @default {2} */
  readonly retries?: number | undefined;
}

const POOL_RULES: OptionRules<SmtpPoolOptions> = {
  ...SMTP_CLIENT_RULES,
  maxConnections: "count",
  maxMessages: "count",
  maxAgeMs: "time",
  maxWaiting: "count",
  retries: "whole",
};

/** A waiting message, and the promise of its result. */
interface Waiting {
  readonly outgoing: OutgoingMessage;
  readonly settled: PromiseWithResolvers<SendResult>;
  tries: number;
}

/**
 * Sends messages over a few connections, which stay open while messages come. Every message has a result:
 * accepted, rejected, or unknown, because the connection broke after its text was sent.
 *
 * @example Many messages
 * ```ts
 * import { type OutgoingMessage, SmtpPool } from "@netwright/netwright/smtp";
 * async function sendAll(messages: readonly OutgoingMessage[]): Promise<number> {
 *   await using pool = new SmtpPool("mail.example.org");
 *   const outcomes = await Promise.allSettled(messages.map((message) => pool.send(message)));
 *   return outcomes.filter(({ status }) => status === "fulfilled").length;
 * }
 * ```
 */
export class SmtpPool implements AsyncDisposable {
  readonly #server: ServerAddress;
  readonly #options: SmtpPoolOptions;
  readonly #waiting: Waiting[] = [];
  readonly #workers = new Set<Promise<void>>();
  /** Connections that are not in use. */
  readonly #idle: Lane[] = [];
  #closed = false;

  /**
   * Makes a pool; it connects when there is something to send.
   * @param server The server, as for {@link SmtpClient.connect}.
   * @param options How to connect, and how much at once.
   * @throws {UsageError} If the address is malformed.
   * @throws {RangeError} If a number makes no sense.
   */
  constructor(server: ServerAddress, options: SmtpPoolOptions = {}) {
    checkOptions(options, POOL_RULES);
    // A malformed address is reported here, not with the first message.
    smtpServer(server, options);
    this.#server = server;
    this.#options = options;
  }

  /** How many messages wait for a connection. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Sends a message as soon as a connection is free.
   * @param outgoing The message with its envelope.
   * @returns Who was accepted and who was not; one was, at least.
   * @throws {LimitError} If too many wait already.
   * @throws As `SmtpClient.send` and `SmtpClient.connect` do.
   */
  async send(outgoing: OutgoingMessage): Promise<SendResult> {
    const { maxWaiting = 10_000, maxConnections = 4 } = this.#options;
    if (this.#closed) throw new TypeError("Cannot send: the pool is closed");
    if (this.#waiting.length >= maxWaiting) {
      throw new LimitError(`more than ${maxWaiting} messages wait`, {
        operation: "send a message",
        limit: maxWaiting,
      });
    }
    // A copy: the same message may be sent twice.
    const waiting = {
      outgoing: { ...outgoing },
      settled: Promise.withResolvers<SendResult>(),
      tries: 0,
    };
    this.#waiting.push(waiting);
    if (this.#workers.size < maxConnections) this.#start();
    return await waiting.settled.promise;
  }

  #start(): void {
    const worker = this.#work().finally(() => this.#workers.delete(worker));
    this.#workers.add(worker);
  }

  /** Sends until nothing waits. */
  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lane = this.#idle.pop() ?? new Lane(this.#server, this.#options);
      try {
        await lane.run(this.#waiting);
      } catch (error) {
        lane.close();
        // A server that cannot be reached takes none of them; one that broke off may take the others.
        if (lane.connected) continue;
        for (const { settled } of this.#waiting.splice(0)) settled.reject(error);
        return;
      }
      if (lane.isUsable) this.#idle.push(lane);
      else await lane.quit();
    }
  }

  /** Waits until all is sent, and says goodbye. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    while (this.#workers.size > 0) await Promise.all(this.#workers);
    await Promise.all(this.#idle.splice(0).map((lane) => lane.quit()));
  }

  /** Closes all connections at once; what waits is refused. */
  close(): void {
    this.#closed = true;
    const error = new NetwrightError("the pool was closed", { operation: "send a message" });
    for (const { settled } of this.#waiting.splice(0)) settled.reject(error);
    for (const lane of this.#idle.splice(0)) lane.close();
  }
}

/** One connection, and what went over it. */
class Lane {
  readonly #server: ServerAddress;
  readonly #options: SmtpPoolOptions;
  #client: SmtpClient | undefined;
  #sent = 0;
  #since = 0;

  constructor(server: ServerAddress, options: SmtpPoolOptions = {}) {
    // A malformed address is reported here, not with the first message.
    smtpServer(server, options);
    this.#server = server;
    this.#options = options;
  }

  /** Whether it ever was connected. */
  get connected(): boolean {
    return this.#client !== undefined;
  }

  /** Whether more may go over it. */
  get isUsable(): boolean {
    const { maxMessages = 100, maxAgeMs = 300_000 } = this.#options;
    return this.#client?.isClosed === false && this.#sent < maxMessages &&
      performance.now() - this.#since < maxAgeMs;
  }

  /** Sends what waits, until nothing does or it was used enough. */
  async run(waiting: Waiting[]): Promise<void> {
    if (this.#client === undefined) {
      this.#client = await SmtpClient.connect(this.#server, ofClient(this.#options));
      this.#since = performance.now();
    }
    await this.#client.sendAll(this.#outbox(waiting));
  }

  #outbox(waiting: Waiting[]): Outbox {
    const { retries = 2 } = this.#options;
    const taken = new Map<OutgoingMessage, Waiting>();
    const settle = (message: OutgoingMessage): Waiting => {
      const found = taken.get(message)!;
      taken.delete(message);
      return found;
    };
    return {
      take: () => {
        const next = this.isUsable ? waiting.shift() : undefined;
        if (next === undefined) return undefined;
        this.#sent++;
        taken.set(next.outgoing, next);
        return next.outgoing;
      },
      sent: (message, result) => settle(message).settled.resolve(result),
      failed: (message, error, unknown) => {
        const found = settle(message);
        // A stream was perhaps read already; a message in memory can be sent again.
        const again = !unknown && isBroken(error) && message.message instanceof Uint8Array;
        if (again && found.tries++ < retries) waiting.unshift(found);
        else found.settled.reject(error);
      },
    };
  }

  async quit(): Promise<void> {
    await this.#client?.quit();
  }

  close(): void {
    this.#client?.close();
  }
}

/** Whether it was the connection that failed, and not the message. */
function isBroken(error: unknown): boolean {
  if (error instanceof ReplyError) return error.code === 421;
  return error instanceof DisconnectedError || error instanceof TimeoutError;
}

/** The options that each client of a pool has. */
function ofClient(options: SmtpPoolOptions): SmtpClientOptions {
  const names = Object.keys(SMTP_CLIENT_RULES) as (keyof SmtpClientOptions)[];
  return Object.fromEntries(names.map((name) => [name, options[name]]));
}
