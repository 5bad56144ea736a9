/**
 * Conversations with programs that were made for people: their output is searched, and input is typed.
 *
 * @module
 */

import { checkOptions, closeQuietly, type OptionRules } from "../../../net/internal.ts";
import {
  type Connection,
  DisconnectedError,
  escapeControls,
  TimeoutError,
  toNetwrightError,
  UsageError,
  writeAll,
} from "../../../net/mod.ts";
import { Secret, type Transcript } from "../../../protocols/wire/mod.ts";
import { type Charset, charsetOf } from "./charset.ts";
import { SecretMask } from "./secret_mask.ts";
import { describePatterns, findText, type PatternMatch, type TextPattern } from "./text_pattern.ts";
import { Screen, type ScreenPlace } from "../screen/screen.ts";

/** How a {@link Conversation} reads, and its limits. */
export interface ConversationOptions {
  /** The peer, for error messages. */
  readonly peer: string;
  /** The character set of both directions. @default {"utf-8"} */
  readonly charset?: string | undefined;
  /** Reported width of the terminal, in characters. @default {80} */
  readonly columns?: number | undefined;
  /** Its height. @default {24} */
  readonly rows?: number | undefined;
  /** Maximum number of lines that are kept once they have left the screen. @default {10000} */
  readonly keptRows?: number | undefined;
  /** See {@link Screen}. */
  readonly onScroll?: ((text: string, row: number, isContinued: boolean) => void) | undefined;
  /** Returns the line ending of input now. @default {"\r\n"} */
  readonly lineEnd?: (() => string) | undefined;
  /** Records the dialogue, secrets masked. */
  readonly transcript?: Transcript | undefined;
  /** Ends waits and closes the connection. */
  readonly signal?: AbortSignal | undefined;
}

const CONVERSATION_RULES: OptionRules<ConversationOptions> = {
  peer: "any",
  charset: "any",
  columns: "count",
  rows: "count",
  keptRows: "whole",
  onScroll: "any",
  lineEnd: "any",
  transcript: "any",
  signal: "signal",
};

/** A match of {@link Conversation.expect}. */
export interface Expected {
  /** Which of the alternatives. */
  readonly index: number;
  /** The text that matched. */
  readonly text: string;
  /** The text before it that was not looked at before. */
  readonly before: string;
  /** Whether that is all of it; not if more lines came than are kept. */
  readonly isWhole: boolean;
  /** Text of named groups. */
  readonly groups: Readonly<Record<string, string | undefined>>;
}

/** Bytes of a read. */
const BUFFER_BYTES = 32_768;
/** Text is looked at in pieces of this size, so that nothing scrolls past a pattern. */
const PIECE = 4096;
/** Rows above the screen that a pattern of several lines may begin in. */
const ROWS_BEFORE = 100;
/** How long a match that reaches to the end of the text may still grow, in milliseconds. */
const GROWING_MS = 30;
/** Most of a line that a transcript collects. */
const MAX_LINE = 2000;

/** A conversation with a program at the other end of a connection. */
export class Conversation implements Disposable {
  /** The screen with the peer's output. */
  readonly screen: Screen;
  /** Changes lines of the screen for messages. */
  tidy: (text: string) => string = (text) => text;
  readonly #connection: Connection;
  readonly #peer: string;
  readonly #charset: Charset;
  readonly #lineEnd: () => string;
  readonly #transcript: Transcript | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #mask = new SecretMask();
  readonly #onAbort = (): void => closeQuietly(this.#connection);
  /** A read that is under way: waits end, and reads go on. */
  #reading: Promise<number | null> | undefined;
  /** Text that is still to be shown. */
  #text = "";
  /** The unfinished line of the transcript. */
  #line = "";
  #hasEnded = false;
  #isWaiting = false;
  #failure: unknown;
  /** Where the next search for a pattern begins. */
  #searched: ScreenPlace = { row: 0, column: 0 };

  /**
   * Takes a connection over.
   * @param connection The connection; closed together with this.
   * @param options How to read.
   * @throws {UsageError} If there is no such character set.
   * @throws {TypeError|RangeError} If an option is unknown or out of range.
   */
  constructor(connection: Connection, options: ConversationOptions) {
    checkOptions(options, CONVERSATION_RULES);
    const { columns, rows, keptRows = 10_000, onScroll, signal } = options;
    this.#connection = connection;
    this.keptRows = keptRows;
    this.#peer = options.peer;
    this.#charset = charsetOf(options.charset ?? "utf-8");
    this.#lineEnd = options.lineEnd ?? (() => "\r\n");
    this.#transcript = options.transcript;
    this.#signal = signal;
    this.screen = new Screen({ columns, rows, keptRows, onScroll });
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (signal?.aborted === true) this.#onAbort();
  }

