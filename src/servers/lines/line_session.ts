/**
 * One of many sessions that speak in lines: its output waits in a bounded buffer.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import {
  type Address,
  type Connection,
  type Deadline,
  LimitError,
  LineReader,
  LineWriter,
  singleLine,
} from "../../net/mod.ts";

/** What happens to a line for a session whose buffer is full: the session goes, or the line. */
export type WhenFull = "disconnect" | "drop";

/** Limits of a session. */
export interface LineSessionOptions {
  /** Longest line that comes in, in bytes. @default {8192} */
  readonly maxLineBytes?: number | undefined;
  /** Waiting output above which a session is choked: it is not read until it has read. @default {65536} */
  readonly highWaterBytes?: number | undefined;
  /** Waiting output at which it is choked no longer. @default {a quarter of the former} */
  readonly lowWaterBytes?: number | undefined;
  /** Most output that may wait. @default {1048576} */
  readonly maxQueuedBytes?: number | undefined;
  /** Reaction to a full queue. @default {"disconnect"} */
  readonly whenFull?: WhenFull | undefined;
}

/** The callbacks and deadlines that all sessions of a set share. */
export interface SessionHost {
  /** The session was choked, or is choked no longer. */
  readonly onChoke: (choked: boolean) => void;
  /** Ends a wait for input that takes too long. */
  readonly idle: Deadline;
  /** Ends a wait for a peer that does not read. */
  readonly stall: Deadline;
}

/** A peer that is talked to in lines; the set makes it. */
export class LineSession<Data> {
  /** Data of the program about this peer. */
  data: Data;
  /** Who it is. */
  readonly peer: Address;
  readonly #connection: Connection;
  readonly #host: SessionHost;
  readonly #reader: LineReader;
  readonly #writer: LineWriter;
  readonly #high: number;
  readonly #low: number;
  readonly #max: number;
  readonly #whenFull: WhenFull;
  readonly #closed = Promise.withResolvers<void>();
  #waiting = 0;
  #sent = 0;
  #dropped = 0;
  #writing: Promise<void> | undefined;
  #choked: PromiseWithResolvers<void> | undefined;
  #state: "open" | "ending" | "closed" = "open";
  #failure: unknown;

  /** Takes the connection over. */
  constructor(connection: Connection, data: Data, options: LineSessionOptions, host: SessionHost) {
    this.#connection = connection;
    this.#host = host;
    this.data = data;
    this.peer = connection.remoteAddr;
    this.#high = options.highWaterBytes ?? 65_536;
    this.#low = options.lowWaterBytes ?? Math.floor(this.#high / 4);
    this.#max = options.maxQueuedBytes ?? Math.max(this.#high, 1_048_576);
    if (!(this.#low >= 0 && this.#low <= this.#high && this.#high <= this.#max)) {
      throw new RangeError("it must be: 0 <= lowWaterBytes <= highWaterBytes <= maxQueuedBytes");
    }
    this.#whenFull = options.whenFull ?? "disconnect";
    this.#reader = new LineReader(connection, {
      maxLineBytes: options.maxLineBytes ?? 8192,
      deadline: host.idle,
    });
    this.#writer = new LineWriter({
      write: (bytes) => this.#write(bytes),
      close: () => closeQuietly(connection),
    }, { maxQueuedBytes: Infinity, deadline: host.stall });
  }

  /** Bytes that wait to be written. */
  get queuedBytes(): number {
    return this.#waiting;
  }

  /** Whether so much waits that the peer is not listened to. */
  get choked(): boolean {
    return this.#choked !== undefined;
  }

  /** Lines that were left out because the buffer was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How much went over the connection, in bytes. */
  get traffic(): { readonly received: number; readonly sent: number } {
    return { received: this.#reader.position, sent: this.#sent };
  }

  /**
   * Sends a line; it waits here if the peer is slow.
   * @param line Without its ending.
   * @returns Whether it will be sent; false after the end, or if the buffer is full.
   * @throws {InjectionError} If it holds CR, LF or NUL.
   */
  send(line: string): boolean {
    return this.sendBytes(encodeLine(line));
  }

  /**
   * Sends bytes unchanged.
   * @param bytes They are copied.
   * @returns As {@link send} does.
   */
  sendBytes(bytes: Uint8Array): boolean {
    if (this.#state !== "open") return false;
    if (this.#waiting + bytes.length > this.#max) {
      this.#dropped++;
      if (this.#whenFull === "disconnect") this.#fail(this.#full());
      return false;
    }
    this.#writer.queue(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting > this.#high && this.#choked === undefined) {
      this.#choked = Promise.withResolvers();
      this.#host.onChoke(true);
    }
    this.#writing ??= this.#flush();
    return true;
  }

  /** Resolves when little enough waits, at once if it does now. */
  async drained(): Promise<void> {
    await this.#choked?.promise;
  }

  /** Ends in order: nothing more is read or taken, what waits is written, then the connection closes. */
  async end(): Promise<void> {
    if (this.#state === "open") this.#state = "ending";
    // Not every runtime ends a write whose connection is closed.
    await Promise.race([this.#writing, this.#closed.promise]);
    if (this.#isClosed) return;
    try {
      await this.#connection.closeWrite();
    } catch {
      // The peer was quicker.
    }
    this.close();
  }

  /** Ends at once; what waits is lost. */
  close(): void {
    this.#state = "closed";
    this.#closed.resolve();
    closeQuietly(this.#connection);
    this.#unchoke();
  }

  /**
   * Waits for the next line, and before that for a peer that does not read.
   * @returns The line; undefined at the end of the input, or when the session ends.
   * @throws Whatever ended the session.
   */
  async nextLine(): Promise<string | undefined> {
    try {
      if (this.#choked !== undefined) await this.#choked.promise;
      if (this.#state === "open") {
        const line = await this.#reader.readLine();
        if (this.#isOpen) return line;
      }
    } catch (error) {
      if (this.#isOpen) this.#fail(error);
    }
    if (this.#failure !== undefined) throw this.#failure;
    return undefined;
  }

  get #isOpen(): boolean {
    return this.#state === "open";
  }

  get #isClosed(): boolean {
    return this.#state === "closed";
  }

  async #flush(): Promise<void> {
    try {
      // Lines that arrive during this write are sent in the next turn.
      while (this.#waiting > 0) await this.#writer.flush();
    } catch (error) {
      if (!this.#isClosed) this.#fail(error);
    }
    this.#writing = undefined;
  }

  async #write(bytes: Uint8Array): Promise<number> {
    const count = await this.#connection.write(bytes);
    this.#sent += count;
    this.#waiting -= count;
    if (this.#waiting <= this.#low) this.#unchoke();
    return count;
  }

  #unchoke(): void {
    const choked = this.#choked;
    if (choked === undefined) return;
    this.#choked = undefined;
    choked.resolve();
    if (this.#state === "open") this.#host.onChoke(false);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.close();
  }

  #full(): LimitError {
    return new LimitError(`it does not read: ${this.#max} bytes wait`, {
      operation: "send a line",
      limit: this.#max,
    });
  }
}

/** A line's bytes, made once for however many sessions. */
export function encodeLine(line: string): Uint8Array {
  return encoder.encode(`${singleLine(line)}\r\n`);
}

const encoder = new TextEncoder();
