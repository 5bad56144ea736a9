/**
 * The client's side of every protocol of commands and coded replies.
 *
 * @module
 */

import { checkOptions, closeQuietly, compressed } from "../../net/internal.ts";
import {
  type Connection,
  Deadline,
  DisconnectedError,
  formatEndpoint,
  LineReader,
  LineWriter,
  ProtocolError,
  ReplyError,
  secure,
  type SecureClientOptions,
} from "../../net/mod.ts";
import type { CommandLine } from "./command.ts";
import { DotEncoder, type DotTextOptions, drainText, readDotText } from "./text/dot_text.ts";
import { formatReplyForDisplay, isPositive, readReply, type Reply, toReplyError } from "./reply.ts";
import {
  CHANNEL_RULES,
  type CommandChannelOptions,
  type PipelinedTextOptions,
} from "./command_channel_options.ts";

/** Longest time for a reply that comes bit by bit, in times of the longest silence. */
const TRICKLE = 4;

/** `ready`, `waiting` for a reply, in a `body`, or `closed`. */
export type ChannelState = "ready" | "waiting" | "body" | "closed";

/**
 * Sends commands and reads their replies, one conversation at a time.
 *
 * A negative reply leaves the channel usable; any other failure closes it, because replies
 * cannot be assigned to commands any more.
 *
 * @example Ask an SMTP server for its extensions
 * ```ts
 * import { escapeForDisplay, type Connection } from "@netwright/netwright/net";
 * import { command, CommandChannel } from "@netwright/netwright/wire";
 * async function extensions(connection: Connection, name: string): Promise<string[]> {
 *   using channel = new CommandChannel(connection, { style: "smtp" });
 *   await channel.expect([220], "greet");
 *   const reply = await channel.send(command`EHLO ${name}`, [250]);
 *   await channel.send(command`QUIT`, [221]);
 *   return reply.lines.slice(1).map((line) => line.forDisplay());
 * }
 * ```
 */
export class CommandChannel implements Disposable {
  /** The peer. */
  readonly peer: string;
  readonly #options: CommandChannelOptions;
  #connection: Connection;
  #reader: LineReader;
  #writer: LineWriter;
  #deadline: Deadline;
  #state: ChannelState = "ready";
  /** Why commands were not sent, the last time that they were not. */
  #unsent: unknown;

  /**
   * Takes the connection over.
   * @param connection It belongs to the channel.
   * @param options How to talk.
   */
  constructor(connection: Connection, options: CommandChannelOptions) {
    checkOptions(options, CHANNEL_RULES);
    this.peer = options.peer ?? formatEndpoint(connection.remoteAddr);
    this.#options = options;
    this.#connection = connection;
    this.#deadline = this.#waiting(options.timeoutMs ?? 60_000);
    [this.#reader, this.#writer] = this.#framed(connection);
  }

  #framed(connection: Connection): [LineReader, LineWriter] {
    const { encoding = "utf-8", maxLineBytes = 8192 } = this.#options;
    const common = { encoding, deadline: this.#deadline, peer: this.peer };
    return [
      new LineReader(connection, { ...common, maxLineBytes, unfinished: "error" }),
      new LineWriter(connection, common),
    ];
  }

  /** Its state. */
  get state(): ChannelState {
    return this.#state;
  }

  /** The connection, for its addresses. */
  get connection(): Connection {
    return this.#connection;
  }

  /**
   * Sends one command and reads its reply.
   * @param line The command.
   * @param accept Codes that are good; without it every positive one: below 400, `+OK`, `+`.
   * @returns The reply.
   * @throws {ReplyError} If the reply is another; the channel stays usable.
   * @throws {TypeError} If another command or a body is under way; nothing is sent.
   * @throws {InjectionError} If the line holds forbidden characters; nothing is sent, the channel stays usable.
   * @throws {ProtocolError} If the server said something unasked before, which might be taken for the reply.
   * @throws {DisconnectedError|TimeoutError|ProtocolError|LimitError} The channel is closed then.
   */
  async send(line: CommandLine, accept?: readonly Reply["code"][]): Promise<Reply> {
    const [reply] = await this.pipeline([line]);
    return this.#judge(reply!, line.verb, accept);
  }

  /**
   * Sends several commands at once and reads their replies in order (RFC 2920).
   * @param lines The commands.
   * @returns A reply for each, good or bad.
   * @throws As {@link send} does, but no `ReplyError`.
   */
  async pipeline(lines: readonly CommandLine[]): Promise<Reply[]> {
    return await this.#during("waiting", async () => {
      if (this.#reader.buffered > 0) await this.#receiveUnsolicited();
      const writing = this.#write(lines);
      const replies = await this.#readAll(lines.length);
      await writing;
      return replies;
    });
  }

