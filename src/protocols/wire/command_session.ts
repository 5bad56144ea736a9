/**
 * The server's side of every protocol of commands and coded replies.
 *
 * @module
 */

import {
  checkOptions,
  closeQuietly,
  compressed,
  disableNagle,
  type OptionRules,
  trimBlanks,
  UrgentDataReader,
} from "../../net/internal.ts";
import {
  type Connection,
  Deadline,
  formatEndpoint,
  LimitError,
  LineReader,
  LineWriter,
  secure,
  type SecureServerOptions,
  Tainted,
  type UrgentDataOptions,
} from "../../net/mod.ts";
import { type DotTextOptions, readDotText, StoredTextEncoder } from "./text/dot_text.ts";
import { formatReply, type ReplyCode, type ReplyStyle } from "./reply.ts";
import type { Transcript } from "./transcript.ts";

/** Telnet's commands begin here (RFC 854); none of these bytes begins a character of UTF-8 that there is. */
const FIRST_TELNET_BYTE = 0xf1;
/** Maximum length of a line that counts as a mistake; for a longer one the session ends with a `LimitError`. */
const MAX_SKIPPED_BYTES = 1024 * 1024;
/** How long a silent client may take to read the last words, in milliseconds. */
const FINAL_REPLY_MS = 2000;
/** Timers know no longer time. */
const MAX_TIMER_MS = 2 ** 31;

/** How a {@link CommandSession} talks. */
export interface CommandSessionOptions {
  /** How replies are written. */
  readonly style: ReplyStyle;
  /** Longest command line, in bytes with its end. @default {2048} */
  readonly maxLineBytes?: number | undefined;
  /** Longest wait for a command or a write, in milliseconds. @default {300_000} */
  readonly timeoutMs?: number | undefined;
  /** The message to a client that sends no command for so long; nothing if absent. */
  readonly idleReply?: readonly [code: ReplyCode, text: string] | undefined;
  /** Longest time for the whole session, in milliseconds. @default {Infinity} */
  readonly sessionTimeoutMs?: number | undefined;
  /** Aborting it closes the session. */
  readonly signal?: AbortSignal | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
  /** Whether spaces around an argument belong to it, as in file names; one divides it from the verb. @default {false} */
  readonly exactArguments?: boolean | undefined;
  /** Whether clients may send urgent data, as Telnet's Synch does (RFC 854); not inside TLS. */
  readonly urgentData?: UrgentDataOptions | undefined;
  /** Verbs whose argument no transcript shows. @default {["PASS", "AUTH"]} */
  readonly secretVerbs?: readonly string[] | undefined;
}

const SESSION_RULES: OptionRules<CommandSessionOptions> = {
  style: ["smtp", "ftp", "nntp", "pop3"],
  maxLineBytes: "count",
  timeoutMs: "time",
  idleReply: "any",
  sessionTimeoutMs: "time",
  signal: "signal",
  transcript: "any",
  exactArguments: "flag",
  urgentData: "any",
  secretVerbs: "any",
};

/** A command that a client sent. */
export interface ReceivedCommand {
  /** The first word in upper case; empty if it is none of letters and digits. */
  readonly verb: string;
  /** What follows it, without the spaces between. */
  readonly argument: Tainted<string>;
  /** What no argument may hold, if this one does. */
  readonly defect?: "bytes that are not UTF-8" | "NUL" | "CR" | undefined;
}

/**
 * Reads commands and writes replies.
 *
 * @example A server that knows two verbs
 * ```ts
 * import type { Connection } from "@netwright/netwright/net";
 * import { CommandSession } from "@netwright/netwright/wire";
 * async function handle(connection: Connection): Promise<void> {
 *   const session = new CommandSession(connection, { style: "smtp" });
 *   await session.reply(220, "ready");
 *   for await (const { verb } of session.commands(() => session.reply(500, "line too long"))) {
 *     if (verb === "QUIT") return await session.reply(221, "bye");
 *     await session.reply(verb === "NOOP" ? 250 : 500, verb === "NOOP" ? "ok" : "unknown command");
 *   }
 * }
 * ```
 */
export class CommandSession implements Disposable {
  /** The client, printed as an endpoint. */
  readonly peer: string;
  readonly #options: CommandSessionOptions;
  readonly #deadline: Deadline;
  #connection: Connection;
  #isUpgrading = false;
  #isUpgraded = false;
  #reader: LineReader;
  #writer: LineWriter;

