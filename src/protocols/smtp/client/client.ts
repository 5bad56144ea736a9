/**
 * The SMTP and LMTP client (RFC 5321, RFC 2033; 7.1 of the book's list).
 *
 * @module
 */

import { SMTP_CLIENT_RULES } from "./client_options.ts";
import { checkOptions } from "../../../net/internal.ts";
import { DisconnectedError, type ServerAddress } from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import { command } from "../../wire/mod.ts";
import { askEnvelope, type Outbox, sendMessages } from "./_exchange.ts";
import { smtpServer } from "./_server.ts";
import type { SmtpClientOptions } from "./client_options.ts";
import type { SmtpExtensions } from "../codec/extensions.ts";
import { SmtpSession } from "./session.ts";
import type { Envelope } from "../codec/envelope.ts";
import {
  type OutgoingMessage,
  prepare,
  type SendResult,
  type SmtpReply,
  smtpReply,
} from "./transaction.ts";

export type { Outbox } from "./_exchange.ts";

/**
 * Sends messages to one server.
 *
 * @example Send a message
 * ```ts
 * import { SmtpClient } from "@netwright/netwright/smtp";
 * import { catchMail } from "@netwright/netwright/testing";
 * await using server = catchMail();
 * await using client = await SmtpClient.connect(server.endpoint);
 * const message = new TextEncoder().encode("Subject: hi\r\n\r\nHello\r\n");
 * const envelope = { from: "ann@example.org", to: ["bob@example.org"] };
 * const { accepted } = await client.send({ envelope, message });
 * if (accepted.length !== 1) throw new Error("not accepted");
 * ```
 */
export class SmtpClient implements AsyncDisposable {
  readonly #session: SmtpSession;

  private constructor(session: SmtpSession) {
    this.#session = session;
  }

  /**
   * Connects, requests the server's extensions, starts TLS and logs in, as the options say.
   * @param server The server: `host`, `host:port`, a URL such as `submission://user:password@host`, or an endpoint. The
   *   port is 25 by default, that of the URL's scheme, or 24 of LMTP.
   * @param options How to connect.
   * @returns The client, ready to send.
   * @throws {ConnectError|TimeoutError} If the server cannot be reached.
   * @throws {TlsError} If TLS was demanded and cannot be had, or the certificate is not trusted.
   * @throws {ReplyError} If the server refuses us or our credentials.
   * @throws {NetwrightError} If a password would go over the network in clear text.
   */
  static async connect(
    server: ServerAddress,
    options: SmtpClientOptions = {},
  ): Promise<SmtpClient> {
    checkOptions(options, SMTP_CLIENT_RULES);
    return new SmtpClient(await SmtpSession.open(smtpServer(server, options)));
  }

  /** The server's extensions. */
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
    return this.#session.channel.state === "closed";
  }

  /**
   * Sends one message.
   * @param outgoing The message with its envelope.
   * @returns Who was accepted and who was not; one was, at least.
   * @throws {EnvelopeError} If the server rejects all recipients; the session remains usable.
   * @throws {ReplyError} If it rejects the text; the session remains usable.
   * @throws {InjectionError} If an address is none; nothing was sent.
   * @throws {LimitError} If it is larger than the server takes; nothing was sent.
   * @throws {UnsupportedError} If the server lacks a required extension; nothing was sent.
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
   * @param outbox The source. It is notified of the result of each message that was taken from it.
   * @throws {DisconnectedError|TimeoutError|ProtocolError} The session is over then.
   */
  async sendAll(outbox: Outbox): Promise<void> {
    await sendMessages(this.#session, outbox);
  }

  /**
   * Checks whether a message would be accepted, by its envelope; none is sent.
   * @param envelope Sender and recipients.
   * @param sizeBytes The size of the message; not sent if absent.
   * @returns The accepted and the rejected recipients; if the sender is rejected, none, with the reply to that.
   * @throws {InjectionError|LimitError|UnsupportedError} As {@link send} throws them.
   */
  async probe(envelope: Envelope, sizeBytes?: number): Promise<Omit<SendResult, "reply">> {
    const { channel, extensions } = this.#session;
    const message = (async function* () {})();
    const transaction = prepare({ envelope, message, sizeBytes }, extensions, channel.peer);
    const { accepted, rejected } = await askEnvelope(channel, transaction);
    await channel.pipeline([command`RSET`]);
    return { accepted, rejected };
  }

  /**
   * Logs in after all: `AUTH` (RFC 4954).
   * @param credentials The credentials.
   * @param mechanism The SASL mechanism; the best that both know if absent.
   * @throws {ReplyError} If the server refuses; the session remains usable.
   */
  async authenticate(credentials: SaslCredentials, mechanism?: string): Promise<void> {
    await this.#session.authenticate(credentials, mechanism);
  }

  /**
   * Asks whether an address is known: `VRFY` (RFC 5321 §4.1.1.6).
   * @param text A user's name or an address.
   * @returns The reply: 250, 251, or 252 if it cannot verify the address.
   * @throws {ReplyError} If it is not known, or the server does not say.
   */
  async verify(text: string): Promise<SmtpReply> {
    return smtpReply(await this.#session.channel.send(command`VRFY ${text}`, [250, 251, 252]));
  }

  /**
   * Requests the members of a mailing list: `EXPN` (RFC 5321 §4.1.1.7).
   * @param list The list's name.
   * @returns A line for each member, cleaned to be shown.
   * @throws {ReplyError} If it is not known, or the server does not say.
   */
  async expand(list: string): Promise<string[]> {
    const { lines } = await this.#session.channel.send(command`EXPN ${list}`, [250, 252]);
    return lines.map((line) => line.forDisplay());
  }

  /**
   * Asks a server to send what waits for a host: `ETRN` (RFC 1985).
   * @param domain The host, or `@domain` for all below it.
   * @returns The reply.
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
    return lines.map((line) => line.forDisplay());
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
    await this.#session.quit();
  }

  /** Closes at once; may be called again. */
  close(): void {
    this.#session.channel.close();
  }

  /** Says goodbye and closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.quit();
  }
}