  /**
   * Reads a reply that comes unasked or late: a greeting, or the end of a transfer.
   * @param accept Codes that are good; without it every positive one.
   * @param operation The operation of the reply, for the error.
   * @returns The reply.
   * @throws As {@link send} does.
   */
  async expect(accept: readonly Reply["code"][] | undefined, operation: string): Promise<Reply> {
    return await this.#during(
      "waiting",
      async () => this.#judge(await this.#read(), operation, accept),
    );
  }

  /**
   * Reads a reply, whatever it says.
   * @param idleTimeoutMs How long the server may be silent, in milliseconds, where that is not as long as usual.
   * @returns The reply, good or bad.
   * @throws {DisconnectedError|TimeoutError|ProtocolError|LimitError} The channel is closed then.
   */
  async readReply(idleTimeoutMs?: number): Promise<Reply> {
    return await this.#during("waiting", async () => (await this.#readAll(1, idleTimeoutMs))[0]!);
  }

  /**
   * Waits until the server says something unasked, or ends, without reading it; {@link readReply} does. No deadline counts.
   * @returns Resolves then; at once if something is here.
   */
  async readable(): Promise<void> {
    await this.#reader.ready();
  }

  /**
   * Sends commands and leaves their replies to the caller, who must read them by {@link readReply} before anything
   * else is sent: for commands amid a transfer, whose replies come when the server pleases.
   * @param lines The commands.
   * @throws As {@link send} does.
   */
  async sendWithoutWaiting(...lines: readonly CommandLine[]): Promise<void> {
    await this.#during("waiting", () => this.#write(lines));
  }

  /**
   * Streams the dot-ended text that follows the last reply.
   * @param options Limits.
   * @returns Pieces, dots unstuffed, lines ending with CRLF. Leaving early reads 64 KiB more at most, to
   *   find the end, else closes the channel.
   * @throws {LimitError} If the text is too large; the channel is closed.
   */
  async *readText(options: DotTextOptions = {}): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    this.#enter("body");
    const text = readDotText(this.#reader, { peer: this.peer, ...options });
    let bytes = 0;
    let whole = false;
    try {
      for (let next = await text.next(); !next.done; next = await text.next()) {
        bytes += next.value.length;
        yield next.value;
      }
      whole = true;
      this.#options.transcript?.recordBody("S", bytes);
    } catch (error) {
      // The rest of the text would be taken for replies.
      this.close();
      throw error;
    } finally {
      if (!whole && !await drainText(text)) this.close();
      this.#leave();
    }
  }

  /**
   * Sends a text and the line with the dot, then reads the reply.
   * @param text Pieces; lines end with CRLF, LF or CR.
   * @param accept Codes that are good; without it every positive one.
   * @returns The reply to the text.
   * @throws As {@link send} does; what `text` throws closes the channel, for half a text must not look
   *   like a whole one.
   */
  async sendText(
    text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    accept?: readonly Reply["code"][],
  ): Promise<Reply> {
    const [reply] = await this.pipelineText(text);
    return this.#judge(reply!, "send a text", accept);
  }

  /**
   * Sends a text, and the following commands at once (RFC 2920 §3.1); reads the text's replies only.
   * The commands' replies are read by {@link readReply}, in order, before anything else is sent.
   * @param text Pieces of a dot-ended text, or of a counted one, which is sent unchanged.
   * @param options What else is sent, and how long the text's replies may take.
   * @returns The replies, good or bad.
   * @throws As {@link sendText} does, but no `ReplyError`.
   */
  async pipelineText(
    text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: PipelinedTextOptions = {},
  ): Promise<Reply[]> {
    const { before = [], then = [], replies = 1, counted = false, idleTimeoutMs } = options;
    return await this.#during("body", async () => {
      this.#queue(before);
      const encoder = counted ? undefined : new DotEncoder();
      let bytes = 0;
      for await (const piece of text) {
        const encoded = encoder?.encode(piece) ?? piece;
        bytes += encoded.length;
        await this.#writer.writeSoon(encoded);
      }
      if (encoder !== undefined) await this.#writer.writeSoon(encoder.end());
      this.#options.transcript?.recordBody("C", bytes);
      try {
        this.#queue(then);
      } finally {
        // Nothing brings the text back: the channel is closed, whatever was wrong.
        this.#unsent = undefined;
      }
      await this.#writer.flush();
      return await this.#readAll(replies, idleTimeoutMs);
    });
  }

  /**
   * Switches to TLS after the server's agreement (RFC 3207, 4217, 2595, 4642). Earlier replies of the server
   * must be discarded and requested again by the caller.
   * @param options The name that the certificate must have, and the trusted authorities.
   * @throws {ProtocolError} If plaintext waits; the channel is closed.
   * @throws {TlsError} If TLS could not be agreed on; the channel is closed.
   */
  async upgrade(options: Omit<SecureClientOptions, "role" | "reader">): Promise<void> {
    await this.#during("waiting", async () => {
      const reader = this.#reader;
      this.#connection = await secure(this.#connection, {
        signal: this.#options.signal,
        timeoutMs: this.#options.timeoutMs,
        ...options,
        role: "client",
        reader,
      });
      [this.#reader, this.#writer] = this.#framed(this.#connection);
      this.#options.transcript?.record("*", "TLS started");
    });
  }

  /**
   * Compresses the dialogue after the server's agreement (RFC 8054).
   * @throws {DisconnectedError|TimeoutError} The channel is closed then.
   */
  async compress(): Promise<void> {
    await this.#during("waiting", async () => {
      this.#connection = await compressed(this.#connection, this.#reader.takeBuffered());
      [this.#reader, this.#writer] = this.#framed(this.#connection);
      this.#options.transcript?.record("*", "compression started");
    });
  }

  /**
   * Hands the connection over, for protocols that go on in another way.
   * @returns The reader, with the buffered bytes and without a deadline, and the connection;
   *   the channel is closed.
   */
  release(): { connection: Connection; reader: LineReader } {
    this.#enter("body");
    this.#state = "closed";
    this.#deadline[Symbol.dispose]();
    this.#reader.deadline = undefined;
    return { connection: this.#connection, reader: this.#reader };
  }

  /**
   * Closes the connection, in TLS with `close_notify`, so that it does not look cut off.
   * @param timeoutMs How long that may take. @default {1000}
   */
  async end(timeoutMs: number = 1000): Promise<void> {
    if (this.#state !== "closed" && "peerName" in this.#connection) {
      using deadline = new Deadline({ timeoutMs }, { operation: "end", peer: this.peer });
      // A server that is gone needs no notice.
      await deadline.wait(this.#connection.closeWrite(), () => {}).catch(() => {});
    }
    this.close();
  }

  /** Closes the connection at once; may be called again. */
  close(): void {
    this.#state = "closed";
    closeQuietly(this.#connection);
    this.#deadline[Symbol.dispose]();
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    this.close();
  }

  #enter(state: "waiting" | "body"): void {
    if (this.#state === "closed") {
      throw new DisconnectedError("the session is closed", {
        operation: "send a command",
        peer: this.peer,
      });
    }
    if (this.#state !== "ready") {
      throw new TypeError(
        this.#state === "body" ? "a body is under way" : "another command is under way",
      );
    }
    this.#state = state;
  }

  #leave(): void {
    if (this.#state !== "closed") this.#state = "ready";
  }

  async #during<T>(state: "waiting" | "body", run: () => Promise<T>): Promise<T> {
    this.#enter(state);
    try {
      return await run();
    } catch (error) {
      // After a negative reply, or before a byte was sent, both sides are still in step.
      if (!(error instanceof ReplyError) && error !== this.#unsent) this.close();
      throw error;
    } finally {
      this.#leave();
    }
  }

  /**
   * Replies are read while commands are written, lest both sides wait for room in their buffers; and a
   * reply before the server closes is read even if the command could not be written any more.
   */
  #write(lines: readonly CommandLine[]): Promise<void> {
    this.#queue(lines);
    const writing = this.#writer.flush();
    writing.catch(() => {});
    return writing;
  }

  #queue(lines: readonly CommandLine[]): void {
    const { transcript, doubleIac } = this.#options;
    try {
      for (const { line } of lines) {
        this.#writer.queueLine(doubleIac ? line.replaceAll("\xff", "\xff\xff") : line);
      }
    } catch (error) {
      this.#writer.discard();
      throw this.#unsent = error;
    }
    for (const { shown } of lines) transcript?.record("C", shown);
  }

  /** Takes input that arrived before the command, which therefore cannot be its reply. */
  async #receiveUnsolicited(): Promise<void> {
    const { onUnsolicited } = this.#options;
    while (this.#reader.buffered > 0) {
      const reply = await this.#read();
      if (onUnsolicited !== undefined) onUnsolicited(reply);
      else {
        const received = formatReplyForDisplay(reply);
        const context = { operation: "send a command", peer: this.peer, received };
        throw new ProtocolError(`the server said something unasked: ${received}`, context);
      }
    }
  }

  async #read(): Promise<Reply> {
    return (await this.#readAll(1))[0]!;
  }

  /** Reads so many replies; `idleTimeoutMs` counts for them alone, where it is not as long as usual. */
  async #readAll(
    count: number,
    idleTimeoutMs = this.#options.timeoutMs ?? 60_000,
  ): Promise<Reply[]> {
    // A server that sends a byte now and then must not hold the caller for ever.
    using deadline = this.#waiting(idleTimeoutMs, (count + TRICKLE) * idleTimeoutMs);
    this.#reader.deadline = deadline;
    const { style, transcript } = this.#options;
    try {
      const replies: Reply[] = [];
      while (replies.length < count) {
        const reply = await readReply(this.#reader, style, this.#options, this.peer);
        transcript?.recordReply(reply);
        replies.push(reply);
      }
      return replies;
    } finally {
      this.#reader.deadline = this.#deadline;
    }
  }

  #waiting(idleTimeoutMs: number, timeoutMs?: number): Deadline {
    const { signal } = this.#options;
    const context = { operation: "read a reply", peer: this.peer };
    return new Deadline({ signal, idleTimeoutMs, timeoutMs }, context);
  }

  #judge(reply: Reply, operation: string, accept: readonly Reply["code"][] | undefined): Reply {
    if (accept?.includes(reply.code) ?? isPositive(reply.code)) return reply;
    throw toReplyError(reply, operation, this.peer);
  }
}
