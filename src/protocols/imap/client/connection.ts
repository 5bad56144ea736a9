/**
 * Commands in flight: several may wait for their responses at once (RFC 9051 §5.5).
 *
 * @module
 */

import { closeQuietly, delay } from "../../../net/internal.ts";
import {
  type Connection,
  Deadline,
  DisconnectedError,
  escapeControls,
  LineReader,
  LineWriter,
  ProtocolError,
  secure,
  type SecureClientOptions,
} from "../../../net/mod.ts";
import type { Transcript } from "../../wire/mod.ts";
import { type ImapResponse, readResponse, type StatusResponse } from "../codec/response.ts";
import { type ResponseParts, ResponseReader } from "../codec/response_reader.ts";
import { type CommandRequest, toRefusal } from "./command_request.ts";
import { CommandWriter, type LiteralMode, UnsentError } from "./command_writer.ts";

/** How an {@link ImapConnection} talks. */
export interface ImapConnectionOptions {
  /** The server, for errors. */
  readonly peer: string;
  /** Longest silence of the server while a command waits, in milliseconds. */
  readonly timeoutMs: number;
  /** Maximum size of one response with its literals, in bytes. */
  readonly maxResponseBytes: number;
  /** Aborting it closes the connection. */
  readonly signal?: AbortSignal | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
  /** Takes what no command asked for. */
  readonly onUntagged: (response: ImapResponse) => void;
}

/** A command under way. */
interface Flight {
  readonly tag: string;
  readonly request: CommandRequest;
  readonly completed: PromiseWithResolvers<StatusResponse>;
}

/** Longest time without a turn for timers, in milliseconds. */
const MAX_RUN_MS = 50;
/** Sends commands, and gives each its responses. */
export class ImapConnection implements Disposable {
  /** How literals are sent. */
  literalMode: LiteralMode = "wait";
  readonly #options: ImapConnectionOptions;
  readonly #deadline: Deadline;
  #connection: Connection;
  #reader!: LineReader;
  #writer!: LineWriter;
  #commands!: CommandWriter;
  #responses!: ResponseReader;
  readonly #greeting = Promise.withResolvers<StatusResponse>();
  #isGreeted = false;
  readonly #listeners = new Set<(request: CommandRequest) => void>();
  readonly #flights: Flight[] = [];
  readonly #queue: Flight[] = [];
  #tags = 0;
  /** The command that is being written. */
  #writing: Flight | undefined;
  /** Wakes the loop that waits without a deadline. */
  #busy = Promise.withResolvers<void>();
  #paused: PromiseWithResolvers<void> | undefined;
  #failure: unknown;
  #farewell: string | undefined;
  readonly #closed = Promise.withResolvers<unknown>();
  readonly #onAbort = (): void => this.#fail(this.#options.signal!.reason);

