/**
 * A mailbox in a server's session: the verbs of the transaction state, and QUIT (RFC 1939 §5, §6).
 *
 * @module
 */

import { replyWithStoredText, writeLines } from "../../wire/internal.ts";
import type { CommandSession } from "../../wire/mod.ts";
import type { Pop3Mailbox, Pop3Message, Pop3ServerOptions } from "./server_options.ts";
import { topOf } from "./top.ts";

/** A mailbox that is open, and what became of its messages. */
export class OpenMailbox {
  readonly #session: CommandSession;
  readonly #options: Pop3ServerOptions;
  readonly #user: string;
  readonly #box: Pop3Mailbox;
  /** Places of messages that are marked as deleted. */
  readonly #deleted = new Set<number>();
  #retrieved = 0;
  #isClosed = false;

  constructor(
    session: CommandSession,
    options: Pop3ServerOptions,
    user: string,
    box: Pop3Mailbox,
  ) {
    this.#session = session;
    this.#options = options;
    this.#user = user;
    this.#box = box;
  }

  /** STAT. */
  async stat(): Promise<void> {
    const left = this.#box.messages.filter((_, index) => !this.#deleted.has(index));
    const bytes = left.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await this.#session.reply("+OK", `${left.length} ${bytes}`);
  }

  /** LIST and UIDL: one property of a message, or of all. */
  async list(argument: string, property: keyof Pop3Message): Promise<void> {
    const { messages } = this.#box;
    const deleted = this.#deleted;
    if (argument !== "") {
      const index = await this.#index(argument);
      if (index === undefined) return;
      return await this.#session.reply("+OK", `${index + 1} ${messages[index]![property]}`);
    }
    await this.#session.reply("+OK", `${messages.length - deleted.size} messages`);
    await writeLines(
      this.#session,
      function* () {
        for (const [index, message] of messages.entries()) {
          if (!deleted.has(index)) yield `${index + 1} ${message[property]}`;
        }
      }(),
    );
  }

  /** The place of a message; undefined, after a reply, if there is none. */
  async #index(argument: string): Promise<number | undefined> {
    const index = /^\d{1,9}$/.test(argument) ? Number(argument) - 1 : -1;
    if (index in this.#box.messages && !this.#deleted.has(index)) return index;
    await this.#session.reply("-ERR", "no such message");
  }

  /** RETR. */
  async retrieve(argument: string): Promise<"quit" | void> {
    const index = await this.#index(argument);
    if (index === undefined) return;
    const { sizeBytes } = this.#box.messages[index]!;
    const outcome = await this.#sendText(this.#box.read(index), `${sizeBytes} octets`);
    if (outcome === "sent") this.#retrieved++;
    return outcome === "broken" ? "quit" : undefined;
  }

  /** TOP. */
  async top(argument: string): Promise<"quit" | void> {
    const [number = "", lines = ""] = argument.split(/[ \t]+/);
    if (!/^\d{1,9}$/.test(lines)) {
      return await this.#session.reply("-ERR", "TOP takes a message and a number of lines");
    }
    const index = await this.#index(number);
    if (index === undefined) return;
    const text = topOf(this.#box.read(index), Number(lines));
    return await this.#sendText(text, "top of message follows") === "broken" ? "quit" : undefined;
  }

  /** Sends a text after the reply to it. */
  async #sendText(text: AsyncIterable<Uint8Array>, reply: string) {
    return await replyWithStoredText(this.#session, text, {
      found: ["+OK", reply],
      unreadable: ["-ERR", "[SYS/TEMP] the message cannot be read"],
      onError: this.#options.onError,
    });
  }

  /** DELE. */
  async delete(argument: string): Promise<void> {
    const index = await this.#index(argument);
    if (index === undefined) return;
    this.#deleted.add(index);
    await this.#session.reply("+OK", "deleted at QUIT");
  }

  /** RSET. */
  async reset(): Promise<void> {
    this.#deleted.clear();
    await this.#session.reply("+OK", `${this.#box.messages.length} messages`);
  }

  /** QUIT: now, and at no other time, messages are deleted. */
  async quit(): Promise<"quit"> {
    const deleted = [...this.#deleted].sort((one, other) => one - other);
    try {
      if (deleted.length > 0) await this.#box.delete(deleted);
    } catch (error) {
      this.#options.onError?.(error);
      this.close(0);
      await this.#session.reply("-ERR", "[SYS/TEMP] some deleted messages were not removed");
      return "quit";
    }
    this.close(deleted.length);
    await this.#session.reply("+OK", `goodbye, ${deleted.length} messages deleted`);
    return "quit";
  }

  /**
   * Ends the reservation, once.
   * @param deleted Number of messages that were deleted.
   */
  close(deleted: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#box.close();
    this.#options.onEnd?.({ user: this.#user, retrieved: this.#retrieved, deleted });
  }
}
