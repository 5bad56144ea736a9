/**
 * A client's connection to a POP3 server: greeting, TLS, login, and the server's capabilities.
 *
 * @module
 */

import { ReplyError, UnsupportedError, verbatim } from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import {
  keepsSecrets,
  NO_CAPABILITIES,
  parseCapabilities,
  reportTls,
  secureOptionsOf,
  startChannelTls,
  TextLines,
} from "../../wire/internal.ts";
import { command, type CommandChannel, connectChannel, Secret, Token } from "../../wire/mod.ts";
import type { Pop3Capabilities, Pop3SessionOptions } from "./client_options.ts";

/** Maximum size of the list of capabilities, in bytes. */
const MAX_CAPABILITY_BYTES = 65_536;
/** Longest line of AUTH with its initial response (RFC 5034 §4). */
const MAX_AUTH_LENGTH = 253;

/** A session that has logged in, if it has credentials. */
export class Pop3Session implements Disposable {
  /** Talks to the server. */
  readonly channel: CommandChannel;
  /** How it connected. */
  readonly options: Pop3SessionOptions;
  /** The server's greeting, to be shown. */
  readonly greeting: string;
  /** The timestamp for APOP in the greeting. */
  readonly #timestamp: string | undefined;
  /** The server's current capabilities. */
  capabilities: Pop3Capabilities = NO_CAPABILITIES;
  /** Whether the connection is inside TLS. */
  isSecure: boolean;
  /** Whether the server sends headers in UTF-8. */
  isUtf8 = false;
  /** Whether several messages are being retrieved, whose replies are under way. */
  isRetrieving = false;

  private constructor(
    channel: CommandChannel,
    options: Pop3SessionOptions,
    greeting: string,
  ) {
    this.channel = channel;
    this.options = options;
    this.greeting = greeting;
    this.#timestamp = timestampIn(greeting);
    this.isSecure = options.tls === "implicit";
  }

  /** Connects, reads the greeting, starts TLS and logs in, as the options say. */
  static async open(options: Pop3SessionOptions): Promise<Pop3Session> {
    const { network, endpoint, signal, connectTimeoutMs, timeoutMs, transcript } = options;
    const channel = await connectChannel({
      network,
      endpoint,
      connectTimeoutMs,
      tls: options.tls === "implicit" ? secureOptionsOf(options) : undefined,
      style: "pop3",
      timeoutMs,
      signal,
      transcript,
    });
    try {
      const { lines } = await channel.expect(["+OK"], "greet");
      reportTls(channel.connection, options);
      const session = new Pop3Session(channel, options, lines[0]?.validate(verbatim) ?? "");
      await session.#requestCapabilities();
      const begun = await startChannelTls(channel, options, {
        line: command`STLS`,
        consent: "+OK",
        isOffered: session.capabilities.has("STLS"),
      });
      if (begun) {
        session.isSecure = true;
        await session.#requestCapabilities();
      }
      await session.#requestUtf8();
      if (options.credentials !== undefined) await session.#logIn(options.credentials);
      return session;
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  /** Asks for the capabilities; all that was known of the server is forgotten (RFC 2595 §4). */
  async #requestCapabilities(): Promise<void> {
    this.capabilities = NO_CAPABILITIES;
    try {
      await this.channel.send(command`CAPA`, ["+OK"]);
    } catch (error) {
      // Servers older than RFC 2449 do not know it.
      if (error instanceof ReplyError) return;
      throw error;
    }
    const lines = new TextLines();
    for await (const piece of this.channel.readText({ maxBytes: MAX_CAPABILITY_BYTES })) {
      lines.add(piece);
    }
    this.capabilities = parseCapabilities([...lines.take()]);
  }

  async #requestUtf8(): Promise<void> {
    if (this.options.utf8 === false || !this.capabilities.has("UTF8")) return;
    const [reply] = await this.channel.pipeline([command`UTF8`]);
    // Without it a message is as readable as before.
    this.isUtf8 = reply?.code === "+OK";
  }

