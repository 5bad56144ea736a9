/**
 * Framing of outgoing bytes: whole lines, several in one write.
 *
 * @module
 */

import { closeQuietly } from "../core/close.ts";
import type { Writer } from "../core/connection.ts";
import type { Deadline } from "../core/deadline.ts";
import { InjectionError, LimitError } from "../core/errors.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** Size of a fresh buffer, and of the largest one that is kept for the next lines. */
const FIRST_BYTES = 512;
const MAX_KEPT_BYTES = 65_536;

/** How a {@link LineWriter} writes. */
export interface LineWriterOptions {
  /** The ending of each line. @default {"\r\n"} */
  readonly ending?: string;
  /** How text becomes bytes; characters beyond U+00FF are refused in Latin-1. @default {"utf-8"} */
  readonly encoding?: "utf-8" | "latin1";
  /** Most bytes that may wait for {@link LineWriter.flush}. @default {1048576} */
  readonly maxQueuedBytes?: number;
  /** Ends waits; may be replaced later through {@link LineWriter.deadline}. */
  readonly deadline?: Deadline | undefined;
  /** The peer, for error messages. */
  readonly peer?: string | undefined;
}

/** Pieces up to this size are written together with what follows, in bytes. */
const SMALL_PIECE = 65_536;

/**
 * Writes lines and raw bytes, in the order of the calls, short writes completed.
 *
 * @example Two lines in one write
 * ```ts
 * import { LineWriter } from "@netwright/netwright/net";
 * const sent: string[] = [];
 * const writer = new LineWriter({
 *   write(p) {
 *     sent.push(new TextDecoder().decode(p));
 *     return Promise.resolve(p.length);
 *   },
 * });
 * writer.queueLine("one");
 * await writer.writeLine("two");
 * if (sent.join("|") !== "one\r\ntwo\r\n") throw new Error(sent.join("|"));
 * ```
 */
export class LineWriter {
  /** Ends waits; the sink is closed when it does. */
  deadline: Deadline | undefined;
  readonly #sink: Writer & { close?(): void };
  readonly #ending: Uint8Array;
  readonly #latin1: boolean;
  readonly #maxQueuedBytes: number;
  readonly #peer: string | undefined;
  readonly #onTimeout = (): void => closeQuietly(this.#sink);
  #queue = new Uint8Array(FIRST_BYTES);
  #queuedBytes = 0;
  /** A second buffer, to be filled while the first is written. */
  #spare: Uint8Array<ArrayBuffer> | undefined;
  #turns = 0;
  #lastTurn: Promise<void> = Promise.resolve();

  /**
   * Takes the sink over.
   * @param sink Where the bytes go; if it can be closed, a passed deadline closes it.
   * @param options How to write.
   */
  constructor(sink: Writer & { close?(): void }, options: LineWriterOptions = {}) {
    this.#sink = sink;
    this.#ending = new TextEncoder().encode(options.ending ?? "\r\n");
    this.#latin1 = options.encoding === "latin1";
    this.#maxQueuedBytes = options.maxQueuedBytes ?? 1024 * 1024;
    this.#peer = options.peer;
    this.deadline = options.deadline;
  }

  /**
   * Writes a line and all that waits before it.
   * @param line Without its ending.
   * @throws {InjectionError} If it holds CR, LF or NUL; nothing is written.
   * @throws {DisconnectedError} If the connection broke.
   * @throws {TimeoutError} If the deadline passed; the sink is closed.
   */
  async writeLine(line: string | Uint8Array): Promise<void> {
    this.queueLine(line);
    await this.flush();
  }

  /** How many bytes wait for {@link flush}. */
  get queued(): number {
    return this.#queuedBytes;
  }