  /**
   * Takes a connection over, and begins to read.
   * @param connection It belongs to this object.
   * @param options How to talk.
   */
  constructor(connection: Connection, options: ImapConnectionOptions) {
    this.#options = options;
    this.#connection = connection;
    const { peer, timeoutMs, signal } = options;
    this.#deadline = new Deadline(
      { idleTimeoutMs: timeoutMs, signal },
      { operation: "read a response", peer },
    );
    this.#frame();
    this.#greeting.promise.catch(() => {});
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
    else void this.#read();
  }

  #frame(): void {
    const { peer, maxResponseBytes } = this.#options;
    this.#reader = new LineReader(this.#connection, {
      maxLineBytes: maxResponseBytes + 2,
      unfinished: "error",
      peer,
    });
    this.#writer = new LineWriter(this.#connection, { deadline: this.#deadline, peer });
    this.#commands = new CommandWriter(this.#writer, {
      transcript: this.#options.transcript,
      onWait: () => this.#busy.resolve(),
    });
    this.#responses = new ResponseReader(this.#reader, { maxResponseBytes, peer });
  }

  /** The connection, for its addresses. */
  get connection(): Connection {
    return this.#connection;
  }

  /** The server, for errors. */
  get peer(): string {
    return this.#options.peer;
  }

  /** Whether the session is over. */
  get isClosed(): boolean {
    return this.#failure !== undefined;
  }

  /** Resolves with the reason when the session is over; never rejects. */
  get closed(): Promise<unknown> {
    return this.#closed.promise;
  }

  /** Waits for the server's greeting. */
  greeting(): Promise<StatusResponse> {
    return this.#greeting.promise;
  }

  /**
   * Sends a command, and waits for its completion.
   * @param request The command.
   * @returns Its completion.
   * @throws {ReplyError} If the server refuses; the session continues.
   * @throws {DisconnectedError|TimeoutError|ProtocolError|LimitError} The session is over then.
   */
  execute(request: CommandRequest): Promise<StatusResponse> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    for (const listener of [...this.#listeners]) listener(request);
    const tag = `A${++this.#tags}`;
    const flight: Flight = { tag, request, completed: Promise.withResolvers() };
    this.#queue.push(flight);
    this.#pump();
    return flight.completed.promise;
  }

  /**
   * Calls for each command before it is sent.
   * @param listener The callback.
   * @returns Ends that.
   */
  onCommand(listener: (request: CommandRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #pump(): void {
    while (this.#queue.length > 0) {
      const next = this.#queue[0]!;
      if (this.#writing !== undefined || !this.#mayStart(next.request)) {
        for (const { request } of this.#flights) request.onQueued?.();
        return;
      }
      this.#queue.shift();
      try {
        next.request.onStart?.();
      } catch (error) {
        next.completed.reject(error);
        continue;
      }
      this.#flights.push(next);
      this.#busy.resolve();
      this.#writing = next;
      this.#commands.write(next.tag, next.request, this.literalMode).then(
        () => this.#written(),
        (error) => this.#notWritten(next, error),
      );
    }
  }

  #mayStart({ alone, topic }: CommandRequest): boolean {
    if (alone && this.#flights.length > 0) return false;
    return this.#flights.every(({ request }) =>
      !request.alone && (topic === undefined || request.topic !== topic)
    );
  }

  #written(): void {
    this.#writing = undefined;
    // From here on the server must respond in time.
    this.#busy.resolve();
    this.#pump();
  }

  /** Before a byte was sent both sides are in step; afterwards nothing helps. */
  #notWritten(flight: Flight, error: unknown): void {
    if (!(error instanceof UnsentError)) return this.#fail(error);
    this.#writing = undefined;
    this.#flights.splice(this.#flights.indexOf(flight), 1);
    flight.completed.reject(error.cause);
    this.#pump();
  }

  async #read(): Promise<void> {
    try {
      let rested = performance.now();
      for (let count = 0; this.#failure === undefined; count++) {
        // Timers and signals have their turn, also when the server never stops.
        if (count % 256 === 0 && performance.now() - rested > MAX_RUN_MS) {
          await delay(0);
          rested = performance.now();
        }
        const parts = this.#responses.take();
        if (parts !== undefined) {
          this.#take(parts);
          await this.#paused?.promise;
        } else if (!await this.#fill()) {
          throw this.#ended();
        }
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Waits for more: with a deadline only while a command waits for the server. */
  async #fill(): Promise<boolean> {
    const isWaiting = !this.#isGreeted || this.#responses.isPartial ||
      this.#commands.isWaiting || this.#farewell !== undefined ||
      this.#flights.some((flight) => flight !== this.#writing && !flight.request.quiet);
    this.#reader.deadline = isWaiting ? this.#deadline : undefined;
    if (isWaiting) return await this.#reader.fill();
    this.#busy = Promise.withResolvers();
    const arriving = this.#reader.ready();
    if (arriving === undefined) return await this.#reader.fill();
    await Promise.race([arriving, this.#busy.promise]);
    return true;
  }

  #ended(): DisconnectedError {
    const said = this.#farewell === undefined
      ? "the server ended the session"
      : `the server ended the session: ${escapeControls(this.#farewell, { maxLength: 300 })}`;
    return new DisconnectedError(said, { operation: "read a response", peer: this.peer });
  }

  #take(parts: ResponseParts): void {
    this.#record(parts);
    const response = readResponse(parts);
    if (!this.#isGreeted) {
      if (response.kind !== "status") throw this.#unexpected(parts, "no greeting");
      this.#isGreeted = true;
      this.#paused = Promise.withResolvers();
      this.#greeting.resolve(response);
    } else if (response.kind === "tagged") this.#complete(response, parts);
    else if (response.kind === "continue") this.#continue(response.text, parts);
    else this.#deliver(response);
  }

  /** Continues to read responses after a pause. */
  resume(): void {
    const paused = this.#paused;
    this.#paused = undefined;
    paused?.resolve();
  }

  #record(parts: ResponseParts): void {
    const { transcript } = this.#options;
    if (transcript === undefined) return;
    const shown = parts.map((part) => typeof part === "string" ? part : `[${part.length} bytes]`);
    transcript.record("S", shown.join(""));
  }

  #deliver(response: ImapResponse): void {
    if (response.kind === "status" && response.status === "BYE") this.#farewell = response.text;
    for (const { request } of this.#flights) if (request.onData?.(response)) return;
    this.#options.onUntagged(response);
  }

  #complete(response: ImapResponse & { kind: "tagged" }, parts: ResponseParts): void {
    const index = this.#flights.findIndex(({ tag }) => tag === response.tag);
    // A server that has ended IDLE by itself takes DONE for a command.
    if (index < 0 && response.tag.toUpperCase() === "DONE") return;
    if (index < 0) throw this.#unexpected(parts, "a completion of no command");
    const flight = this.#flights[index]!;
    this.#flights.splice(index, 1);
    if (this.#writing === flight) this.#commands.consent(false);
    const { request: { pause, verb }, completed } = flight;
    if (response.status === "OK") {
      // A completion may say as much of the mailbox as a response before it.
      const { status, code, text } = response;
      if (code !== undefined) this.#options.onUntagged({ kind: "status", status, code, text });
      if (pause) this.#paused = Promise.withResolvers();
      completed.resolve(response);
    } else completed.reject(toRefusal(response, `complete ${verb}`, this.peer));
    this.#pump();
  }

  #continue(text: string, parts: ResponseParts): void {
    if (this.#commands.consent(true)) return;
    const flight = this.#flights.find(({ request }) => request.onContinue !== undefined);
    if (flight === undefined) throw this.#unexpected(parts, "an unasked request for more");
    void (async () => {
      try {
        const line = await flight.request.onContinue!(text);
        if (line === undefined) return;
        this.#options.transcript?.record("C", line.toString());
        await this.#writer.writeLine(typeof line === "string" ? line : line.reveal());
      } catch (error) {
        this.#fail(error);
      }
    })();
  }

  /**
   * Sends a line outside any command: `DONE`.
   * @param line The line.
   */
  async sendLine(line: string): Promise<void> {
    this.#options.transcript?.record("C", line);
    this.#busy.resolve();
    await this.#writer.writeLine(line);
  }

  #unexpected(parts: ResponseParts, what: string): ProtocolError {
    const received = escapeControls(String(parts[0]), { maxLength: 200 });
    return new ProtocolError(`the server sent ${what}: "${received}"`, {
      operation: "read a response",
      peer: this.peer,
      received,
    });
  }

  /**
   * Goes over to TLS, behind a command with `pause`.
   * @param options The name in the certificate, and the trusted authorities.
   * @throws {ProtocolError} If plaintext waits; the session is over.
   * @throws {TlsError} If TLS could not be agreed on; the session is over.
   */
  async upgrade(options: Omit<SecureClientOptions, "role" | "reader">): Promise<void> {
    const { signal, timeoutMs, transcript } = this.#options;
    const reader = this.#reader;
    await this.replace((connection) =>
      secure(connection, { signal, timeoutMs, ...options, role: "client", reader })
    );
    transcript?.record("*", "TLS started");
  }

  /**
   * Replaces the connection by one inside it, behind a command with `pause`.
   * @param wrap Makes the other; it is given the bytes that have arrived.
   */
  async replace(
    wrap: (connection: Connection, takeBuffered: () => Uint8Array) => Promise<Connection>,
  ): Promise<void> {
    try {
      this.#connection = await wrap(this.#connection, () => this.#reader.takeBuffered());
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    this.#frame();
    this.resume();
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    closeQuietly(this.#connection);
    this.#deadline[Symbol.dispose]();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#greeting.reject(error);
    for (const { completed } of [...this.#flights, ...this.#queue]) completed.reject(error);
    this.#flights.length = this.#queue.length = 0;
    this.#commands.abandon(error);
    this.#busy.resolve();
    this.resume();
    this.#closed.resolve(error);
  }

  /** Closes the connection, in TLS with `close_notify`, so that it does not look cut off. */
  async end(): Promise<void> {
    if (!this.isClosed && "peerName" in this.#connection) {
      using deadline = new Deadline({ timeoutMs: 1000 }, { operation: "end", peer: this.peer });
      // A server that is gone needs no notice.
      await deadline.wait(this.#connection.closeWrite(), () => {}).catch(() => {});
    }
    this[Symbol.dispose]();
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    this.#fail(
      new DisconnectedError("the session is closed", {
        operation: "send a command",
        peer: this.peer,
      }),
    );
  }
}
