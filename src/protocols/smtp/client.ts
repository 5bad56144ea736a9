/**
 * The SMTP and LMTP client (RFC 5321, RFC 2033; 7.1 of the book's list).
 *
 * @module
 */

import { asShown, DisconnectedError } from "../../net/mod.ts";
import type { SaslCredentials } from "../sasl/mod.ts";
import { command, type CommandLine, refusal, type Reply } from "../wire/mod.ts";
import type { SmtpClientOptions } from "./client_options.ts";
import type { SmtpExtensions } from "./extensions.ts";
import { SmtpSession } from "./session.ts";
import {
  type EnvelopeVerdict,
  judgeEnvelope,
  type OutgoingMessage,
  prepare,
  type SendResult,
  type SmtpReply,
  smtpReply,
  type Transaction,
} from "./transaction.ts";

/** Where a client takes messages from, and tells what became of them. */
export interface Outbox {
  /** Gives the next message; undefined if none waits. */
  take(): OutgoingMessage | undefined;
  /** Hears that the server took a message, for one recipient at least. */
  sent(message: OutgoingMessage, result: SendResult): void;
  /** Hears that a message was not sent; `unknown` if the server may have taken it all the same. */
  failed(message: OutgoingMessage, error: unknown, unknown: boolean): void;
}

/** A message whose commands were sent, and perhaps not yet answered. */
interface Begun {
  readonly transaction: Transaction;
  readonly lines: number;
}

/**
 * Sends messages to one server.
 *
 * @example Send a message
 * ```ts
 * import { systemNetwork } from "@netwright/netwright/net";
 * import { SmtpClient } from "@netwright/netwright/smtp";
 * async function send(message: Uint8Array): Promise<void> {
 *   await using client = await SmtpClient.connect({
 *     network: systemNetwork(),
 *     endpoint: { transport: "tcp", hostname: "mail.example.org", port: 587 },
 *     tls: "starttls",
 *   });
 *   const envelope = { from: "ann@example.org", to: ["bob@example.org"] };
 *   const { rejected } = await client.send({ envelope, message });
 *   for (const { address, reply } of rejected) console.error(address, reply.text);
 * }
 * ```
 */
export class SmtpClient implements AsyncDisposable {
  readonly #session: SmtpSession;
  #closed = false;

  private constructor(session: SmtpSession) {
    this.#session = session;
  }

  /**
   * Connects, asks what the server offers, starts TLS and logs in, as the options say.
   * @param options Where, and how.
   * @returns The client, ready to send.
   * @throws {ConnectError|TimeoutError} If the server cannot be reached.
   * @throws {TlsError} If TLS was demanded and cannot be had, or the certificate is not trusted.
   * @throws {ReplyError} If the server refuses us or our credentials.
   * @throws {NetwrightError} If a password would go over the network in clear text.
   */
  static async connect(options: SmtpClientOptions): Promise<SmtpClient> {
    return new SmtpClient(await SmtpSession.open(options));
  }

  /** What the server offers. */
  get extensions(): SmtpExtensions {
    return this.#session.extensions;
  }

  /** The server's greeting, cleaned to be shown. */
  get greeting(): string {
    return this.#session.greeting;
  }

  /** Whether the connection is inside TLS. */
  get isSecure(): boolean {
    return this.#session.isSecure;
  }

  /** Whether the session is over. */
  get isClosed(): boolean {
    return this.#closed || this.#session.channel.state === "closed";
  }

