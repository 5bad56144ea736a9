/**
 * A client's connection to an SMTP or LMTP server: greeting, TLS, login, and the server's extensions.
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import {
  NetwrightError,
  ProtocolError,
  ReplyError,
  type SecureConnection,
  singleLine,
  type Tainted,
  TlsError,
} from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import { addressLiteral, isLocalConnection, keepsSecrets } from "../../wire/internal.ts";
import {
  command,
  type CommandChannel,
  type CommandLine,
  connectChannel,
  Secret,
} from "../../wire/mod.ts";
import type { SmtpSessionOptions } from "./client_options.ts";
import { NO_EXTENSIONS, parseExtensions, type SmtpExtensions } from "../codec/extensions.ts";

/** Replies of a server that does not know EHLO. */
const UNKNOWN = [500, 501, 502, 504, 550];
/** Most challenges of one AUTH. */
const MAX_CHALLENGES = 20;

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
      tls: options.tls === "implicit" ? tlsOf(options) : undefined,
      style: "smtp",
      timeoutMs: options.timeoutMs ?? 300_000,
      signal,
      transcript: options.transcript,
    });
    try {
      const { lines } = await channel.expect([220], "greet");
      reportTls(channel, options);
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
    const name = this.options.name ?? addressLiteral(channel.connection);
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
    const { tls, credentials, insecureAuth } = this.options;
    // With a password, and over a network, nothing less than TLS.
    const mayBePlain = credentials === undefined || insecureAuth === true ||
      isLocalConnection(this.channel.connection);
    const requested = tls ?? (mayBePlain ? "opportunistic" : "starttls");
    if (requested === "none" || requested === "implicit") return;
    if (!this.extensions.all.has("STARTTLS")) {
      if (requested === "opportunistic") return;
      throw new TlsError("the server does not offer STARTTLS", this.#context("start TLS"));
    }
    try {
      await this.channel.send(command`STARTTLS`, [220]);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      throw new TlsError(`the server refuses STARTTLS: ${error.reason}`, {
        ...this.#context("start TLS"),
        cause: error,
      });
    }
    await this.channel.upgrade(tlsOf(this.options));
    this.isSecure = true;
    reportTls(this.channel, this.options);
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
    const { chooseMechanism, saslClient } = await import("../../sasl/mod.ts");
    const mechanism = chooseMechanism({ offered, credentials, secure: safe, requested });
    const endpoint = options.endpoint;
    const server = "hostname" in endpoint ? { host: endpoint.hostname, port: endpoint.port } : {};
    const sasl = saslClient(mechanism, { ...server, ...credentials });
    const first = sasl.clientFirst
      ? base64(await sasl.respond(new Uint8Array(0))) || "="
      : undefined;
    let reply = await channel.send(
      first === undefined
        ? command`AUTH ${mechanism}`
        : command`AUTH ${mechanism} ${new Secret(first)}`,
      [235, 334],
    );
    for (let count = 0; reply.code === 334; count++) {
      if (count === MAX_CHALLENGES) {
        throw new ProtocolError("the server asks without end", this.#context("log in"));
      }
      let answer: CommandLine;
      try {
        answer = secretLine(base64(await sasl.respond(challengeOf(reply.lines.at(-1)))));
      } catch (error) {
        // RFC 4954 §4: the server is notified, so that the session remains usable.
        await channel.pipeline([{ line: "*", shown: "*", verb: "AUTH" }]);
        throw error;
      }
      reply = await channel.send(answer, [235, 334]);
    }
    sasl.finish();
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

function tlsOf({ certificateName, endpoint, trust, onTls }: SmtpSessionOptions) {
  const hostname = certificateName ??
    ("hostname" in endpoint ? endpoint.hostname : "localhost");
  return { ...trust, hostname, inspect: trust?.inspect ?? onTls !== undefined };
}

function reportTls({ connection }: CommandChannel, { onTls }: SmtpSessionOptions): void {
  const { session } = connection as SecureConnection;
  if (session !== undefined) onTls?.(session);
}

function base64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

function secretLine(text: string): CommandLine {
  return { line: text, shown: "********", verb: "AUTH" };
}

function challengeOf(line: Tainted<string> | undefined): Uint8Array {
  const text = trimBlanks(line?.validate(singleLine) ?? "");
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    return Uint8Array.fromBase64(text);
  }
  throw new ProtocolError("the server's challenge is not base64", { operation: "log in" });
}
