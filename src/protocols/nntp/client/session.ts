/**
 * A client's connection to a news server: greeting, mode, TLS, login, compression, and the server's capabilities.
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
import {
  type CapabilityList,
  command,
  type CommandChannel,
  type CommandLine,
  connectChannel,
  type Reply,
} from "../../wire/mod.ts";
import type { NntpSessionOptions } from "./client_options.ts";

/** Maximum size of the list of capabilities, in bytes. */
const MAX_CAPABILITY_BYTES = 65_536;
/** Longest command, without its end (RFC 3977 §3.1). */
const MAX_COMMAND_LENGTH = 510;
/** Codes of a greeting: posting is allowed, or not. */
const GREETINGS = [200, 201];

/** A session that has logged in, if it has credentials. */
export class NntpSession implements Disposable {
  /** Talks to the server. */
  readonly channel: CommandChannel;
  /** How it connected. */
  readonly options: NntpSessionOptions;
  /** The server's greeting, to be shown. */
  readonly greeting: string;
  /** The server's current capabilities. */
  capabilities: CapabilityList = NO_CAPABILITIES;
  /** Whether the connection is inside TLS. */
  isSecure: boolean;
  /** Whether the dialogue is compressed. */
  isCompressed = false;
  /** Whether several articles are being retrieved, whose replies are under way. */
  isRetrieving = false;
  #mayPost: boolean;

  private constructor(channel: CommandChannel, options: NntpSessionOptions, greeting: Reply) {
    this.channel = channel;
    this.options = options;
    this.greeting = greeting.lines[0]?.validate(verbatim) ?? "";
    this.isSecure = options.tls === "implicit";
    this.#mayPost = greeting.code === 200;
  }

  /** Connects, reads the greeting, starts TLS and logs in, as the options say. */
  static async open(options: NntpSessionOptions): Promise<NntpSession> {
    const { network, endpoint, signal, connectTimeoutMs, timeoutMs, transcript } = options;
    const channel = await connectChannel({
      network,
      endpoint,
      connectTimeoutMs,
      tls: options.tls === "implicit" ? secureOptionsOf(options) : undefined,
      style: "nntp",
      timeoutMs,
      signal,
      transcript,
    });
    try {
      const greeting = await channel.expect(GREETINGS, "greet");
      reportTls(channel.connection, options);
      const session = new NntpSession(channel, options, greeting);
      await session.#begin();
      return session;
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  async #begin(): Promise<void> {
    const { channel, options } = this;
    await this.#requestCapabilities();
    if (options.role !== "feeder") await this.#enterReaderMode();
    const begun = await startChannelTls(channel, options, {
      line: command`STARTTLS`,
      consent: 382,
      isOffered: this.capabilities.has("STARTTLS"),
    });
    if (begun) {
      this.isSecure = true;
      await this.#requestCapabilities();
    }
    if (options.credentials !== undefined) {
      await this.#logIn(options.credentials);
      await this.#requestCapabilities();
    }
    if (options.compress) await this.#compress();
  }

  /** Whether the server takes articles by POST. */
  get mayPost(): boolean {
    return this.capabilities.size === 0 ? this.#mayPost : this.capabilities.has("POST");
  }

  /** Asks for the capabilities; all that was known of the server is forgotten (RFC 4642 §2.2.2). */
  async #requestCapabilities(): Promise<void> {
    this.capabilities = NO_CAPABILITIES;
    const lines = await this.optional(command`CAPABILITIES`, 101);
    // Servers older than RFC 3977 do not know it.
    if (lines !== undefined) this.capabilities = parseCapabilities(lines);
  }

  /** Requests the mode for readers of a server that has also one for other servers (RFC 3977 §5.3). */
  async #enterReaderMode(): Promise<void> {
    const { capabilities } = this;
    if (capabilities.has("READER") && !capabilities.has("MODE-READER")) return;
    const [reply] = await this.channel.pipeline([command`MODE READER`]);
    // A server that does not know it does not require it.
    if (GREETINGS.includes(reply!.code as number)) this.#mayPost = reply!.code === 200;
    if (capabilities.size > 0) await this.#requestCapabilities();
  }

  /**
   * Reads a short list, if the server has it.
   * @param line The command.
   * @param code The code of consent.
   * @returns The lines; undefined if the server refuses.
   */
  async optional(line: CommandLine, code: number): Promise<string[] | undefined> {
    try {
      await this.channel.send(line, [code]);
    } catch (error) {
      if (error instanceof ReplyError) return undefined;
      throw error;
    }
    const lines = new TextLines({ encoding: "utf-8" });
    const found: string[] = [];
    for await (const piece of this.channel.readText({ maxBytes: MAX_CAPABILITY_BYTES })) {
      lines.add(piece);
      found.push(...lines.take());
    }
    return found;
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
    if (requested === "USER") return await this.#userPass(credentials, isSafe);
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
      if (canFallBack) return await this.#userPass(credentials, isSafe, error);
      throw error;
    }
    const server = "hostname" in endpoint ? { host: endpoint.hostname, port: endpoint.port } : {};
    try {
      await authenticateChannel(this.channel, {
        mechanism: chosen,
        credentials: { ...server, ...credentials },
        begin: (initial) =>
          initial === undefined
            ? command`AUTHINFO SASL ${chosen}`
            : command`AUTHINFO SASL ${chosen} ${initial}`,
        challenge: 383,
        success: 281,
        successWithData: 283,
        empty: "=",
        maxCommandLength: MAX_COMMAND_LENGTH,
      });
    } catch (error) {
      // INN offers every mechanism that is installed, whether it has users for it or not.
      const canFallBack = error instanceof ReplyError && requested === undefined && isSafe &&
        credentials.password !== undefined && this.capabilities.get("AUTHINFO")?.includes("USER");
      if (!canFallBack) throw error;
      await this.#userPass(credentials, isSafe);
    }
  }

  async #userPass(
    { user, password }: SaslCredentials,
    isSafe: boolean,
    cause?: unknown,
  ): Promise<void> {
    const context = { operation: "log in", peer: this.channel.peer };
    if (!isSafe) {
      throw new UnsupportedError("the password would be sent in clear text", {
        ...context,
        hint: "use TLS",
        ...(cause !== undefined && { cause }),
      });
    }
    if (password === undefined) {
      throw new UnsupportedError("AUTHINFO USER requires a password", context);
    }
    const { code } = await this.channel.send(command`AUTHINFO USER ${user}`, [281, 381]);
    if (code === 381) await this.channel.send(command`AUTHINFO PASS ${password}`, [281]);
  }

  async #compress(): Promise<void> {
    const algorithms = this.capabilities.get("COMPRESS") ?? [];
    if (!algorithms.some((name) => name.toUpperCase() === "DEFLATE")) return;
    const [reply] = await this.channel.pipeline([command`COMPRESS DEFLATE`]);
    // Without it the dialogue is as good as before.
    if (reply!.code !== 206) return;
    await this.channel.compress();
    this.isCompressed = true;
    await this.#requestCapabilities();
  }

  /**
   * Checks that a command may be sent.
   * @throws {TypeError} If the reply to it could be taken for that of another.
   */
  assertIdle(): void {
    if (this.isRetrieving) {
      throw new TypeError("articles are being retrieved: finish that loop before the next command");
    }
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    this.channel.close();
  }
}
