/**
 * Where a command writes: a standard stream, or a buffer of a test.
 *
 * @module
 */

import { jsonLine } from "../../net/internal.ts";
import { escapeControls, toNetwrightError, type Writer } from "../../net/mod.ts";

/** The name of standard output in errors. */
export const STANDARD_OUTPUT = "standard output";

/** Standard output ended before we did, as with `| head`; the command stops without a word. */
export class OutputClosedError extends Error {
  /** Its name. */
  override readonly name = "OutputClosedError";
}

/** Highlighting of text, by the numbers of ECMA-48 that begin and end it. */
const STYLES = {
  bold: [1, 22],
  good: [32, 39],
  bad: [31, 39],
  marked: [7, 27],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

/** The role of a part of a line. */
export type Style = keyof typeof STYLES;

/**
 * One output stream. Text goes out as UTF-8; text of a peer is cleaned if a terminal shows it.
 */
export class Output {
  /** Whether a person's terminal shows it. */
  readonly isTerminal: boolean;
  readonly #isColoured: boolean;
  readonly #sink: Writer;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #pending: Promise<void> = Promise.resolve();

  /**
   * @param sink Where the bytes go.
   * @param isTerminal Whether a terminal shows them.
   * @param isColoured Whether text may be highlighted. @default {on a terminal, unless `NO_COLOR` is set}
   */
  constructor(
    sink: Writer,
    isTerminal: boolean,
    isColoured: boolean = isTerminal && !Deno.noColor,
  ) {
    this.#sink = sink;
    this.isTerminal = isTerminal;
    this.#isColoured = isColoured;
  }

  /** Highlights clean text, if enabled. */
  paint(style: Style, text: string): string {
    const [begin, end] = STYLES[style];
    return this.#isColoured ? `\x1b[${begin}m${text}\x1b[${end}m` : text;
  }

  /** Writes one line of our own making; any part of it that came from a peer is cleaned already. */
  async line(text = ""): Promise<void> {
    await this.#write(this.#encoder.encode(text + "\n"));
  }

  /** Writes text of our own making without an end of line. */
  async text(text: string): Promise<void> {
    await this.#write(this.#encoder.encode(text));
  }

  /** Writes one object as a line of JSON; control characters are escaped in it. */
  async json(value: unknown): Promise<void> {
    await this.line(jsonLine(rounded(value)));
  }

  /** Writes one line from a peer: unchanged to a file or pipe, cleaned to a terminal. */
  async peerLine(text: string): Promise<void> {
    await this.line(this.isTerminal ? escapeControls(text) : text);
  }

  /** Writes bytes from a peer: unchanged to a file or pipe, as cleaned text to a terminal. */
  async peerBytes(bytes: Uint8Array): Promise<void> {
    if (!this.isTerminal) return await this.#write(bytes);
    const text = this.#decoder.decode(bytes, { stream: true }).replaceAll("\r\n", "\n");
    await this.text(escapeControls(text, { lines: true }));
  }

  /** Resolves when everything is written. */
  async flush(): Promise<void> {
    await this.#pending;
  }

  // Writes of concurrent tasks stay whole: each begins when the one before has ended.
  async #write(bytes: Uint8Array): Promise<void> {
    const before = this.#pending;
    this.#pending = before.then(() => this.#writeAll(bytes));
    await this.#pending;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        done += await this.#sink.write(done === 0 ? bytes : bytes.subarray(done));
      }
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) throw new OutputClosedError();
      throw toNetwrightError(error, { operation: "write", peer: STANDARD_OUTPUT });
    }
  }
}

/**
 * Measured numbers: to a thousandth, or six figures of smaller ones. Binary fractions have a dozen more that
 * mean nothing.
 */
function rounded(value: unknown): unknown {
  if (typeof value === "number") {
    if (Number.isInteger(value) || !Number.isFinite(value)) return value;
    return Math.abs(value) >= 1 ? Math.round(value * 1000) / 1000 : Number(value.toPrecision(6));
  }
  if (typeof value !== "object" || value === null || "toJSON" in value) return value;
  if (Array.isArray(value)) return value.map(rounded);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)]));
}
