/**
 * Commands as they come from a client: a line, or lines with literals between them (RFC 9051 §2.2.1, RFC 7888).
 *
 * @module
 */

import { LimitError } from "../../../net/mod.ts";
import { Cursor } from "../codec/cursor.ts";
import {
  literalAt,
  type LiteralMark,
  type ResponseParts,
  toText,
} from "../codec/response_reader.ts";
import { MAX_LINE_BYTES, type ServerConnection } from "./connection.ts";

/** A command, or a refused one. */
export type ReceivedCommand =
  | {
    readonly kind: "command";
    /** The client's name for the command. */
    readonly tag: string;
    /** The verb in upper case; with `UID ` before it if it takes identifiers. */
    readonly verb: string;
    /** Behind the verb. */
    readonly args: Cursor;
    /** The literal of a message, which was not read yet. */
    readonly message: IncomingLiteral | undefined;
  }
  | { readonly kind: "refused"; readonly tag: string; readonly text: string };

/** A literal that has been announced. */
export interface IncomingLiteral {
  /** Number of bytes; more than can be counted for absurd announcements. */
  readonly size: number;
  /** Whether its bytes come without consent. */
  readonly isEager: boolean;
}

/** Longest line that is skipped, in bytes; a longer one ends the session. */
const MAX_SKIPPED_BYTES = 1024 * 1024;
/** A tag (RFC 9051 §9). */
const TAG = /^[^\x00-\x20"(){%*+\\\x7f-\uffff]{1,200}$/;

/** Reads commands. */
export class CommandReader {
  readonly #connection: ServerConnection;
  readonly #maxCommandBytes: number;
  readonly #maxMessageBytes: number;

  constructor(connection: ServerConnection, maxCommandBytes: number, maxMessageBytes: number) {
    this.#connection = connection;
    this.#maxCommandBytes = maxCommandBytes;
    this.#maxMessageBytes = maxMessageBytes;
  }

  /**
   * Reads the next command.
   * @returns The command; undefined if the client is gone.
   */
  async next(): Promise<ReceivedCommand | undefined> {
    const parts: (string | Uint8Array<ArrayBuffer>)[] = [];
    let bytes = 0;
    let refused: string | undefined;
    while (true) {
      const line = await this.#line();
      if (line === undefined) return undefined;
      if (line === "too long") {
        return { kind: "refused", tag: tagOf(parts), text: "BAD line too long" };
      }
      if (parts.length === 0) this.#connection.record(line);
      const literal = literalAt(line);
      bytes += line.length;
      if (literal === undefined) {
        parts.push(line);
        break;
      }
      const text = line.slice(0, literal.start);
      const incoming = incomingOf(literal);
      if (refused === undefined && isAppend(parts, text)) {
        parts.push(text);
        return commandOf(parts, incoming);
      }
      bytes += incoming.size;
      if (bytes > this.#maxCommandBytes) refused ??= "BAD the command is too large";
      if (refused === undefined) {
        if (!incoming.isEager) await this.consent();
        const content = await this.#connection.reader.readExact(incoming.size);
        parts.push(text, content as Uint8Array<ArrayBuffer>);
        continue;
      }
      parts.push(text, new Uint8Array(0));
      // Without consent the client must not send it; the command is over.
      if (!incoming.isEager) return { kind: "refused", tag: tagOf(parts), text: refused };
      await this.skip(incoming);
    }
    return refused === undefined
      ? commandOf(parts, undefined)
      : { kind: "refused", tag: tagOf(parts), text: refused };
  }

  /** Agrees to a literal. */
  async consent(): Promise<void> {
    await this.#connection.line("+ OK");
    await this.#connection.flush();
  }

  /**
   * Skips a literal that comes without consent.
   * @throws {LimitError} If it is larger than any message may be.
   */
  async skip({ size }: IncomingLiteral): Promise<void> {
    // It is read only so that the session can go on behind it.
    if (size > 4 * this.#maxMessageBytes) {
      throw new LimitError(`a literal of ${size} bytes`, {
        operation: "read a command",
        peer: this.#connection.peer,
        limit: this.#maxMessageBytes,
      });
    }
    for await (const _ of this.#connection.reader.body(size));
  }

  /**
   * Reads what follows a literal of a message.
   * @returns The rest of the command up to its end or the next literal; undefined if the client is gone.
   */
  async rest(): Promise<
    { readonly text: string; readonly literal: IncomingLiteral | undefined } | undefined
  > {
    const line = await this.#line();
    if (line === undefined) return undefined;
    if (line === "too long") return { text: "\0", literal: undefined };
    const literal = literalAt(line);
    return literal === undefined
      ? { text: line, literal: undefined }
      : { text: line.slice(0, literal.start), literal: incomingOf(literal) };
  }

  /**
   * Reads a line that is not a command.
   * @returns The line; undefined if the client is gone.
   */
  async line(): Promise<string | undefined> {
    const line = await this.#line();
    // No valid line has this length.
    return line === "too long" ? "\0" : line;
  }

  async #line(): Promise<string | "too long" | undefined> {
    try {
      const bytes = await this.#connection.readLine();
      return bytes === undefined ? undefined : toText(bytes);
    } catch (error) {
      if (!(error instanceof LimitError) || error.limit !== MAX_LINE_BYTES) throw error;
      if (!await this.#connection.reader.skipLine(MAX_SKIPPED_BYTES)) return undefined;
      return "too long";
    }
  }
}

function incomingOf({ digits, isEager }: LiteralMark): IncomingLiteral {
  return { size: digits.length > 15 ? Number.MAX_SAFE_INTEGER : Number(digits), isEager };
}

/** Whether the literal that follows is the message of APPEND. */
function isAppend(parts: ResponseParts, text: string): boolean {
  const first = parts.length === 0 ? text : parts[0] as string;
  if (!/^\S{1,200} +APPEND /i.test(first)) return false;
  try {
    const { args } = split([...parts, text]) ?? {};
    if (args === undefined) return false;
    args.space();
    args.astring();
    skipAppendArguments(args);
    return args.atEnd;
  } catch {
    // The literal is the name of the mailbox, or the command is malformed, which its handler says.
    return false;
  }
}

/** The arguments before the message of APPEND. */
export interface AppendArguments {
  readonly flags: readonly string[];
  readonly date: string | undefined;
  /** Whether the message is in `UTF8 (` and `)` (RFC 6855 §4). */
  readonly isUtf8: boolean;
}

/**
 * Reads the arguments between the mailbox, or the message before, and a message.
 *
 * @param args At the space before them.
 * @returns The arguments.
 * @throws {ProtocolError} If they are malformed.
 */
export function skipAppendArguments(args: Cursor): AppendArguments {
  args.space();
  let flags: readonly string[] = [];
  let date: string | undefined;
  if (args.next === "(") {
    flags = args.words();
    args.space();
  }
  if (args.next === '"') {
    date = args.astring();
    args.space();
  }
  let isUtf8 = false;
  if (/^UTF8 *\($/i.test(args.peek())) {
    isUtf8 = true;
    args.rest();
  }
  return { flags, date, isUtf8 };
}

function commandOf(parts: ResponseParts, message: IncomingLiteral | undefined): ReceivedCommand {
  const command = split(parts);
  if (command === undefined) {
    return { kind: "refused", tag: tagOf(parts), text: "BAD a command has a tag and a verb" };
  }
  return { kind: "command", ...command, message };
}

/** Splits tag and verb off. */
function split(
  parts: ResponseParts,
): { readonly tag: string; readonly verb: string; readonly args: Cursor } | undefined {
  const text = parts[0] as string;
  const [all, tag = "", uid, word] =
    /^(\S+) +(?:(UID) +)?([A-Za-z0-9.-]{1,30})(?= |$)/i.exec(text) ??
      [];
  if (all === undefined || !TAG.test(tag)) return undefined;
  const args = new Cursor([text.slice(all.length), ...parts.slice(1)], "command");
  return { tag, verb: `${uid === undefined ? "" : "UID "}${word!.toUpperCase()}`, args };
}

/** The tag of a command that is refused; `*` if it has none. */
function tagOf(parts: ResponseParts): string {
  const first = typeof parts[0] === "string" ? parts[0].split(" ", 1)[0]! : "";
  return TAG.test(first) ? first : "*";
}
