/**
 * The server's side of the connection: lines and literals in, responses out.
 *
 * @module
 */

import { closeQuietly, compressed, disableNagle } from "../../../net/internal.ts";
import {
  type Connection,
  Deadline,
  formatEndpoint,
  LineReader,
  LineWriter,
  secure,
} from "../../../net/mod.ts";
import type { ResponsePiece } from "../codec/response_writer.ts";
import type { ImapServerOptions } from "./server_options.ts";

/** Longest line of a command, in bytes. */
export const MAX_LINE_BYTES = 65_536;
/** How long a silent client may take to read the last words, in milliseconds. */
const FINAL_RESPONSE_MS = 2000;
/** Timers know no longer time. */
const MAX_TIMER_MS = 2 ** 31;
/** Verbs whose arguments no transcript shows. */
const SECRET = /^(\S{1,200} +(?:LOGIN|AUTHENTICATE \S+)) .*$/i;

/** Reads from a client and writes to it. */
export class ServerConnection implements Disposable {
  /** The client, printed as an endpoint. */
  readonly peer: string;
  readonly #options: ImapServerOptions;
  readonly #deadline: Deadline;
  #connection: Connection;
  #reader: LineReader;
  #writer: LineWriter;
  #isUpgrading = false;
  #isSecure: boolean;
  #isUpgraded = false;
  #isCompressed = false;
  #isHalf = false;

  constructor(connection: Connection, options: ImapServerOptions) {
    this.peer = formatEndpoint(connection.remoteAddr);
    this.#options = options;
    this.#connection = connection;
    this.#isSecure = options.isSecure ?? false;
    this.#deadline = new Deadline(
      {
        signal: options.signal,
        // The last words come first.
        idleTimeoutMs: this.#timeoutMs + FINAL_RESPONSE_MS,
      },
      { operation: "read a command", peer: this.peer },
    );
    disableNagle(connection);
    [this.#reader, this.#writer] = this.#framed(connection);
  }

  get #timeoutMs(): number {
    return this.#options.timeoutMs ?? 1_800_000;
  }

  #framed(connection: Connection): [LineReader, LineWriter] {
    const common = { deadline: this.#deadline, peer: this.peer };
    return [
      new LineReader(connection, { ...common, maxLineBytes: MAX_LINE_BYTES, unfinished: "error" }),
      new LineWriter(connection, common),
    ];
  }

  /** Whether the connection is inside TLS. */
  get isSecure(): boolean {
    return this.#isSecure;
  }

  /** Whether a response broke off, so that nothing can follow it. */
  get isBroken(): boolean {
    return this.#isHalf;
  }

  /** Whether it is compressed. */
  get isCompressed(): boolean {
    return this.#isCompressed;
  }

  /** The reader, for literals. */
  get reader(): LineReader {
    return this.#reader;
  }

  /** Reads a line; responses that wait are sent before. */
  async readLine(): Promise<Uint8Array | undefined> {
    const here = this.#reader.takeLineBytes();
    if (here !== undefined) return here;
    // The client may wait for these before it sends the rest of its line.
    if (this.#writer.queued > 0) await this.#writer.flush();
    const idle = this.#whenIdle();
    try {
      return await this.#reader.readLineBytes();
    } finally {
      clearTimeout(idle);
    }
  }

  /** Says the last words to a client that is silent for too long, and closes the connection. */
  #whenIdle(): ReturnType<typeof setTimeout> | undefined {
    if (!(this.#timeoutMs < MAX_TIMER_MS)) return undefined;
    return setTimeout(() => {
      const said = this.sayGoodbye("silent for too long");
      // A client that does not read them either is closed by the deadline.
      said.catch(() => {}).finally(() => closeQuietly(this.#connection));
    }, this.#timeoutMs);
  }

  /** Records a line of the client. */
  record(line: string): void {
    this.#options.transcript?.record("C", line.replace(SECRET, "$1 ********"));
  }

  /** Queues a line; what waits goes out when no further command has arrived. */
  async line(text: string): Promise<void> {
    this.#options.transcript?.record("S", text);
    if (this.#writer.queued > MAX_LINE_BYTES) await this.#writer.flush();
    this.#writer.queueLine(text);
  }

  /** Queues an untagged response. */
  async untagged(pieces: readonly ResponsePiece[]): Promise<void> {
    if (pieces.length === 1 && typeof pieces[0] === "string") {
      return await this.line(`* ${pieces[0]}`);
    }
    const { transcript } = this.#options;
    let shown = "* ";
    await this.#text("* ");
    this.#isHalf = true;
    for (const piece of pieces) {
      if (typeof piece === "string") {
        if (transcript !== undefined) shown += piece;
        await this.#text(piece);
      } else if (piece instanceof Uint8Array) await this.#writer.writeSoon(piece);
      else for await (const bytes of piece.content) await this.#writer.writeSoon(bytes);
    }
    await this.#text("\r\n");
    this.#isHalf = false;
    transcript?.record("S", shown.replaceAll("\r\n", " ... "));
  }

  async #text(text: string): Promise<void> {
    await this.#writer.writeSoon(new TextEncoder().encode(text));
  }

  /** Sends all that waits. */
  async flush(): Promise<void> {
    if (this.#writer.queued > 0) await this.#writer.flush();
  }

  /** Sends all that waits, unless further commands have arrived. */
  async flushIfIdle(): Promise<void> {
    if (this.#reader.buffered === 0) await this.flush();
  }

  /** Goes over to TLS; the response that agrees to it waits already. */
  async startTls(tls: { readonly cert: string; readonly key: string }): Promise<void> {
    await this.flush();
    this.#isUpgrading = true;
    this.#connection = await secure(this.#connection, {
      ...tls,
      role: "server",
      reader: this.#reader,
    });
    this.#isUpgrading = false;
    this.#isSecure = this.#isUpgraded = true;
    [this.#reader, this.#writer] = this.#framed(this.#connection);
    this.#options.transcript?.record("*", "TLS started");
  }

  /** Compresses all that follows; the response that agrees to it waits already. */
  async compress(): Promise<void> {
    await this.flush();
    this.#connection = await compressed(this.#connection, this.#reader.takeBuffered());
    this.#isCompressed = true;
    [this.#reader, this.#writer] = this.#framed(this.#connection);
    this.#options.transcript?.record("*", "compression started");
  }

  /** Says the last words before the connection is closed: nothing while TLS begins, or amid a response. */
  async sayGoodbye(reason: string): Promise<void> {
    if (this.#isUpgrading || this.#isHalf) return;
    await this.line(`* BYE ${reason}`);
    await this.end();
  }

  /** Writes queued responses, and sends `close_notify` in TLS, so that the connection does not look cut off. */
  async end(): Promise<void> {
    await this.flush();
    if (!this.#isUpgraded) return;
    // A client that is gone needs no notice.
    await this.#deadline.wait(this.#connection.closeWrite().catch(() => {}), () => {});
  }

  /** Lets go of the deadline; ends the compression. */
  [Symbol.dispose](): void {
    this.#deadline[Symbol.dispose]();
    if (this.#isCompressed) closeQuietly(this.#connection);
  }
}