  /**
   * Sends one message.
   * @param outgoing The message with its envelope.
   * @returns Who was accepted and who was not; one was, at least.
   * @throws {ReplyError} If the server takes it for nobody; the session goes on.
   * @throws {InjectionError} If an address is none; nothing was sent.
   * @throws {LimitError} If it is larger than the server takes; nothing was sent.
   * @throws {UnsupportedError} If the server cannot do what it needs; nothing was sent.
   * @throws {DisconnectedError|TimeoutError|ProtocolError} The session is over then.
   */
  async send(outgoing: OutgoingMessage): Promise<SendResult> {
    let waiting: OutgoingMessage | undefined = outgoing;
    let outcome: { readonly result: SendResult } | { readonly error: unknown } | undefined;
    await this.sendAll({
      take() {
        const next = waiting;
        waiting = undefined;
        return next;
      },
      sent: (_, result) => outcome = { result },
      failed: (_, error) => outcome = { error },
    });
    if (outcome === undefined) {
      throw new DisconnectedError("the session is closed", { operation: "send a message" });
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.result;
  }

  /**
   * Sends messages as long as any wait. Where the server can (RFC 2920), the commands of the next go out with the
   * text of the one before: a message takes one round trip.
   * @param outbox Where they come from. A message that was taken is told of, whatever becomes of it.
   * @throws {DisconnectedError|TimeoutError|ProtocolError} The session is over then.
   */
  async sendAll(outbox: Outbox): Promise<void> {
    let begun: Begun | undefined;
    while (!this.isClosed) {
      begun ??= await this.#begin(outbox);
      if (begun === undefined) return;
      begun = await this.#finish(begun, outbox);
    }
    if (begun !== undefined) {
      const error = new DisconnectedError("the session is closed", { operation: "send a message" });
      outbox.failed(begun.transaction.outgoing, error, false);
    }
  }

  /** Takes the next message that can be sent at all. */
  #next(outbox: Outbox): Transaction | undefined {
    while (true) {
      const outgoing = outbox.take();
      if (outgoing === undefined) return undefined;
      try {
        return prepare(outgoing, this.extensions, this.#session.channel.peer);
      } catch (error) {
        outbox.failed(outgoing, error, false);
      }
    }
  }

  get #pipelines(): boolean {
    return this.extensions.all.has("PIPELINING");
  }

  /** Sends the commands of the next message, if there is one. */
  async #begin(outbox: Outbox): Promise<Begun | undefined> {
    const transaction = this.#next(outbox);
    if (transaction === undefined) return undefined;
    const lines = linesOf(transaction);
    if (!this.#pipelines) return { transaction, lines: 0 };
    try {
      await this.#session.channel.sendAhead(...lines);
    } catch (error) {
      outbox.failed(transaction.outgoing, error, false);
      throw error;
    }
    return { transaction, lines: lines.length };
  }

