/**
 * Messages of a program that is not to wait for its collector.
 *
 * @module
 */

import { delay } from "../../../net/internal.ts";
import { LimitError } from "../../../net/mod.ts";
import type { SyslogContent } from "../codec/syslog_message.ts";
import type { SyslogClient } from "./syslog_client.ts";

/** How a queue behaves. */
export interface SyslogQueueOptions {
  /** Connects to the collector; again whenever the connection was lost. */
  readonly connect: () => Promise<SyslogClient>;
  /** Maximum number of messages that wait; further ones are lost, and counted. @default {10_000} */
  readonly maxWaiting?: number | undefined;
  /** First wait before another attempt, in milliseconds; each next one is twice as long, up to a minute. @default {1000} */
  readonly retryMs?: number | undefined;
  /** Called when the collector can no longer be reached, once until it can. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** Messages that are sent together. */
const BATCH = 200;
/** Longest wait between two attempts, in milliseconds. */
const MAX_RETRY_MS = 60_000;

/**
 * Sends messages in the background: adding one never waits and never fails. While the collector is away they wait, and what does not fit is
 * counted and told to the collector later.
 *
 * @example Into memory
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { parseSyslog, SyslogClient, SyslogQueue } from "@netwright/netwright/syslog";
 * const network = memoryNetwork();
 * const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 514 });
 * const queue = new SyslogQueue({ connect: () => SyslogClient.connect("udp://127.0.0.1", { network }) });
 * queue.add({ facility: 3, severity: 6, text: "started" });
 * if (parseSyslog((await socket.receive())[0]).text !== "started") throw new Error("wrong");
 * await queue.close(100);
 * socket.close();
 * ```
 */
export class SyslogQueue {
  readonly #options: SyslogQueueOptions;
  readonly #waiting: SyslogContent[] = [];
  readonly #ending = new AbortController();
  #client: SyslogClient | undefined;
  #running: Promise<void> | undefined;
  #lost = 0;
  #hasFailed = false;

  /**
   * Creates an empty queue; nothing is connected before the first message.
   * @param options How it behaves.
   */
  constructor(options: SyslogQueueOptions) {
    this.#options = options;
  }

  /** Adds a message. */
  add(content: SyslogContent): void {
    const { maxWaiting = 10_000 } = this.#options;
    if (this.#waiting.length >= maxWaiting || this.#ending.signal.aborted) {
      this.#lost++;
      return;
    }
    this.#waiting.push(content);
    this.#begin();
  }

  /** Number of messages that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Ends the queue.
   * @param timeoutMs Time for messages that wait, in milliseconds.
   */
  async close(timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.#ending.abort(), timeoutMs);
    await this.#running;
    clearTimeout(timer);
    this.#ending.abort();
    await this.#client?.[Symbol.asyncDispose]();
    this.#client = undefined;
  }

  #begin(): void {
    if (this.#running !== undefined || this.#ending.signal.aborted) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0) this.#begin();
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    const { retryMs = 1000, connect, onFailure } = this.#options;
    let size = BATCH;
    for (let wait = retryMs; this.#waiting.length > 0 && !signal.aborted;) {
      const lost = this.#lost;
      try {
        this.#client ??= await orEnd(connect(), signal);
        // Of datagrams a part may have been sent before a failure, and would be sent again.
        const batch = this.#waiting.slice(0, this.#client.isStream ? size : 1);
        await orEnd(this.#client.send(...batch, ...report(lost, batch[0]!)), signal);
        this.#waiting.splice(0, batch.length);
        this.#lost -= lost;
        this.#hasFailed = false;
        size = BATCH;
        wait = retryMs;
      } catch (error) {
        // One of them is too long: it is lost, and no other.
        if (error instanceof LimitError && !signal.aborted) {
          if (size === 1) this.#lost += this.#waiting.splice(0, 1).length;
          size = 1;
          continue;
        }
        const client = this.#client;
        this.#client = undefined;
        void client?.[Symbol.asyncDispose]().catch(() => {});
        if (signal.aborted) return;
        if (!this.#hasFailed) onFailure?.(error);
        this.#hasFailed = true;
        await delay(wait, signal).catch(() => {});
        wait = Math.min(wait * 2, MAX_RETRY_MS);
      }
    }
  }
}

/** What to say about lost messages, beside others. */
function report(lost: number, beside: SyslogContent): SyslogContent[] {
  if (lost === 0) return [];
  const text = `${lost} ${lost === 1 ? "message was" : "messages were"} lost`;
  return [{ ...beside, severity: 4, timestamp: new Date(), msgId: undefined, text }];
}

/** Waits for a promise, or for the end. */
async function orEnd<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = Promise.withResolvers<never>();
  const onAbort = (): void => ended.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, ended.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
