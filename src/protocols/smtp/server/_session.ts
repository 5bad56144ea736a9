/**
 * The state of a server's session, and the implementations of the verbs.
 *
 * @module
 */

import { DisconnectedError, escapeControls, singleLine, type Tainted } from "../../../net/mod.ts";
import { CommandSession, type ShortReply, type VerbHandler } from "../../wire/mod.ts";
import { authenticate, sasl } from "./_auth.ts";
import { parsePath } from "./_path.ts";
import { Reception } from "./_reception.ts";
import { type SmtpClientFacts, SmtpReject, type SmtpServerOptions } from "./server_options.ts";

const BAD_SEQUENCE: ShortReply = [503, "5.5.1 bad sequence of commands"];
const SYNTAX: ShortReply = [501, "5.5.4 syntax error in parameters"];
const OK: ShortReply = [250, "2.0.0 ok"];

/** Parameters that MAIL takes. */
const MAIL_PARAMETERS = ["SIZE", "BODY", "SMTPUTF8", "AUTH"];

/** One session. */
export class SmtpServerSession {
  readonly #session: CommandSession;
  readonly #options: SmtpServerOptions;
  #name = "";
  #isSecure: boolean;
  #user: string | undefined;
  #failures = 0;
  #messages = 0;
  #refusals = 0;
  /** The message that is under way, from MAIL on. */
  #sender: { readonly address: string; readonly utf8: boolean } | undefined;
  readonly #recipients = new Map<string, string>();
  /** A message whose text comes in chunks. */
  #reception: Reception | undefined;

  constructor(session: CommandSession, options: SmtpServerOptions) {
    this.#session = session;
    this.#options = options;
    this.#isSecure = options.isSecure ?? false;
  }