  /** Sends a message's text, and with it the commands of the next one. */
  async #finish({ transaction, lines }: Begun, outbox: Outbox): Promise<Begun | undefined> {
    const { outgoing } = transaction;
    let textSent = false;
    let next: Begun | undefined;
    try {
      const verdict = lines > 0 ? await this.#hear(transaction) : await this.#ask(transaction);
      if (!verdict.ready) {
        outbox.failed(outgoing, verdict.failure, false);
        return undefined;
      }
      if (verdict.failure !== undefined) {
        // It wants a text that is for nobody: it gets none, and has nothing to deliver (RFC 2920 §3.1).
        await this.#session.channel.pipelineText([]);
        outbox.failed(outgoing, verdict.failure, false);
        return undefined;
      }
      const following = this.#pipelines ? this.#next(outbox) : undefined;
      const then = following === undefined ? [] : linesOf(following);
      if (following !== undefined) next = { transaction: following, lines: then.length };
      textSent = true;
      const { message } = outgoing;
      const replies = await this.#session.channel.pipelineText(
        message instanceof Uint8Array ? [message] : message,
        { then, replies: this.#isLmtp ? verdict.accepted.length : 1, idleMs: this.#storeMs },
      );
      this.#tell(outgoing, verdict, replies, outbox);
      return next;
    } catch (error) {
      outbox.failed(outgoing, error, textSent);
      if (next !== undefined) outbox.failed(next.transaction.outgoing, error, false);
      throw error;
    }
  }

  get #isLmtp(): boolean {
    return this.#session.options.protocol === "lmtp";
  }

  get #storeMs(): number {
    return this.#session.options.storeMs ?? 600_000;
  }

  /** Hears the replies to commands that were sent at once. */
  async #hear(transaction: Transaction): Promise<EnvelopeVerdict & { readonly ready: boolean }> {
    const { channel } = this.#session;
    const mail = await channel.readReply();
    const replies: Reply[] = [];
    for (const _ of transaction.recipients) replies.push(await channel.readReply());
    const data = await channel.readReply();
    return await this.#judge(transaction, mail, replies, data);
  }

  /** Sends the commands one by one. */
  async #ask(transaction: Transaction): Promise<EnvelopeVerdict & { readonly ready: boolean }> {
    const ask = async (line: CommandLine) => (await this.#session.channel.pipeline([line]))[0]!;
    const mail = await ask(transaction.mail);
    const replies: Reply[] = [];
    if (mail.code === 250) {
      for (const { command } of transaction.recipients) replies.push(await ask(command));
    } else replies.push(...transaction.recipients.map(() => mail));
    const verdict = judgeEnvelope(transaction, mail, replies, this.#session.channel.peer);
    if (verdict.failure === undefined) {
      return await this.#judge(transaction, mail, replies, await ask(command`DATA`));
    }
    await this.#reset();
    return { ...verdict, ready: false };
  }

  async #judge(
    transaction: Transaction,
    mail: Reply,
    replies: readonly Reply[],
    data: Reply,
  ): Promise<EnvelopeVerdict & { readonly ready: boolean }> {
    const { peer } = this.#session.channel;
    const verdict = judgeEnvelope(transaction, mail, replies, peer);
    if (data.code === 354) return { ...verdict, ready: true };
    const failure = verdict.failure ?? refusal(data, "DATA", peer);
    await this.#reset();
    return { ...verdict, failure, ready: false };
  }

  /** Ends a transaction that comes to nothing. */
  async #reset(): Promise<void> {
    await this.#session.channel.pipeline([command`RSET`]);
  }

  #tell(
    outgoing: OutgoingMessage,
    { accepted, rejected }: EnvelopeVerdict,
    replies: readonly Reply[],
    outbox: Outbox,
  ): void {
    // In LMTP each recipient that was accepted has a reply of its own.
    const taken: typeof accepted[number][] = [];
    const refused = [...rejected];
    accepted.forEach(({ address }, index) => {
      const reply = smtpReply(replies[this.#isLmtp ? index : 0]!);
      (reply.code === 250 ? taken : refused).push({ address, reply });
    });
    const [first] = taken;
    if (first === undefined) {
      outbox.failed(
        outgoing,
        refusal(replies[0]!, "send a message", this.#session.channel.peer),
        false,
      );
    } else {
      const result = this.#isLmtp ? taken : accepted;
      outbox.sent(outgoing, { accepted: result, rejected: refused, reply: first.reply });
    }
  }

  /**
   * Logs in after all: `AUTH` (RFC 4954).
   * @param credentials Who we are.
   * @param mechanism The SASL mechanism; the best that both know if absent.
   * @throws {ReplyError} If the server refuses; the session goes on.
   */
  async authenticate(credentials: SaslCredentials, mechanism?: string): Promise<void> {
    await this.#session.authenticate(credentials, mechanism);
  }

  /**
   * Asks whether an address is known: `VRFY` (RFC 5321 §4.1.1.6).
   * @param text A user's name or an address.
   * @returns What the server says: 250, 251, or 252 if it will not tell.
   * @throws {ReplyError} If it is not known, or the server does not say.
   */
  async verify(text: string): Promise<SmtpReply> {
    return smtpReply(await this.#session.channel.send(command`VRFY ${text}`, [250, 251, 252]));
  }

  /**
   * Asks who is on a mailing list: `EXPN` (RFC 5321 §4.1.1.7).
   * @param list The list's name.
   * @returns A line for each member, cleaned to be shown.
   * @throws {ReplyError} If it is not known, or the server does not say.
   */
  async expand(list: string): Promise<string[]> {
    const { lines } = await this.#session.channel.send(command`EXPN ${list}`, [250, 252]);
    return lines.map((line) => line.launder(asShown));
  }

  /**
   * Asks a server to send what waits for a host: `ETRN` (RFC 1985).
   * @param domain The host, or `@domain` for all below it.
   * @returns What the server says.
   * @throws {ReplyError} If it does not.
   */
  async etrn(domain: string): Promise<SmtpReply> {
    return smtpReply(
      await this.#session.channel.send(command`ETRN ${domain}`, [250, 251, 252, 253]),
    );
  }

  /**
   * Asks for help: `HELP`.
   * @param topic What about; everything if absent.
   * @returns The server's lines, cleaned to be shown.
   * @throws {ReplyError} If it has none.
   */
  async help(topic?: string): Promise<string[]> {
    const line = topic === undefined ? command`HELP` : command`HELP ${topic}`;
    const { lines } = await this.#session.channel.send(line, [211, 214]);
    return lines.map((line) => line.launder(asShown));
  }

  /**
   * Does nothing, and so shows that the session lives: `NOOP`.
   * @throws {ReplyError|DisconnectedError|TimeoutError} If it does not.
   */
  async noop(): Promise<void> {
    await this.#session.channel.send(command`NOOP`, [250]);
  }

  /** Says goodbye and closes: `QUIT`. Never throws. */
  async quit(): Promise<void> {
    this.#closed = true;
    await this.#session.quit();
  }

  /** Closes at once; may be called again. */
  close(): void {
    this.#closed = true;
    this.#session.channel.close();
  }

  /** Says goodbye and closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.quit();
  }
}

function linesOf({ mail, recipients }: Transaction): CommandLine[] {
  return [mail, ...recipients.map(({ command }) => command), command`DATA`];
}
