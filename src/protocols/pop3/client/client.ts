/**
 * The POP3 client (RFC 1939; 8.1 of the book's list).
 *
 * @module
 */

import { checkOptions } from "../../../net/internal.ts";
import {
  escapeControls,
  LimitError,
  ProtocolError,
  ReplyError,
  type ServerAddress,
  UsageError,
  verbatim,
} from "../../../net/mod.ts";
import { TextLines, toReplyError } from "../../wire/internal.ts";
import { command, type CommandLine } from "../../wire/mod.ts";
import {
  parseSize,
  parseTotals,
  parseUid,
  type Pop3Size,
  type Pop3Totals,
  type Pop3Uid,
} from "../codec/listing.ts";
import {
  POP3_CLIENT_RULES,
  type Pop3Capabilities,
  type Pop3ClientOptions,
  pop3Server,
} from "./client_options.ts";
import { retrieveAll, type RetrievedMessage, WINDOW } from "./retrieve_all.ts";
import { Pop3Session } from "./session.ts";

/** Longest line of a list, in bytes; for the limit of the whole. */
const MAX_ENTRY_BYTES = 600;
/**
 * Reads and deletes the messages of a mailbox. The server deletes them at {@link Pop3Client.quit} only: without it, and
 * when the connection breaks, all stay.
 *
 * @example Print the subjects of a mailbox
 * ```ts
 * import { Pop3Client } from "@netwright/netwright/pop3";
 * import { Header } from "@netwright/netwright/mime";
 * async function subjects(url: string): Promise<string[]> {
 *   await using client = await Pop3Client.connect(url);
 *   const found: string[] = [];
 *   for (const { number } of await client.list()) {
 *     const pieces = await Array.fromAsync(client.top(number, 0));
 *     const header = Header.parse(new Uint8Array(await new Blob(pieces).arrayBuffer()));
 *     found.push(header.text("subject") ?? "");
 *   }
 *   await client.quit();
 *   return found;
 * }
 * ```
 */
export class Pop3Client implements AsyncDisposable {
  readonly #session: Pop3Session;

  private constructor(session: Pop3Session) {
    this.#session = session;
  }

  /**
   * Connects, starts TLS and logs in, as the options say.
   * @param server The server: `host`, `host:port`, a URL such as `pop3s://user:password@host`, or an endpoint. The port is
   *   110 by default, or 995 of `pop3s`.
   * @param options How to connect.
   * @returns The client, ready to read.
   * @throws {ConnectError|TimeoutError} If the server cannot be reached.
   * @throws {TlsError} If TLS was demanded and cannot be had, or the certificate is not trusted.
   * @throws {ReplyError} If the server refuses us or our credentials; {@link pop3ResponseCode} gives the reason.
   * @throws {UnsupportedError} If no mechanism can be used, also because a password would go over the network in clear text.
   */
  static async connect(
    server: ServerAddress,
    options: Pop3ClientOptions = {},
  ): Promise<Pop3Client> {
    checkOptions(options, POP3_CLIENT_RULES);
    return new Pop3Client(await Pop3Session.open(pop3Server(server, options)));
  }

  /** The server's capabilities; empty if it does not know CAPA. */
  get capabilities(): Pop3Capabilities {
    return this.#session.capabilities;
  }