  get #isLmtp(): boolean {
    return this.#options.protocol === "lmtp";
  }

  get #maxBytes(): number {
    return this.#options.maxBytes ?? 26_214_400;
  }

  /** What each verb does. */
  readonly verbs: Readonly<Record<string, VerbHandler>> = {
    EHLO: (argument) => this.#hello(argument, true, false),
    HELO: (argument) => this.#hello(argument, false, false),
    LHLO: (argument) => this.#hello(argument, true, true),
    MAIL: (argument) => this.#judge(text(argument), "FROM", (argument) => this.#mail(argument)),
    RCPT: (argument) => this.#judge(text(argument), "TO", (argument) => this.#rcpt(argument)),
    DATA: (argument) => this.#data(text(argument)),
    BDAT: (argument) => this.#bdat(text(argument)),
    RSET: () => this.#say(() => this.#reset()),
    NOOP: () => this.#say(() => OK),
    VRFY: () => this.#say(() => [252, "2.5.2 cannot VRFY user, but will accept message"]),
    EXPN: () => this.#say(() => [502, "5.5.1 EXPN not available"]),
    HELP: () =>
      this.#say(
        () => [214, "2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY AUTH STARTTLS QUIT"],
      ),
    STARTTLS: (argument) => this.#startTls(text(argument)),
    AUTH: (argument) => this.#auth(text(argument)),
    QUIT: async () => {
      await this.#session.reply(221, "2.0.0 goodbye");
      return "quit";
    },
  };

  /** Drops the current transaction. */
  close(): void {
    this.#reception?.abort(
      new DisconnectedError("the client is gone", { operation: "take a message" }),
    );
    this.#reception = undefined;
  }

  async #say(judge: () => ShortReply | Promise<ShortReply>): Promise<void> {
    await this.#session.reply(...await judge());
  }

  /** Judges a sender or a recipient, and reports rejections to the owner of the server too. */
  async #judge(
    argument: string,
    word: "FROM" | "TO",
    judge: (argument: string) => Promise<ShortReply>,
  ): Promise<"quit" | void> {
    const reply = await judge(argument);
    if (isRefusal(reply)) {
      const { maxRefusals = 100 } = this.#options;
      if (++this.#refusals > maxRefusals) {
        await this.#session.reply(421, "4.7.0 too much was refused");
        return "quit";
      }
      const address = parsePath(argument, word)?.address ?? "";
      if (word === "FROM") this.#refused(address, [], reply);
      else this.#refused(this.#sender?.address ?? "", [address], reply);
    }
    await this.#session.reply(...reply);
  }

  #refused(from: string, to: readonly string[], reply: ShortReply): void {
    this.#options.onRefused?.({ from, to, reply, client: this.#facts() });
  }

  async #hello(argument: Tainted<string>, extended: boolean, local: boolean): Promise<void> {
    if (local !== this.#isLmtp) {
      return await this.#session.reply(500, `5.5.1 this is ${this.#isLmtp ? "LMTP" : "SMTP"}`);
    }
    const name = text(argument).split(" ")[0] ?? "";
    if (!/^[\x21-\x7e\x80-\u{10ffff}]{1,255}$/u.test(name)) {
      return await this.#session.reply(...SYNTAX);
    }
    this.#reset();
    this.#name = name;
    const own = this.#options.name ?? "localhost";
    await this.#session.reply(250, own, ...extended ? await this.#extensions() : []);
  }

  async #extensions(): Promise<string[]> {
    const mechanisms = await this.#mechanisms();
    const canStartTls = this.#options.tls !== undefined && !this.#isSecure;
    return [
      "PIPELINING",
      `SIZE ${this.#maxBytes === Infinity ? 0 : this.#maxBytes}`,
      "8BITMIME",
      "SMTPUTF8",
      "CHUNKING",
      "ENHANCEDSTATUSCODES",
      ...canStartTls ? ["STARTTLS"] : [],
      ...mechanisms.length > 0 ? [`AUTH ${mechanisms.join(" ")}`] : [],
      "HELP",
    ];
  }

  async #mechanisms(): Promise<readonly string[]> {
    const { users, insecureAuth } = this.#options;
    if (users === undefined || this.#user !== undefined) return [];
    const { offeredMechanisms } = await sasl();
    return offeredMechanisms(users, this.#isSecure || insecureAuth === true);
  }

  #reset(): ShortReply {
    this.#sender = undefined;
    this.#recipients.clear();
    this.#reception?.abort(new SmtpReject(451, "4.0.0 the client gave it up"));
    this.#reception = undefined;
    return OK;
  }

  async #mail(argument: string): Promise<ShortReply> {
    const { maxMessages = 1000, requireAuth, sender } = this.#options;
    if (this.#name === "" || this.#sender !== undefined) return BAD_SEQUENCE;
    if (requireAuth === true && this.#user === undefined) {
      return [530, "5.7.0 authentication required"];
    }
    if (this.#messages >= maxMessages) return [452, "4.5.3 too many messages in one session"];
    const path = parsePath(argument, "FROM");
    if (path === undefined) return SYNTAX;
    const { address, parameters } = path;
    for (const name of parameters.keys()) {
      if (!MAIL_PARAMETERS.includes(name)) return [555, "5.5.4 parameter not recognized"];
    }
    const size = parameters.get("SIZE");
    if (size !== undefined && !/^\d{1,18}$/.test(size)) return SYNTAX;
    if (Number(size ?? 0) > this.#maxBytes) {
      return [552, `5.3.4 more than ${this.#maxBytes} bytes are not taken`];
    }
    const body = parameters.get("BODY")?.toUpperCase();
    if (body !== undefined && body !== "7BIT" && body !== "8BITMIME") return SYNTAX;
    const utf8 = parameters.has("SMTPUTF8");
    if (!utf8 && /[^\x00-\x7f]/.test(address)) return [553, "5.6.7 this address requires SMTPUTF8"];
    try {
      await sender?.(address, this.#facts());
    } catch (error) {
      return this.#replyTo(error);
    }
    this.#sender = { address, utf8 };
    return [250, "2.1.0 ok"];
  }

  async #rcpt(argument: string): Promise<ShortReply> {
    const { maxRecipients = 1000, recipient } = this.#options;
    if (this.#sender === undefined || this.#reception !== undefined) return BAD_SEQUENCE;
    const path = parsePath(argument, "TO");
    if (path === undefined || path.address === "") return SYNTAX;
    if (path.parameters.size > 0) return [555, "5.5.4 parameter not recognized"];
    const { address } = path;
    if (!this.#sender.utf8 && /[^\x00-\x7f]/.test(address)) {
      return [553, "5.6.7 this address requires SMTPUTF8"];
    }
    if (this.#recipients.size >= maxRecipients) return [452, "4.5.3 too many recipients"];
    try {
      await recipient?.(address, this.#facts());
    } catch (error) {
      return this.#replyTo(error);
    }
    // The same twice is one; but LMTP owes a reply for each.
    const key = this.#isLmtp ? `${this.#recipients.size} ${address}` : address;
    this.#recipients.set(key, address);
    return [250, "2.1.5 ok"];
  }

  #facts(): SmtpClientFacts {
    return {
      peer: this.#session.peer,
      name: escapeControls(this.#name),
      isSecure: this.#isSecure,
      user: this.#user,
    };
  }

  /** Whether a text can come now; what to say if not. */
  #refuseText(): ShortReply | undefined {
    if (this.#sender === undefined) return BAD_SEQUENCE;
    return this.#recipients.size === 0 ? [554, "5.5.1 no valid recipients"] : undefined;
  }

  /** Begins to take a message. */
  #receive(): Reception {
    this.#messages++;
    return new Reception(this.#options, {
      from: this.#sender!.address,
      to: [...this.#recipients.values()],
      client: this.#facts(),
      utf8: this.#sender!.utf8,
    });
  }

  async #data(argument: string): Promise<void> {
    const refused = argument !== ""
      ? SYNTAX
      : this.#reception !== undefined
      ? BAD_SEQUENCE
      : this.#refuseText();
    if (refused !== undefined) return await this.#session.reply(...refused);
    await this.#session.reply(354, "start mail input; end with <CRLF>.<CRLF>");
    const reception = this.#reception = this.#receive();
    const text = this.#session.readText({ maxBytes: Infinity, bare: "keep" });
    await this.#finish(await reception.takeAll(text));
  }

  async #bdat(argument: string): Promise<"quit" | void> {
    const [, digits, last] = /^(\d{1,15})( +LAST)?$/i.exec(argument) ?? [];
    if (digits === undefined) {
      await this.#session.reply(...SYNTAX);
      // Without the length the next command cannot be found: a text must not be taken for some.
      return "quit";
    }
    const refused = this.#reception === undefined ? this.#refuseText() : undefined;
    const reception = refused === undefined ? this.#reception ??= this.#receive() : undefined;
    await this.#chunk(Number(digits), reception);
    if (refused !== undefined) return await this.#session.reply(...refused);
    if (last !== undefined) return await this.#finish(await reception!.end());
    await this.#session.reply(250, `2.0.0 ${digits} bytes taken`);
  }

  /** Reads a counted chunk. */
  async #chunk(bytes: number, reception: Reception | undefined): Promise<void> {
    const { reader } = this.#session;
    for (let left = bytes; left > 0;) {
      if (reader.buffered === 0 && !await reader.fill()) {
        throw new DisconnectedError("the connection ended amid a chunk", {
          operation: "take a message",
        });
      }
      const piece = reader.available.subarray(0, Math.min(left, reader.buffered)).slice();
      reader.consume(piece.length);
      left -= piece.length;
      await reception?.take(piece);
    }
  }

  /** Replies with the result of a message: once, or for each recipient. */
  async #finish(outcome: readonly ShortReply[]): Promise<void> {
    this.#reception = undefined;
    this.#reportRejection(outcome);
    const count = this.#isLmtp ? this.#recipients.size : 1;
    this.#reset();
    for (let index = 0; index < count; index++) {
      await this.#session.reply(...(outcome[index] ?? outcome[0]!));
    }
  }

  #reportRejection(outcome: readonly ShortReply[]): void {
    const from = this.#sender?.address ?? "";
    const to = [...this.#recipients.values()];
    if (outcome.length === 1) {
      if (isRefusal(outcome[0]!)) this.#refused(from, to, outcome[0]!);
      return;
    }
    outcome.forEach((reply, index) => {
      if (isRefusal(reply)) this.#refused(from, [to[index]!], reply);
    });
  }

  async #startTls(argument: string): Promise<void> {
    const { tls } = this.#options;
    if (tls === undefined || this.#isSecure) {
      return await this.#session.reply(502, "5.5.1 STARTTLS is not offered");
    }
    if (argument !== "") return await this.#session.reply(...SYNTAX);
    await this.#session.reply(220, "2.0.0 ready to start TLS");
    await this.#session.upgrade(tls);
    // All that was said in clear text may have been said by another (RFC 3207 §4.2).
    this.#reset();
    this.#isSecure = true;
    this.#name = "";
    this.#user = undefined;
  }

  async #auth(argument: string): Promise<"quit" | void> {
    const { users, maxFailures = 3 } = this.#options;
    if (this.#name === "" || this.#sender !== undefined || this.#user !== undefined) {
      return await this.#session.reply(...BAD_SEQUENCE);
    }
    const offered = await this.#mechanisms();
    if (users === undefined) return await this.#session.reply(502, "5.5.1 AUTH is not offered");
    const secure = (await sasl()).offeredMechanisms(users, true);
    const name = argument.split(" ")[0]!.toUpperCase();
    if (!offered.includes(name) && (secure as readonly string[]).includes(name)) {
      return await this.#session.reply(538, "5.7.11 this mechanism requires TLS");
    }
    const { reply, user } = await authenticate(this.#session, argument, users, offered);
    if (user !== undefined) this.#user = user;
    else if (reply[0] === 535 && ++this.#failures >= maxFailures) {
      await this.#session.reply(421, "4.7.0 too many failed attempts");
      return "quit";
    }
    await this.#session.reply(...reply);
  }

  #replyTo(error: unknown): ShortReply {
    if (error instanceof SmtpReject) return error.reply;
    this.#options.onError?.(error);
    return [451, "4.3.0 local error in processing; try again later"];
  }
}

function isRefusal([code]: ShortReply): boolean {
  return Number(code) >= 400;
}

function text(argument: Tainted<string>): string {
  return argument.validate(singleLine);
}
