/**
 * Messages are put into a mailbox: APPEND (RFC 9051 §6.3.12, RFC 3502, RFC 7889).
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import type { NewMessage, StoredMessage } from "../../../stores/mod.ts";
import { Cursor } from "../codec/cursor.ts";
import { parseDateTime } from "../codec/date.ts";
import { formatUidSet } from "../codec/uid_set.ts";
import { maxMessageBytes } from "../server/capabilities.ts";
import {
  type AppendArguments,
  type IncomingLiteral,
  skipAppendArguments,
} from "../server/command_reader.ts";
import { type CommandResult, type ImapSession, Refusal, refusalOf } from "../server/session.ts";
import { parseFlags } from "./store.ts";

/** Most messages of a command. */
const MAX_MESSAGES = 10_000;

/** The client is gone in the middle of a command. */
class GoneError extends Error {}

/**
 * `APPEND`
 *
 * @param session The session.
 * @param args Its arguments.
 * @param first The first message, which was announced and not read; undefined if there is none.
 * @returns The result; undefined if the client is gone.
 */
export async function append(
  session: ImapSession,
  args: Cursor,
  first: IncomingLiteral | undefined,
): Promise<CommandResult | undefined> {
  if (first === undefined) return { status: "BAD", text: "APPEND takes a literal" };
  args.space();
  const name = session.mailboxName(args);
  const incoming = new IncomingMessages(session, first);
  try {
    const folder = await session.target(name);
    const stored = await folder.appendAll(incoming.messages(skipAppendArguments(args)));
    session.counts.appended += stored.length;
    return { status: "OK", text: `[APPENDUID ${folder.uidValidity} ${uidsOf(stored)}] stored` };
  } catch (error) {
    if (error instanceof GoneError) return undefined;
    const refusal = refusalOf(error);
    if (refusal === undefined && !incoming.isWhole) throw error;
    // Literals without consent are read to the end of the command.
    if (!await incoming.skip()) return undefined;
    if (refusal === undefined) throw error;
    return refusal;
  }
}

function uidsOf(stored: readonly StoredMessage[]): string {
  return formatUidSet(stored.map(({ uid }) => uid), 1_000_000).join(",");
}

/** The messages of one command, as they come. */
class IncomingMessages {
  readonly #session: ImapSession;
  /** A literal that was announced and not read. */
  #next: IncomingLiteral | undefined;
  /** Bytes of the literal that is being read which have not come yet. */
  #left = 0;
  /** Whether the next line continues the command. */
  #isInside = false;
  #isUtf8 = false;

  constructor(session: ImapSession, first: IncomingLiteral) {
    this.#session = session;
    this.#next = first;
  }

  /** Whether no literal is half read. */
  get isWhole(): boolean {
    return this.#left === 0;
  }

  async *messages(first: AppendArguments): AsyncGenerator<NewMessage> {
    let args = first;
    for (let count = 1; this.#next !== undefined; count++) {
      if (count > MAX_MESSAGES) throw new Refusal("NO", "[LIMIT] too many messages");
      const message = this.#described(args);
      const literal = this.#next;
      if (literal.size > maxMessageBytes(this.#session)) {
        throw new Refusal("NO", "[TOOBIG] the message is too large");
      }
      if (!literal.isEager) await this.#session.reader.consent();
      this.#next = undefined;
      this.#isInside = true;
      this.#left = literal.size;
      this.#isUtf8 = args.isUtf8;
      if (literal.size === 0) throw new Refusal("NO", "[CANNOT] the message is empty");
      yield { ...message, text: this.#content() };
      args = await this.#readArguments();
    }
  }

  #described({ flags, date }: AppendArguments): Omit<NewMessage, "text"> {
    const received = date === undefined ? this.#session.options.now?.() : parseDateTime(date);
    if (date !== undefined && received === undefined) {
      throw new Refusal("BAD", "the date is malformed");
    }
    return { flags: parseFlags(flags), received };
  }

  async *#content(): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#session.connection.reader.body(this.#left)) {
      this.#left -= piece.length;
      yield piece;
    }
    if (this.#left > 0) throw new GoneError();
  }

  /** Reads what follows a message. */
  async #readArguments(): Promise<AppendArguments> {
    const rest = await this.#session.reader.rest();
    if (rest === undefined) throw new GoneError();
    this.#isInside = false;
    this.#next = rest.literal;
    let { text } = rest;
    if (this.#isUtf8) {
      if (!text.startsWith(")")) throw new Refusal("BAD", 'UTF8 ends with ")"');
      text = text.slice(1);
    }
    if (rest.literal === undefined) {
      if (trimBlanks(text) !== "") throw new Refusal("BAD", "malformed command behind a message");
      return { flags: [], date: undefined, isUtf8: false };
    }
    const args = new Cursor([text], "command");
    const described = skipAppendArguments(args);
    if (!args.atEnd) args.fail("a literal is missing");
    return described;
  }

  /**
   * Skips the rest of the command.
   * @returns Whether the client is still there.
   */
  async skip(): Promise<boolean> {
    const { reader, connection } = this.#session;
    if (this.#left > 0) {
      for await (const piece of connection.reader.body(this.#left)) this.#left -= piece.length;
      if (this.#left > 0) return false;
    }
    while (this.#next !== undefined || this.#isInside) {
      const literal = this.#next;
      this.#next = undefined;
      if (literal !== undefined) {
        // Without consent the client must not send it; the command is over.
        if (!literal.isEager) return true;
        await reader.skip(literal);
      }
      const rest = await reader.rest();
      if (rest === undefined) return false;
      this.#next = rest.literal;
      this.#isInside = false;
    }
    return true;
  }
}
