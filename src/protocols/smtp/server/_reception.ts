/**
 * The reception of a message: its text goes to the mailbox's owner, and the client gets its reply when it is safe.
 *
 * @module
 */

import { LineBreaks } from "../../../mime/internal.ts";
import { formatMailDate } from "../../../mime/mod.ts";
import {
  DisconnectedError,
  LimitError,
  NetwrightError,
  ProtocolError,
  TimeoutError,
} from "../../../net/mod.ts";
import type { ShortReply } from "../../wire/mod.ts";
import { TextPipe } from "./_text.ts";
import { type SmtpClientFacts, SmtpReject, type SmtpServerOptions } from "./server_options.ts";

/** Bytes that are read in vain behind a message that is too large; a client that sends more is left. */
const MAX_WASTED = 64 * 1024 * 1024;

const [LF, CR] = [0x0a, 0x0d];

/** The sender, the recipients, and the client. */
export interface ReceptionFacts {
  readonly from: string;
  readonly to: readonly string[];
  readonly client: SmtpClientFacts;
  readonly utf8: boolean;
}

/** Takes one message. */
export class Reception {
  readonly #options: SmtpServerOptions;
  readonly #pipe = new TextPipe();
  readonly #kept: Promise<readonly ShortReply[]>;
  readonly #maxBytes: number;
  readonly #lineBreaks = new LineBreaks();
  #bytes = 0;
  #afterCr = false;
  /** The first line break that is refused. */
  #bare: "CR" | "LF" | undefined;

  constructor(options: SmtpServerOptions, facts: ReceptionFacts) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? 26_214_400;
    this.#kept = this.#keep(facts);
  }

  async #keep({ from, to, client, utf8 }: ReceptionFacts): Promise<readonly ShortReply[]> {
    const id = crypto.randomUUID().replaceAll("-", "").slice(0, 16);
    const trace = this.#trace(id, { from, to, client, utf8 });
    const pipe = this.#pipe;
    const text = (async function* () {
      yield trace;
      yield* pipe;
    })();
    try {
      const replies = await this.#options.deliver({ from, to, client, id, text });
      // A consumer that did not read everything cannot have kept it.
      if (!(await text.next()).done) {
        throw new NetwrightError("the text was not read to its end", {
          operation: "keep a message",
        });
      }
      const good: ShortReply = [250, `2.0.0 kept as ${id}`];
      return (replies ?? [undefined]).map((reply) => reply ?? good);
    } catch (error) {
      return [this.#replyTo(error)];
    } finally {
      pipe.stop();
    }
  }

  /** Where the message came from, and how (RFC 5321 §4.4). */
  #trace(id: string, { from, to, client, utf8 }: ReceptionFacts): Uint8Array {
    const { name = "localhost", protocol, now = () => new Date() } = this.#options;
    const base = protocol === "lmtp" ? "LMTP" : "ESMTP";
    const how = `${utf8 ? "UTF8" : ""}${base}${client.isSecure ? "S" : ""}${
      client.user === undefined ? "" : "A"
    }`;
    const peer = client.peer.replace(/:\d+$/, "").replace(/^\[?([^\]]*)\]?$/, "$1");
    const literal = peer.includes(":")
      ? `[IPv6:${peer}]`
      : /^[\d.]+$/.test(peer)
      ? `[${peer}]`
      : "[local]";
    return new TextEncoder().encode(
      `Return-Path: <${from}>\r\nReceived: from ${
        client.name.replace(/[()\\]/g, "_")
      } (${literal})\r\n by ${name}` +
        // Of several, none may learn of the others.
        ` with ${how} id ${id}${to.length === 1 ? `\r\n for <${to[0]}>` : ""};\r\n ${
          formatMailDate(now())
        }\r\n`,
    );
  }

  #replyTo(error: unknown): ShortReply {
    if (error instanceof SmtpReject) return error.reply;
    if (error instanceof LimitError && error === this.#tooLarge) {
      return [552, `5.3.4 more than ${this.#maxBytes} bytes are not taken`];
    }
    if (error instanceof ProtocolError) return [550, `5.6.0 ${error.reason}`];
    // A client that is gone gets no reply, and it was not our fault.
    const gone = error instanceof DisconnectedError || error instanceof TimeoutError;
    if (!gone) this.#options.onError?.(error);
    return [451, "4.3.0 the message could not be kept; try again later"];
  }

  #tooLarge: LimitError | undefined;

  /** Takes a piece. */
  async take(received: Uint8Array): Promise<void> {
    const piece = this.#normalized(received);
    this.#bytes += piece.length;
    if (this.#bytes <= this.#maxBytes) return await this.#pipe.give(piece);
    // The rest is read, so that the client gets the reply; but nothing of it is kept, and not without end.
    if (this.#tooLarge !== undefined) {
      if (this.#bytes > this.#maxBytes + MAX_WASTED) throw this.#tooLarge;
      return;
    }
    this.#tooLarge = new LimitError(`the message is larger than ${this.#maxBytes} bytes`, {
      operation: "take a message",
      limit: this.#maxBytes,
    });
    this.#pipe.fail(this.#tooLarge);
  }

  /** Takes a whole text; gives what to say, for the first recipient or each. */
  async takeAll(text: AsyncIterable<Uint8Array>): Promise<readonly ShortReply[]> {
    try {
      for await (const piece of text) await this.take(piece);
    } catch (error) {
      this.#pipe.fail(error);
      await this.#kept;
      throw error;
    }
    return await this.end();
  }

  /** The text is over. */
  async end(): Promise<readonly ShortReply[]> {
    const { bareLineBreaks = "normalize" } = this.#options;
    if (bareLineBreaks === "normalize") await this.#pipe.give(this.#lineBreaks.end());
    const bare = this.#bare ?? (this.#afterCr ? "CR" : undefined);
    if (bareLineBreaks !== "refuse" || bare === undefined) this.#pipe.end();
    else {
      this.#pipe.fail(
        new ProtocolError(`the text holds a bare ${bare}`, { operation: "take a message" }),
      );
    }
    return await this.#kept;
  }

  /** Looks at line breaks, and makes them CRLF where that is wanted. */
  #normalized(piece: Uint8Array): Uint8Array {
    const { bareLineBreaks = "normalize" } = this.#options;
    if (bareLineBreaks === "normalize") return this.#lineBreaks.push(piece);
    if (bareLineBreaks === "keep") return piece;
    for (const byte of piece) {
      if (byte === LF && !this.#afterCr) this.#bare ??= "LF";
      if (byte !== LF && this.#afterCr) this.#bare ??= "CR";
      this.#afterCr = byte === CR;
    }
    return piece;
  }

  /** Ends it before its end: nothing is kept. */
  abort(error: unknown): void {
    this.#pipe.fail(error);
  }
}