  /** The server's greeting, cleaned to be shown. */
  get greeting(): string {
    return escapeControls(this.#session.greeting, { maxLength: 1000 });
  }

  /** Whether the connection is inside TLS. */
  get isSecure(): boolean {
    return this.#session.isSecure;
  }

  /** Whether the server sends headers in UTF-8 (RFC 6856). */
  get isUtf8(): boolean {
    return this.#session.isUtf8;
  }

  /** Whether the session is over. */
  get isClosed(): boolean {
    return this.#session.channel.state === "closed";
  }

  /**
   * Returns number and size of all messages: `STAT`.
   * @returns The totals.
   * @throws {ReplyError} If the server refuses.
   * @throws {ProtocolError|DisconnectedError|TimeoutError} The session is over then.
   */
  async stat(): Promise<Pop3Totals> {
    const text = await this.#text(command`STAT`);
    return this.#parsed(text, parseTotals, "STAT");
  }

  /**
   * Lists all messages with their sizes: `LIST`.
   * @returns The messages that were not deleted, in order.
   * @throws {ReplyError} If the server refuses.
   * @throws {LimitError} If there are too many; the session is over then.
   * @throws {ProtocolError|DisconnectedError|TimeoutError} The session is over then.
   */
  async list(): Promise<readonly Pop3Size[]> {
    return await this.#list(command`LIST`, parseSize);
  }

  /**
   * Returns the size of one message: `LIST`.
   * @param number Its number.
   * @returns Its size, in bytes.
   * @throws {ReplyError} If there is no such message.
   */
  async size(number: number): Promise<number> {
    const text = await this.#text(command`LIST ${checkNumber(number)}`);
    return this.#parsed(text, parseSize, "LIST").bytes;
  }

  /**
   * Lists the unique identifiers of all messages: `UIDL`.
   * @returns The messages that were not deleted, in order.
   * @throws {ReplyError} If the server refuses, or has none.
   * @throws As {@link list} does.
   */
  async uidl(): Promise<readonly Pop3Uid[]> {
    return await this.#list(command`UIDL`, parseUid);
  }

  /**
   * Streams the header of a message and the beginning of its body: `TOP`.
   * @param number Its number.
   * @param lines Number of lines of the body.
   * @returns Pieces; lines end with CRLF. Each is the caller's own.
   * @throws {ReplyError} If there is no such message, or the server does not know `TOP`.
   */
  async *top(number: number, lines: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield* this.#stream(command`TOP ${checkNumber(number)} ${checkLines(lines)}`);
  }

  /**
   * Streams a message: `RETR`.
   * @param number Its number.
   * @returns Pieces; lines end with CRLF. Each is the caller's own.
   * @throws {ReplyError} If there is no such message.
   * @throws {LimitError} If it is larger than the limit; the session is over then.
   */
  async *retrieve(number: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield* this.#stream(command`RETR ${checkNumber(number)}`);
  }

  /**
   * Streams several messages. Where the server can (PIPELINING, RFC 2449), the requests for the next go out before the
   * text of the one before has arrived. No other command may be sent before the end, such as {@link delete}; leaving
   * before the end ends the session.
   * @param numbers Their numbers.
   * @returns The messages in this order; each is to be read before the next is taken. A message whose text is not read
   *   to the end is skipped.
   * @throws As {@link retrieve} does, but no `ReplyError`: a refusal is part of the message.
   */
  async *retrieveAll(numbers: Iterable<number>): AsyncGenerator<RetrievedMessage> {
    const waiting = Array.from(numbers, checkNumber);
    yield* retrieveAll(this.#session, waiting, (number) => command`RETR ${number}`);
  }

  /**
   * Streams the headers of several messages, as {@link retrieveAll} does with messages.
   * @param numbers Their numbers.
   * @param lines Number of lines of the body.
   * @returns The beginnings of the messages, in this order.
   * @throws As {@link retrieveAll} does.
   */
  async *topAll(numbers: Iterable<number>, lines: number): AsyncGenerator<RetrievedMessage> {
    const waiting = Array.from(numbers, checkNumber);
    const count = checkLines(lines);
    yield* retrieveAll(this.#session, waiting, (number) => command`TOP ${number} ${count}`);
  }

  /**
   * Marks messages as deleted: `DELE`. They are deleted by {@link quit}.
   * @param numbers Their numbers, or one.
   * @returns The refusals; none if all are marked.
   * @throws {ProtocolError|DisconnectedError|TimeoutError} The session is over then, and nothing is deleted.
   */
  async delete(numbers: number | Iterable<number>): Promise<readonly ReplyError[]> {
    const { channel } = this.#session;
    this.#session.assertIdle();
    const window = this.capabilities.has("PIPELINING") ? WINDOW : 1;
    const lines = Array.from(
      typeof numbers === "number" ? [numbers] : numbers,
      (number) => command`DELE ${checkNumber(number)}`,
    );
    const refusals: ReplyError[] = [];
    for (let at = 0; at < lines.length; at += window) {
      for (const reply of await channel.pipeline(lines.slice(at, at + window))) {
        if (reply.code !== "+OK") {
          refusals.push(toReplyError(reply, "DELE", channel.peer) as ReplyError);
        }
      }
    }
    return refusals;
  }

  /**
   * Takes all marks of deletion away: `RSET`.
   * @throws {ReplyError} If the server refuses.
   */
  async reset(): Promise<void> {
    await this.#text(command`RSET`);
  }

  /**
   * Keeps the session alive: `NOOP`.
   * @throws {ReplyError} If the server refuses.
   */
  async noop(): Promise<void> {
    await this.#text(command`NOOP`);
  }

  /**
   * Selects the language of the server's texts: `LANG` (RFC 6856 §3).
   * @param tag A language tag, such as `de`, or `*` for the server's default.
   * @throws {ReplyError} If the server has no such language.
   */
  async useLanguage(tag: string): Promise<void> {
    if (!/^(?:\*|[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})*)$/.test(tag)) {
      throw new UsageError("not a language tag");
    }
    await this.#text(command`LANG ${tag}`);
  }

  /**
   * Ends the session, and lets the server delete the messages that are marked: `QUIT`.
   * @throws {ReplyError} If the server could not delete all of them.
   * @throws {DisconnectedError|TimeoutError} If it gave no reply: then it is not known whether they were deleted.
   */
  async quit(): Promise<void> {
    this.#session.assertIdle();
    try {
      await this.#text(command`QUIT`);
    } finally {
      await this.#session.channel.end();
    }
  }

  /** Closes the connection at once; nothing is deleted. */
  // deno-lint-ignore require-await
  async [Symbol.asyncDispose](): Promise<void> {
    this.#session[Symbol.dispose]();
  }

  async #text(line: CommandLine): Promise<string> {
    this.#session.assertIdle();
    const { lines } = await this.#session.channel.send(line, ["+OK"]);
    return lines[0]?.validate(verbatim) ?? "";
  }

  async *#stream(line: CommandLine): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { channel, options } = this.#session;
    this.#session.assertIdle();
    await channel.send(line, ["+OK"]);
    yield* channel.readText({ maxBytes: options.maxMessageBytes ?? 268_435_456 });
  }