  /** Maximum number of lines that are kept once they have left the screen. */
  readonly keptRows: number;

  /**
   * Throws if the conversation was aborted.
   * @throws The reason of the signal.
   */
  throwIfAborted(): void {
    this.#signal?.throwIfAborted();
  }

  /** Whether the peer has ended the conversation, and all that it sent was shown. */
  get hasEnded(): boolean {
    return this.#hasEnded && this.#text === "";
  }

  /** The error that broke the connection, if it did not end in order. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Waits for more on the screen.
   * @param timeoutMs How long, in milliseconds.
   * @returns The first event.
   * @throws The reason of the signal, if it is aborted.
   */
  async more(timeoutMs: number): Promise<"text" | "end" | "silence"> {
    this.#signal?.throwIfAborted();
    if (!(timeoutMs >= 0)) throw new RangeError("timeoutMs must be a number of milliseconds");
    if (this.#isWaiting) throw new TypeError("another wait of this conversation is in progress");
    if (this.#text === "" && !this.#hasEnded) {
      this.#isWaiting = true;
      const count = await this.#read(timeoutMs).finally(() => this.#isWaiting = false);
      if (count === "silence") return "silence";
      if (count === null) this.#hasEnded = true;
      else this.#text = this.#charset.decode(this.#buffer.subarray(0, count));
    }
    if (this.#text === "") return this.#hasEnded ? "end" : "text";
    let length = Math.min(PIECE, this.#text.length);
    if (/[\ud800-\udbff]/.test(this.#text[length - 1]!)) length++;
    const piece = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    this.screen.write(piece);
    this.#record(piece);
    return "text";
  }

  /** Reads, but not for longer than that. */
  async #read(timeoutMs: number): Promise<number | null | "silence"> {
    const reading = this.#reading ??= this.#connection.read(this.#buffer).catch((error) => {
      this.#failure = toNetwrightError(error, { operation: "read", peer: this.#peer });
      return null;
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<"silence">((resolve) => {
      if (timeoutMs < MAX_TIMER_MS) timer = setTimeout(() => resolve("silence"), timeoutMs);
    });
    const found = await Promise.race([reading, silence]);
    clearTimeout(timer);
    if (found !== "silence") this.#reading = undefined;
    this.#signal?.throwIfAborted();
    return found;
  }

  /**
   * Sends text unchanged.
   * @param text The text; a secret is never shown.
   * @throws {DisconnectedError} If the connection is broken.
   */
  async send(text: string | Secret): Promise<void> {
    await this.#type(text, "");
  }

  /**
   * Sends a line.
   * @param line The line without its ending; a secret is never shown.
   * @throws {DisconnectedError} If the connection is broken.
   */
  async sendLine(line: string | Secret): Promise<void> {
    await this.#type(line, this.#lineEnd());
  }

  async #type(text: string | Secret, end: string): Promise<void> {
    this.#finishLine();
    const value = text instanceof Secret ? this.#mask.add(text) : text;
    const bytes = this.#encode(value + end, text instanceof Secret);
    this.#transcript?.record("C", text instanceof Secret ? "********" : this.mask(value).trimEnd());
    try {
      await writeAll(this.#connection, bytes);
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw toNetwrightError(error, { operation: "send", peer: this.#peer });
    }
  }

  #encode(text: string, isSecret: boolean): Uint8Array {
    try {
      return this.#charset.encode(text);
    } catch (error) {
      if (!isSecret || !(error instanceof UsageError)) throw error;
      throw new UsageError("the secret cannot be sent in this character set");
    }
  }

  /**
   * Waits until one of several patterns is on the screen, behind the last match.
   * @param patterns Texts, and patterns; of several that match, the first on the screen counts.
   * @param timeoutMs How long, in milliseconds.
   * @returns The match; undefined if the conversation ended before.
   * @throws {TimeoutError} If none was found in time; the message has the last lines of the screen.
   */
  async expect(
    patterns: readonly (string | TextPattern)[],
    timeoutMs: number,
  ): Promise<Expected | undefined> {
    const end = performance.now() + timeoutMs;
    while (true) {
      const found = this.#search(patterns);
      if (found !== undefined && !this.#mayGrow(found, patterns)) return this.#take(found);
      const left = end - performance.now();
      const got = await this.more(Math.max(0, found === undefined ? left : GROWING_MS));
      if (got === "text") continue;
      if (found !== undefined) return this.#take(found);
      if (got === "end") return undefined;
      throw this.timeout(`${describePatterns(patterns)} did not come`, timeoutMs);
    }
  }

  #search(patterns: readonly (string | TextPattern)[]): Found | undefined {
    const { screen } = this;
    const { mark } = screen;
    const from = isBefore(mark, this.#searched) ? this.#searched : mark;
    const text = screen.textFrom(from);
    let best: Found | undefined;
    patterns.forEach((pattern, index) => {
      const match = typeof pattern === "string" ? findText(pattern, text) : pattern.exec(text);
      if (match !== null && (best === undefined || match.index < best.match.index)) {
        best = { index, match, from, reachesEnd: match.index + match[0].length === text.length };
      }
    });
    // Rows above the screen do not change any more.
    if (best === undefined) {
      this.#searched = { row: Math.max(0, screen.top - ROWS_BEFORE), column: 0 };
    }
    return best;
  }

  #mayGrow({ index, reachesEnd }: Found, patterns: readonly (string | TextPattern)[]): boolean {
    return reachesEnd && typeof patterns[index] !== "string" && !this.hasEnded;
  }

  #take({ index, match, from }: Found): Expected {
    const { screen } = this;
    const begin = screen.placeAfter(from, match.index);
    const before = screen.textFrom(screen.mark, begin);
    const isWhole = !screen.hasLostUnread;
    screen.setMark(screen.placeAfter(from, match.index + match[0].length));
    return { index, text: match[0], before, isWhole, groups: { ...match.groups } };
  }

  /**
   * Makes the error for a wait that was too long.
   * @param reason The failed expectation.
   * @param timeoutMs How long, in milliseconds.
   */
  timeout(reason: string, timeoutMs: number): TimeoutError {
    const seconds = Number((timeoutMs / 1000).toFixed(2));
    return new TimeoutError(this.mask(`${reason} within ${seconds} s`), {
      operation: "talk",
      peer: this.#peer,
      hint: this.lastSeen(),
    });
  }

  /**
   * Makes the error for a conversation that the peer ended.
   * @param reason The failed expectation.
   */
  ended(reason: string): DisconnectedError {
    return new DisconnectedError(this.mask(reason), {
      operation: "talk",
      peer: this.#peer,
      kind: "closed",
      cause: this.#failure,
      hint: this.lastSeen(),
    });
  }

  /** The last lines of the screen, for a message: secrets masked, controls escaped. */
  lastSeen(): string {
    const lines = this.screen.lastLines(10).map((line) => this.tidy(this.mask(line)))
      .filter((line) => line.trim() !== "").slice(-3);
    if (lines.length === 0) return "nothing was seen";
    return `last seen: ${escapeControls(lines.join(" | ").slice(-300))}`;
  }

  /** Masks the secrets that were sent. */
  mask(text: string): string {
    return this.#mask.mask(text);
  }

  #record(piece: string): void {
    if (this.#transcript === undefined) return;
    const lines = (this.#line + piece).split("\n");
    this.#line = lines.pop()!;
    for (const line of lines) this.#transcript.record("S", this.mask(line).replace(/\r+$/, ""));
    if (this.#line.length <= MAX_LINE) return;
    // A secret must not be cut in two.
    const keep = this.#mask.maxLength;
    const rest = keep === 0 ? "" : this.#line.slice(-keep);
    this.#line = this.#line.slice(0, this.#line.length - rest.length);
    this.#finishLine();
    this.#line = rest;
  }

  /** Records an unfinished line, such as a prompt, before the input. */
  #finishLine(): void {
    if (this.#line !== "") this.#transcript?.record("S", this.mask(this.#line));
    this.#line = "";
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    this.#finishLine();
    this.#signal?.removeEventListener("abort", this.#onAbort);
    closeQuietly(this.#connection);
  }
}

/** The longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Found {
  readonly index: number;
  readonly match: PatternMatch;
  readonly from: ScreenPlace;
  readonly reachesEnd: boolean;
}

function isBefore(a: ScreenPlace, b: ScreenPlace): boolean {
  return a.row < b.row || a.row === b.row && a.column < b.column;
}
