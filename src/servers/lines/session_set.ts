/**
 * Many line sessions in one loop (13.1, 13.2 of the book's list): no peer that is slow, silent or gone
 * holds up the others.
 *
 * @module
 */

import { checkOptions, type OptionRules } from "../../net/internal.ts";
import { type Connection, Deadline, LimitError } from "../../net/mod.ts";
import { endsWithin } from "../core/grace.ts";
import {
  encodeLine,
  LineSession,
  type LineSessionOptions,
  type SessionHost,
} from "./line_session.ts";

/** Limits of a set, and of each of its sessions. */
export interface SessionSetOptions<Data = undefined> extends LineSessionOptions {
  /** Most sessions at once. @default {1000} */
  readonly maxSessions?: number | undefined;
  /** Longest wait for a line of a session, in milliseconds; `Infinity` lifts it. @default {300000} */
  readonly idleTimeoutMs?: number | undefined;
  /** Longest wait for a session that does not read, in milliseconds. @default {60000} */
  readonly stallTimeoutMs?: number | undefined;
  /** Called when a session is choked, because it does not read, and when it is so no longer. */
  readonly onChoke?: ((session: LineSession<Data>, choked: boolean) => void) | undefined;
}

const SESSION_SET_RULES: OptionRules<SessionSetOptions> = {
  maxLineBytes: "count",
  highWaterBytes: "count",
  lowWaterBytes: "whole",
  maxQueuedBytes: "count",
  whenFull: "any",
  maxSessions: "count",
  idleTimeoutMs: "time",
  stallTimeoutMs: "time",
  onChoke: "any",
};

/** What happened in a set. */
export type SessionEvent<Data = undefined> =
  /** A session began. */
  | { readonly kind: "open"; readonly session: LineSession<Data> }
  /** It sent a line. */
  | { readonly kind: "line"; readonly session: LineSession<Data>; readonly line: string }
  /**
   * It sends nothing more; `error` is the reason, unless it or the program ended it. Lines sent
   * to it before the next event is asked for still reach it; then it ends in order.
   */
  | { readonly kind: "end"; readonly session: LineSession<Data>; readonly error?: unknown };

/**
 * Sessions that are served by one loop.
 *
 * Events come one at a time. The next line of a session is read when its last one was dealt with, that is
 * when the loop asks for the event after it, so nothing piles up: a set holds one event for each session.
 *
 * @example Every line goes to all
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/testing";
 * import { LineReader, LineWriter } from "@netwright/netwright/net";
 * import { SessionSet } from "@netwright/netwright/servers";
 * const network = memoryNetwork();
 * using listener = network.listen({ port: 7 });
 * using alice = await network.connect({ port: 7 });
 * using bob = await network.connect({ port: 7 });
 *
 * await using sessions = new SessionSet();
 * for (let i = 0; i < 2; i++) sessions.add(await listener.accept());
 * const serving = (async () => {
 *   for await (const event of sessions) {
 *     if (event.kind === "line") sessions.broadcast(event.line);
 *   }
 * })();
 * await new LineWriter(alice).writeLine("good morning");
 * if (await new LineReader(bob).readLine() !== "good morning") throw new Error("not received");
 * await sessions.end();
 * await serving;
 * ```
 */