  async #list<T extends { readonly number: number }>(
    line: CommandLine,
    parse: (line: string) => T | undefined,
  ): Promise<T[]> {
    const { channel, options: { maxMessages = 1_000_000 } } = this.#session;
    this.#session.assertIdle();
    await channel.send(line, ["+OK"]);
    const lines = new TextLines();
    const found: T[] = [];
    const numbers = new Set<number>();
    // An error closes the channel: the rest of the text would be read as replies.
    for await (const piece of channel.readText({ maxBytes: maxMessages * MAX_ENTRY_BYTES })) {
      lines.add(piece);
      for (const text of lines.take()) {
        if (found.length === maxMessages) {
          channel.close();
          throw new LimitError(`the mailbox has more than ${maxMessages} messages`, {
            operation: `complete ${line.verb}`,
            peer: channel.peer,
            limit: maxMessages,
          });
        }
        const entry = this.#parsed(text, parse, line.verb);
        if (numbers.has(entry.number)) this.#malformed(text, line.verb);
        numbers.add(entry.number);
        found.push(entry);
      }
    }
    return found;
  }

  #parsed<T>(text: string, parse: (text: string) => T | undefined, verb: string): T {
    return parse(text) ?? this.#malformed(text, verb);
  }

  /** Ends the session: what follows cannot be relied on. */
  #malformed(text: string, verb: string): never {
    const { channel } = this.#session;
    channel.close();
    const received = escapeControls(text, { maxLength: 200 });
    throw new ProtocolError(`malformed response to ${verb}: "${received}"`, {
      operation: `complete ${verb}`,
      peer: channel.peer,
      received,
    });
  }
}

function checkNumber(number: number): number {
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new UsageError(`a message number must be 1 or more, not ${number}`);
}

function checkLines(lines: number): number {
  if (Number.isSafeInteger(lines) && lines >= 0) return lines;
  throw new UsageError(`a number of lines must be 0 or more, not ${lines}`);
}