  /**
   * Wraps the connection.
   * @param connection The client's connection; the caller closes it.
   * @param options How to talk.
   */
  constructor(connection: Connection, options: CommandSessionOptions) {
    checkOptions(options, SESSION_RULES);
    this.peer = formatEndpoint(connection.remoteAddr);
    this.#options = options;
    this.#connection = connection;
    this.#deadline = new Deadline(
      {
        signal: options.signal,
        // The last words come first.
        idleTimeoutMs: (options.timeoutMs ?? 300_000) +
          (options.idleReply === undefined ? 0 : FINAL_REPLY_MS),
        timeoutMs: options.sessionTimeoutMs,
      },
      { operation: "read a command", peer: this.peer },
    );
    // Two replies in a row, as after a transfer, would wait for the client's acknowledgement.
    disableNagle(connection);
    [this.#reader, this.#writer] = this.#framed(connection);
  }

  #framed(connection: Connection): [LineReader, LineWriter] {
    const { maxLineBytes = 2048, urgentData } = this.#options;
    const common = { deadline: this.#deadline, peer: this.peer };
    return [
      new LineReader(
        urgentData === undefined || this.#isUpgraded
          ? connection
          : new UrgentDataReader(connection, urgentData),
        { ...common, maxLineBytes, unfinished: "error" },
      ),
      new LineWriter(connection, common),
    ];
  }

  /** The current connection: TLS after an upgrade. */
  get connection(): Connection {
    return this.#connection;
  }

  /** The reader, for data other than commands: a text, a literal, an answer to a challenge. */
  get reader(): LineReader {
    return this.#reader;
  }