  /**
   * Lets a line wait for {@link flush}.
   * @param line Without its ending.
   * @throws {InjectionError} If it holds CR, LF or NUL.
   * @throws {LimitError} If too much waits already.
   */
  queueLine(line: string | Uint8Array): void {
    if (typeof line === "string") this.#queueText(line);
    else {
      for (const byte of line) if (isLineBreak(byte)) throw this.#injection(byte);
      this.#reserve(line.length + this.#ending.length);
      this.queue(line);
    }
    this.queue(this.#ending);
  }

  /** Most lines are ASCII and short: those are checked and encoded in one loop. */
  #queueText(line: string): void {
    const start = this.#queuedBytes;
    this.#reserve(line.length + this.#ending.length);
    const queue = this.#queue;
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      if (isLineBreak(code)) throw this.#injection(code);
      if (code > 127) {
        const bytes = this.#encode(line);
        for (const byte of bytes) if (isLineBreak(byte)) throw this.#injection(byte);
        this.#reserve(bytes.length + this.#ending.length);
        return this.queue(bytes);
      }
      queue[start + i] = code;
    }
    this.#queuedBytes = start + line.length;
  }

  #injection(byte: number): InjectionError {
    const name = byte === 10 ? "LF" : byte === 13 ? "CR" : "NUL";
    return new InjectionError(`the line holds ${name}`, {
      operation: "write a line",
      peer: this.#peer,
    });
  }

  /**
   * Lets bytes wait for {@link flush}.
   * @param bytes They are copied.
   * @throws {LimitError} If too much waits already.
   */
  queue(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#queue.set(bytes, this.#queuedBytes);
    this.#queuedBytes += bytes.length;
  }

  /**
   * Writes bytes; small pieces wait for what follows them, or for {@link flush}.
   * @param bytes They are copied, or written when this resolves.
   * @throws As {@link flush} does.
   */
  async writeSoon(bytes: Uint8Array): Promise<void> {
    if (bytes.length > SMALL_PIECE) return await this.write(bytes);
    this.queue(bytes);
    if (this.#queuedBytes > SMALL_PIECE) await this.flush();
  }

  #reserve(bytes: number): void {
    const needed = this.#queuedBytes + bytes;
    if (needed > this.#maxQueuedBytes) {
      throw new LimitError(`more than ${this.#maxQueuedBytes} bytes wait to be written`, {
        operation: "write",
        peer: this.#peer,
        limit: this.#maxQueuedBytes,
      });
    }
    if (needed <= this.#queue.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#queue.length * 2));
    larger.set(this.#queue.subarray(0, this.#queuedBytes));
    this.#queue = larger;
  }

  /** Forgets what waits for {@link flush}. */
  discard(): void {
    this.#queuedBytes = 0;
  }

  /**
   * Writes bytes unchanged, after all queued ones.
   * @param bytes Any number of them.
   * @throws {DisconnectedError} If the connection broke.
   */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#queuedBytes > 0) await Promise.all([this.flush(), this.#inTurn(bytes)]);
    else await this.#inTurn(bytes);
  }

  /**
   * Writes all that waits.
   * @throws {DisconnectedError} If the connection broke.
   */
  flush(): Promise<void> {
    const buffer = this.#queue;
    const bytes = buffer.subarray(0, this.#queuedBytes);
    this.#queue = this.#spare ?? new Uint8Array(FIRST_BYTES);
    this.#spare = undefined;
    this.#queuedBytes = 0;
    const written = this.#inTurn(bytes);
    if (buffer.length > MAX_KEPT_BYTES) return written;
    return written.then(() => {
      this.#spare = buffer;
    });
  }

  /** Writes after all that is being written; at once if nothing is. */
  #inTurn(bytes: Uint8Array): Promise<void> {
    const turn = this.#turns++ === 0
      ? this.#writeAll(bytes)
      : this.#lastTurn.then(() => this.#writeAll(bytes));
    const over = (): void => {
      this.#turns--;
    };
    this.#lastTurn = turn.then(over, over);
    return turn;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const writing = this.#sink.write(done === 0 ? bytes : bytes.subarray(done));
        done += this.deadline === undefined
          ? await writing
          : await this.deadline.wait(writing, this.#onTimeout);
      }
    } catch (error) {
      throw toNetwrightError(error, { operation: "write", peer: this.#peer });
    }
  }

  #encode(line: string): Uint8Array {
    if (!this.#latin1) return new TextEncoder().encode(line);
    const bytes = new Uint8Array(line.length);
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      if (code > 0xff) {
        throw new InjectionError(
          `the line holds ${JSON.stringify(line[i])}, which is not Latin-1`,
          {
            operation: "write a line",
            peer: this.#peer,
          },
        );
      }
      bytes[i] = code;
    }
    return bytes;
  }
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0;
}