  /**
   * Logs in.
   * @throws {UnsupportedError} If no way can be used, also because a password would go over the network in clear text.
   * @throws {ReplyError} If the server refuses.
   */
  async #logIn(credentials: SaslCredentials): Promise<void> {
    const { mechanism, insecureAuth, endpoint } = this.options;
    const requested = mechanism?.toUpperCase();
    const isSafe = keepsSecrets(this.channel.connection) || insecureAuth === true;
    if (requested === "APOP") await this.#apop(credentials);
    else if (requested === "USER") await this.#userPass(credentials, isSafe);
    else {
      const offered = this.capabilities.get("SASL") ?? [];
      // Loaded only for logins: it is slow to load.
      const { chooseMechanism } = await import("../../sasl/mod.ts");
      const { authenticateChannel } = await import("../../sasl/internal.ts");
      let chosen;
      try {
        chosen = chooseMechanism({ offered, credentials, secure: isSafe, requested });
      } catch (error) {
        const canFallBack = requested === undefined && error instanceof UnsupportedError &&
          credentials.password !== undefined;
        if (!canFallBack) throw error;
        // APOP's digest can be attacked; inside TLS the password itself is safer (RFC 6151 §2.1).
        if (this.#timestamp !== undefined && !isSafe) await this.#apop(credentials);
        else if (isSafe) await this.#userPass(credentials, isSafe);
        else throw clearText(this.channel.peer, error);
        return await this.#requestCapabilities();
      }
      const server = "hostname" in endpoint ? { host: endpoint.hostname, port: endpoint.port } : {};
      await authenticateChannel(this.channel, {
        mechanism: chosen,
        credentials: { ...server, ...credentials },
        begin: (initial) =>
          initial === undefined ? command`AUTH ${chosen}` : command`AUTH ${chosen} ${initial}`,
        challenge: "+",
        success: "+OK",
        maxCommandLength: MAX_AUTH_LENGTH,
      });
    }
    await this.#requestCapabilities();
  }

  async #apop({ user, password }: SaslCredentials): Promise<void> {
    const context = { operation: "log in", peer: this.channel.peer };
    if (this.#timestamp === undefined) {
      throw new UnsupportedError("the server does not offer APOP", context);
    }
    if (password === undefined) throw new UnsupportedError("APOP requires a password", context);
    const { createHash } = await import("node:crypto");
    const digest = createHash("md5").update(this.#timestamp + password.reveal()).digest("hex");
    await this.channel.send(command`APOP ${new Token(user)} ${new Secret(digest)}`, ["+OK"]);
  }

  async #userPass({ user, password }: SaslCredentials, isSafe: boolean): Promise<void> {
    const { peer } = this.channel;
    if (!isSafe) throw clearText(peer);
    if (password === undefined) {
      throw new UnsupportedError("USER requires a password", { operation: "log in", peer });
    }
    await this.channel.send(command`USER ${user}`, ["+OK"]);
    await this.channel.send(command`PASS ${password}`, ["+OK"]);
  }

  /**
   * Checks that a command may be sent.
   * @throws {TypeError} If the reply to it could be taken for that of another.
   */
  assertIdle(): void {
    if (this.isRetrieving) {
      throw new TypeError("messages are being retrieved: finish that loop before the next command");
    }
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    this.channel.close();
  }
}

function clearText(peer: string, cause?: unknown): UnsupportedError {
  return new UnsupportedError("the password would be sent in clear text", {
    operation: "log in",
    peer,
    hint: "use TLS",
    ...(cause !== undefined && { cause }),
  });
}

/**
 * Finds the timestamp of APOP: it must look like a message identifier, so that a server in the middle cannot choose text
 * whose digests reveal the password (CVE-2007-1558).
 */
function timestampIn(greeting: string): string | undefined {
  return /<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>/.exec(greeting)?.[0];
}
