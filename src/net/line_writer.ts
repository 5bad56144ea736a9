/**
 * Framing of outgoing bytes: whole lines, several in one write.
 *
 * @module
 */

import { closeQuietly } from "./close.ts";
import type { Writer } from "./connection.ts";
import type { Deadline } from "./deadline.ts";
import { InjectionError, LimitError } from "./errors.ts";
import { toNetwrightError } from "./system_errors.ts";

/** How a {@link LineWriter} writes. */
export interface LineWriterOptions {
  /** What is put after each line. @default {"\r\n"} */
  readonly ending?: string;
  /** How text becomes bytes; characters beyond U+00FF are refused in Latin-1. @default {"utf-8"} */
  readonly encoding?: "utf-8" | "latin1";
  /** Most bytes that may wait for {@link LineWriter.flush}. @default {1048576} */
  readonly maxQueuedBytes?: number;
  /** Ends waits; may be replaced later through {@link LineWriter.deadline}. */
  readonly deadline?: Deadline | undefined;
  /** Whom it writes to, for error messages. */
  readonly peer?: string | undefined;
}

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
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #writing: Promise<void> = Promise.resolve();

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

  /**
   * Lets a line wait for {@link flush}.
   * @param line Without its ending.
   * @throws {InjectionError} If it holds CR, LF or NUL.
   * @throws {LimitError} If too much waits already.
   */
  queueLine(line: string | Uint8Array): void {
    const bytes = typeof line === "string" ? this.#encode(line) : line;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === 10 || byte === 13 || byte === 0) {
        const name = byte === 10 ? "LF" : byte === 13 ? "CR" : "NUL";
        throw new InjectionError(`the line holds ${name}`, {
          operation: "write a line",
          peer: this.#peer,
        });
      }
    }
    this.queue(bytes);
    this.queue(this.#ending);
  }

  /**
   * Lets bytes wait for {@link flush}.
   * @param bytes They must not change until then.
   * @throws {LimitError} If too much waits already.
   */
  queue(bytes: Uint8Array): void {
    if (this.#queuedBytes + bytes.length > this.#maxQueuedBytes) {
      throw new LimitError(`more than ${this.#maxQueuedBytes} bytes wait to be written`, {
        operation: "write",
        peer: this.#peer,
        limit: this.#maxQueuedBytes,
      });
    }
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
  }

  /**
   * Writes bytes as they are, after all that waits before them.
   * @param bytes Any number of them.
   * @throws {DisconnectedError} If the connection broke.
   */
  async write(bytes: Uint8Array): Promise<void> {
    const queued = this.#takeQueue();
    await this.#inTurn(async () => {
      if (queued.length > 0) await this.#writeAll(queued);
      await this.#writeAll(bytes);
    });
  }

  /**
   * Writes all that waits.
   * @throws {DisconnectedError} If the connection broke.
   */
  async flush(): Promise<void> {
    const queued = this.#takeQueue();
    await this.#inTurn(() => this.#writeAll(queued));
  }

  #takeQueue(): Uint8Array {
    const parts = this.#queue;
    const whole = parts.length === 1 ? parts[0]! : new Uint8Array(this.#queuedBytes);
    if (parts.length !== 1) {
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.length;
      }
    }
    this.#queue = [];
    this.#queuedBytes = 0;
    return whole;
  }

  async #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#writing.then(write);
    this.#writing = turn.catch(() => {});
    await turn;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const writing = this.#sink.write(done === 0 ? bytes : bytes.subarray(done));
        done += this.deadline === undefined
          ? await writing
          : await this.deadline.wait(writing, () => closeQuietly(this.#sink));
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
