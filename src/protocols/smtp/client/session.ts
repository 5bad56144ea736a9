/**
 * A client's connection to an SMTP or LMTP server: greeting, TLS, login, and the server's extensions.
 *
 * @module
 */

import { addressLiteral } from "../../../net/internal.ts";
import { NetwrightError, ReplyError } from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import { keepsSecrets, reportTls, secureOptionsOf, startChannelTls } from "../../wire/internal.ts";
import { command, type CommandChannel, connectChannel } from "../../wire/mod.ts";
import type { SmtpSessionOptions } from "./client_options.ts";
import { NO_EXTENSIONS, parseExtensions, type SmtpExtensions } from "../codec/extensions.ts";

/** Replies of a server that does not know EHLO. */
const UNKNOWN = [500, 501, 502, 504, 550];

/** A session that is ready for a message. */
export class SmtpSession implements Disposable {
  /** Talks to the server. */
  readonly channel: CommandChannel;
  /** How it connected. */
  readonly options: SmtpSessionOptions;
  /** The server's greeting, to be shown. */
  readonly greeting: string;
  /** The server's current extensions. */
  extensions: SmtpExtensions = NO_EXTENSIONS;
  /** Whether the connection is inside TLS. */
  isSecure: boolean;

  private constructor(
    channel: CommandChannel,
    options: SmtpSessionOptions,
    greeting: string,
  ) {
    this.channel = channel;
    this.options = options;
    this.greeting = greeting;
    this.isSecure = options.tls === "implicit";
  }

  /** Connects, reads the greeting, requests the extensions, starts TLS and logs in, as the options say. */
  static async open(options: SmtpSessionOptions): Promise<SmtpSession> {
    const { network, endpoint, signal, connectTimeoutMs } = options;
    const channel = await connectChannel({
      network,
      endpoint,
      connectTimeoutMs,
      tls: options.tls === "implicit" ? secureOptionsOf(options) : undefined,
      style: "smtp",
      timeoutMs: options.timeoutMs ?? 300_000,
      signal,
      transcript: options.transcript,
    });
    try {
      const { lines } = await channel.expect([220], "greet");
      reportTls(channel.connection, options);
      const greeting = lines.map((line) => line.forDisplay()).join("\n");
      const session = new SmtpSession(channel, options, greeting);
      await session.#hello();
      await session.#startTls();
      if (options.credentials !== undefined) {
        await session.authenticate(options.credentials, options.mechanism);
      }
      return session;
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  /** Introduces itself; all that was known of the server is forgotten (RFC 3207 §4.2). */
  async #hello(): Promise<void> {
    const { channel } = this;
    const name = this.options.name ?? addressLiteral(channel.connection.localAddr);
    const verb = this.options.protocol === "lmtp" ? "LHLO" : "EHLO";
    this.extensions = NO_EXTENSIONS;
    try {
      const hello = verb === "LHLO" ? command`LHLO ${name}` : command`EHLO ${name}`;
      this.extensions = parseExtensions(await channel.send(hello, [250]));
    } catch (error) {
      const old = error instanceof ReplyError && UNKNOWN.includes(Number(error.code));
      if (!old || verb === "LHLO") throw error;
      await channel.send(command`HELO ${name}`, [250]);
    }
  }

  async #startTls(): Promise<void> {
    const begun = await startChannelTls(this.channel, this.options, {
      line: command`STARTTLS`,
      consent: 220,
      isOffered: this.extensions.all.has("STARTTLS"),
    });
    if (!begun) return;
    this.isSecure = true;
    await this.#hello();
  }

  /**
   * Logs in: `AUTH` (RFC 4954).
   * @throws {NetwrightError} If a password would go over the network in clear text.
   * @throws {UnsupportedError} If no mechanism can be used.
   * @throws {ReplyError} If the server refuses.
   */
  async authenticate(credentials: SaslCredentials, requested?: string): Promise<void> {
    const { channel, options } = this;
    const safe = keepsSecrets(channel.connection) || options.insecureAuth === true;
    const offered = this.extensions.mechanisms;
    if (offered.length === 0) {
      throw new NetwrightError("the server offers no AUTH", {
        ...this.#context("log in"),
        hint: safe ? undefined : "many servers offer it only inside TLS",
      });
    }
    // Loaded only for logins: it is slow to load.
    const { chooseMechanism } = await import("../../sasl/mod.ts");
    const { authenticateChannel } = await import("../../sasl/internal.ts");
    const mechanism = chooseMechanism({ offered, credentials, secure: safe, requested });
    const endpoint = options.endpoint;
    const server = "hostname" in endpoint ? { host: endpoint.hostname, port: endpoint.port } : {};
    await authenticateChannel(channel, {
      mechanism,
      credentials: { ...server, ...credentials },
      begin: (initial) =>
        initial === undefined ? command`AUTH ${mechanism}` : command`AUTH ${mechanism} ${initial}`,
      challenge: 334,
      success: 235,
    });
  }

  /** Says goodbye, as far as the server still listens. */
  async quit(): Promise<void> {
    if (this.channel.state !== "closed") {
      // Whatever it says to QUIT, the session is over.
      await this.channel.pipeline([command`QUIT`]).catch(() => {});
    }
    await this.channel.end();
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    this.channel.close();
  }

  #context(operation: string) {
    return { operation, peer: this.channel.peer };
  }
}