export class SessionSet<Data = undefined>
  implements AsyncIterable<SessionEvent<Data>>, AsyncDisposable {
  readonly #options: SessionSetOptions<Data>;
  readonly #sessions = new Map<LineSession<Data>, Promise<void>>();
  readonly #idle: Deadline;
  readonly #stall: Deadline;
  readonly #events = new EventQueue<SessionEvent<Data>>();
  #over = false;

  /**
   * Makes an empty set.
   * @param options The limits.
   */
  constructor(options: SessionSetOptions<Data> = {}) {
    checkOptions(options, SESSION_SET_RULES);
    this.#options = options;
    const { idleTimeoutMs = 300_000, stallTimeoutMs = 60_000 } = options;
    this.#idle = new Deadline({ idleTimeoutMs }, { operation: "wait for a line" });
    this.#stall = new Deadline({ idleTimeoutMs: stallTimeoutMs }, {
      operation: "wait for the peer to read",
    });
  }

  /** How many sessions there are. */
  get size(): number {
    return this.#sessions.size;
  }

  /** The sessions that there are now. */
  get sessions(): readonly LineSession<Data>[] {
    return [...this.#sessions.keys()];
  }

  /**
   * Begins a session.
   * @param connection Belongs to the set from now on.
   * @param data The program's data about it.
   * @returns The session, and what resolves when it has ended, for a server that waits for that.
   * @throws {LimitError} If there are too many, or the set has ended; the connection is left alone.
   * @throws {RangeError} If a limit of the options is none.
   */
  add(
    connection: Connection,
    ...[data]: undefined extends Data ? [data?: Data] : [data: Data]
  ): { readonly session: LineSession<Data>; readonly ended: Promise<void> } {
    const { maxSessions = 1000, onChoke } = this.#options;
    if (this.#over || this.#sessions.size >= maxSessions) {
      const limit = this.#over ? 0 : maxSessions;
      throw new LimitError(`there can be ${limit} sessions`, {
        operation: "begin a session",
        limit,
      });
    }
    const host: SessionHost = {
      idle: this.#idle,
      stall: this.#stall,
      onChoke: (choked) => onChoke?.(session, choked),
    };
    const session = new LineSession<Data>(connection, data as Data, this.#options, host);
    const ended = this.#run(session);
    this.#sessions.set(session, ended);
    return { session, ended };
  }

  /** Resolves when the session is over, and never rejects. */
  async #run(session: LineSession<Data>): Promise<void> {
    await this.#events.put({ kind: "open", session });
    let end: SessionEvent<Data> = { kind: "end", session };
    try {
      for (let line; (line = await session.nextLine()) !== undefined;) {
        await this.#events.put({ kind: "line", session, line });
      }
    } catch (error) {
      end = { kind: "end", session, error };
    }
    await this.#events.put(end);
    await session.end();
    this.#sessions.delete(session);
  }

  /**
   * Sends a line to many: none of them is waited for, and one whose buffer is full costs itself only.
   * @param line Without its ending.
   * @param isMeant Selects the recipients; all if absent.
   * @returns To how many.
   * @throws {InjectionError} If it holds CR, LF or NUL.
   */
  broadcast(line: string, isMeant?: (session: LineSession<Data>) => boolean): number {
    const bytes = encodeLine(line);
    let count = 0;
    for (const session of this.#sessions.keys()) {
      if ((isMeant?.(session) ?? true) && session.sendBytes(bytes)) count++;
    }
    return count;
  }

  /**
   * Ends all sessions in order: what waits for them is written. The loop sees their ends, then its own; it
   * must go on meanwhile, so do not wait for this within it.
   * @param graceMs How long that may take, in milliseconds; then they are closed. @default {10000}
   */
  async end(graceMs: number = 10_000): Promise<void> {
    this.#over = true;
    const sessions = this.sessions;
    const ended = Promise.all(this.#sessions.values()).then(() => {});
    for (const session of sessions) void session.end();
    await endsWithin(ended, graceMs);
    this.close();
    await ended;
  }

  /** Ends all sessions and the loop at once. */
  close(): void {
    this.#over = true;
    for (const session of this.#sessions.keys()) session.close();
    this.#events.close();
    this.#idle[Symbol.dispose]();
    this.#stall[Symbol.dispose]();
  }

  /** Yields what happens, until the set has ended. */
  async *[Symbol.asyncIterator](): AsyncGenerator<SessionEvent<Data>> {
    for (let event; (event = await this.#events.take()) !== undefined;) yield event;
  }

  /** Closes all sessions and waits for the last of them. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = Promise.all(this.#sessions.values());
    this.close();
    await ended;
  }
}

/** Events in their order; a producer waits until its event was handled. */
class EventQueue<Event> {
  readonly #events: { readonly event: Event; readonly done: () => void }[] = [];
  #current: (() => void) | undefined;
  #onEvent: (() => void) | undefined;
  #closed = false;

  /** Resolves when the event after this one is asked for. */
  put(event: Event): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((done) => {
      this.#events.push({ event, done });
      this.#onEvent?.();
    });
  }

  async take(): Promise<Event | undefined> {
    this.#current?.();
    this.#current = undefined;
    while (!this.#closed && this.#events.length === 0) {
      await new Promise<void>((resolve) => this.#onEvent = resolve);
    }
    const next = this.#events.shift();
    this.#current = next?.done;
    return next?.event;
  }

  close(): void {
    this.#closed = true;
    this.#current?.();
    for (const { done } of this.#events.splice(0)) done();
    this.#onEvent?.();
  }
}