  /**
   * Yields the client's commands until it goes.
   * @param onTooLong Called instead for a line beyond the limit, which was skipped; `false` ends it.
   * @returns The commands.
   * @throws {LimitError} If a line does not end within 1 MiB.
   */
  async *commands(onTooLong: () => Promise<boolean | void>): AsyncGenerator<ReceivedCommand> {
    while (true) {
      let bytes: Uint8Array | undefined;
      const idle = this.#whenIdle();
      try {
        bytes = this.#reader.takeLineBytes();
        if (bytes === undefined) {
          // The client may wait for these before it sends the rest of its line.
          if (this.#writer.queued > 0) await this.#writer.flush();
          bytes = await this.#reader.readLineBytes();
        }
      } catch (error) {
        if (!(error instanceof LimitError)) throw error;
        if (!await this.#reader.skipLine(MAX_SKIPPED_BYTES)) return;
        if (await onTooLong() === false) return;
        continue;
      } finally {
        clearTimeout(idle);
      }
      if (bytes === undefined) return;
      const line = LENIENT_UTF8.decode(bytes);
      const defect = line.includes("\ufffd") && !isWellFormed(bytes)
        ? "bytes that are not UTF-8"
        : line.includes("\0")
        ? "NUL"
        : line.includes("\r")
        ? "CR"
        : undefined;
      const command = { ...parseCommand(line, this.#options.exactArguments), defect } as const;
      const secret = (this.#options.secretVerbs ?? ["PASS", "AUTH"]).includes(command.verb);
      this.#options.transcript?.record("C", secret ? `${command.verb} ********` : line);
      yield command;
    }
  }

  /** Says the last words to a client that is silent for too long, and closes the connection. */
  #whenIdle(): ReturnType<typeof setTimeout> | undefined {
    const { idleReply, timeoutMs = 300_000 } = this.#options;
    // Buffered commands are read at once.
    if (idleReply === undefined || this.#reader.buffered > 0) return undefined;
    if (!(timeoutMs < MAX_TIMER_MS)) return undefined;
    return setTimeout(() => {
      const said = this.reply(...idleReply).then(() => this.#writer.flush());
      // A client that does not read them either is closed by the deadline.
      said.catch(() => {}).finally(() => closeQuietly(this.#connection));
    }, timeoutMs);
  }

  /**
   * Writes one reply; replies to pipelined commands go out together.
   * @param code Its code.
   * @param lines Its lines; any CR, LF or NUL in them is refused.
   * @throws {InjectionError} If a line would break out of its line.
   */
  async reply(code: ReplyCode, ...lines: readonly string[]): Promise<void> {
    for (const line of formatReply({ code, lines }, this.#options.style)) {
      this.#options.transcript?.record("S", line);
      this.#writer.queueLine(line);
    }
    if (this.#reader.buffered === 0) await this.#writer.flush();
  }

  /**
   * Reads a dot-ended text; its lines must end with CRLF.
   * @param options Limits.
   * @returns Pieces, dots unstuffed.
   */
  async *readText(options: DotTextOptions = {}): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    await this.#writer.flush();
    yield* readDotText(this.#reader, { peer: this.peer, bare: "refuse", ...options });
  }

  /**
   * Writes a dot-ended text; the end of it goes out with the replies to pipelined commands.
   * @param text Pieces; lines end with CRLF or LF, and a CR by itself stays one.
   */
  async writeText(text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const encoder = new StoredTextEncoder();
    for await (const piece of text) await this.#writer.writeSoon(encoder.encode(piece));
    await this.#writer.writeSoon(encoder.end());
    if (this.#reader.buffered === 0) await this.#writer.flush();
  }

  /**
   * Goes over to TLS after the reply that agreed to it. All that the client said before must be
   * forgotten by the caller (RFC 3207 §4.2).
   * @param options Certificate and key.
   * @throws {ProtocolError} If the client sent plaintext after its command; the connection is closed.
   */
  async upgrade(options: Omit<SecureServerOptions, "role" | "reader">): Promise<void> {
    await this.#writer.flush();
    this.#isUpgrading = true;
    this.#connection = await secure(this.#connection, {
      ...options,
      role: "server",
      reader: this.#reader,
    });
    this.#isUpgrading = false;
    this.#isUpgraded = true;
    [this.#reader, this.#writer] = this.#framed(this.#connection);
    this.#options.transcript?.record("*", "TLS started");
  }

  /** Compresses the dialogue after the reply that agreed to it (RFC 8054). */
  async compress(): Promise<void> {
    await this.#writer.flush();
    this.#connection = await compressed(this.#connection, this.#reader.takeBuffered());
    [this.#reader, this.#writer] = this.#framed(this.#connection);
    this.#options.transcript?.record("*", "compression started");
  }

  /**
   * Says the last words before the connection is closed: nothing while TLS begins, for they would break it.
   * @param code The reply's code.
   * @param text Its text.
   */
  async sayGoodbye(code: ReplyCode, text: string): Promise<void> {
    if (this.#isUpgrading) return;
    await this.reply(code, text);
    await this.end();
  }

  /**
   * Writes queued replies, and sends `close_notify` to a client in TLS, so that the connection does not look
   * cut off.
   */
  async end(): Promise<void> {
    await this.#writer.flush();
    if (!this.#isUpgraded) return;
    // A client that is gone needs no notice.
    await this.#deadline.wait(this.#connection.closeWrite().catch(() => {}), () => {});
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    await this.#writer.flush();
  }

  /** Lets go of the deadline; the connection stays open. */
  [Symbol.dispose](): void {
    this.#deadline[Symbol.dispose]();
  }
}

const LENIENT_UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Whether a line is UTF-8 but for Telnet's own bytes, which may come before a verb (RFC 959 §4.1.3). */
function isWellFormed(line: Uint8Array): boolean {
  let start = 0;
  while (start < line.length && line[start]! >= FIRST_TELNET_BYTE) start++;
  try {
    STRICT_UTF8.decode(line.subarray(start));
    return true;
  } catch {
    return false;
  }
}

/**
 * Splits a command line.
 *
 * @param line The line without its end.
 * @param exact Whether spaces around the argument belong to it.
 * @returns Verb and argument; both empty for an empty line.
 */
export function parseCommand(line: string, exact = false): ReceivedCommand {
  // Telnet's own bytes before ABOR (RFC 959 §4.1.3) are not text.
  const trimmed = exact ? line.replace(/^[\ufffd \t]+/, "") : trimBlanks(line);
  const space = trimmed.search(/[ \t]/);
  // Some letters that are not ASCII have upper-case forms that are.
  const verb = space < 0 ? trimmed : trimmed.slice(0, space);
  const argument = space < 0 ? "" : trimmed.slice(space + 1);
  return {
    verb: /^[A-Za-z0-9]+$/.test(verb) ? verb.toUpperCase() : "",
    argument: new Tainted(exact ? argument : trimBlanks(argument)),
  };
}
