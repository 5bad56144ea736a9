/**
 * The control connection of a client: connection, TLS, login, and the server's features.
 *
 * @module
 */

import { closeQuietly, trimBlanks } from "../../../net/internal.ts";
import { NetwrightError, ReplyError, TlsError } from "../../../net/mod.ts";
import { keepsSecrets } from "../../wire/internal.ts";
import {
  command,
  type CommandChannel,
  type CommandLine,
  connectChannel,
  type Reply,
  Secret,
} from "../../wire/mod.ts";
import { isAnonymous } from "../codec/anonymous.ts";
import type { FtpSessionOptions } from "./client_options.ts";

/** Replies of "ready in a moment" that are borne before a greeting. */
const MAX_PATIENCE = 10;
/** Codes of "not implemented", "unknown", "bad parameter": asking again makes no sense. */
export const UNKNOWN: readonly number[] = [500, 501, 502, 504, 522];

/** The control connection. */
export class FtpControl implements Disposable {
  /** Talks to the server. */
  readonly channel: CommandChannel;
  readonly options: FtpSessionOptions;
  /** Whether data connections are inside TLS. */
  protectsData = false;
  #secure: boolean;
  #features: Map<string, string> | undefined;
  /** Commands that the server turned out not to know. */
  readonly #unknown = new Set<string>();
  #type = "A";

  private constructor(channel: CommandChannel, options: FtpSessionOptions) {
    this.channel = channel;
    this.options = options;
    this.#secure = options.tls === "implicit";
  }

  /** Connects, reads the greeting, and starts TLS if requested. */
  static async open(options: FtpSessionOptions): Promise<FtpControl> {
    const { network, endpoint, signal, connectTimeoutMs, encoding = "utf-8" } = options;
    const channel = await connectChannel({
      network,
      endpoint,
      connectTimeoutMs,
      tls: options.tls === "implicit"
        ? { ...options.trust, hostname: endpoint.hostname }
        : undefined,
      style: "ftp",
      encoding,
      // In UTF-8 no byte is 255.
      doubleIac: encoding === "latin1",
      timeoutMs: options.timeoutMs,
      signal,
      transcript: options.transcript,
    });
    const control = new FtpControl(channel, options);
    try {
      await control.#greet();
      if (options.tls === "starttls") await control.#startTls();
      if (control.#secure) await control.#protect();
      return control;
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  async #greet(): Promise<void> {
    for (let patience = 0; patience < MAX_PATIENCE; patience++) {
      const { code } = await this.channel.expect([120, 220], "greet");
      if (code === 220) return;
    }
    throw new NetwrightError("the server does not come to be ready", this.#context("greet"));
  }

  async #startTls(): Promise<void> {
    try {
      await this.channel.send(command`AUTH TLS`, [234]);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      throw new TlsError("the server refuses AUTH TLS", {
        ...this.#context("start TLS"),
        cause: error,
        hint: "ftps:// speaks TLS from the first byte; ftp:// speaks none",
      });
    }
    const { trust, endpoint } = this.options;
    await this.channel.upgrade({ ...trust, hostname: endpoint.hostname });
    this.#secure = true;
    this.#features = undefined;
  }

  /** Data in clear text beside a control connection in TLS would be a silent downgrade. */
  async #protect(): Promise<void> {
    await this.channel.send(command`PBSZ 0`);
    await this.channel.send(command`PROT P`);
    this.protectsData = true;
  }

  /**
   * Logs in.
   * @throws {NetwrightError} If the password would go in clear text over a network.
   * @throws {ReplyError} If the server refuses.
   */
  async login(user: string, password: string | undefined, account?: string): Promise<void> {
    const { channel } = this;
    let { code } = await channel.send(command`USER ${user}`, [230, 232, 331, 332]);
    if (code === 331) {
      if (!isAnonymous(user)) this.#refuseClearText();
      ({ code } = await channel.send(command`PASS ${new Secret(password ?? "")}`, [202, 230, 332]));
    }
    if (code === 332) {
      if (account === undefined) {
        throw new NetwrightError("the server requires an account as well", this.#context("log in"));
      }
      await channel.send(command`ACCT ${new Secret(account)}`, [202, 230]);
    }
    this.#features = undefined;
    this.#type = "A";
    const features = await this.features();
    if (this.options.encoding !== "latin1" && features.has("UTF8")) {
      await this.optional(command`OPTS UTF8 ON`);
    }
  }

  #refuseClearText(): void {
    if (keepsSecrets(this.channel.connection) || this.options.insecureAuth === true) return;
    if (this.#secure) {
      throw new NetwrightError(
        "the password would go to a server whose certificate is not accepted",
        {
          ...this.#context("log in"),
          hint: "--insecure-auth sends it all the same",
        },
      );
    }
    throw new NetwrightError("the password would go over the network in clear text", {
      ...this.#context("log in"),
      hint: "use ftp+tls:// or ftps://, or --insecure-auth",
    });
  }

  /** The server's features (RFC 2389), requested once; names in upper case. */
  async features(): Promise<ReadonlyMap<string, string>> {
    if (this.#features !== undefined) return this.#features;
    const features = new Map<string, string>();
    const reply = await this.optional(command`FEAT`);
    for (const line of reply?.lines.slice(1, -1) ?? []) {
      const [name = "", rest = ""] = line.validate((text) => {
        const trimmed = trimBlanks(text);
        const space = trimmed.indexOf(" ");
        return space < 0 ? [trimmed] : [trimmed.slice(0, space), trimmed.slice(space + 1)];
      });
      if (/^[A-Za-z0-9.]{1,32}$/.test(name)) features.set(name.toUpperCase(), rest);
    }
    return this.#features = features;
  }

  /** Sends an optional command; one that the server does not know is not sent again. */
  async optional(line: CommandLine): Promise<Reply | undefined> {
    const { verb } = line;
    if (this.#unknown.has(verb)) return undefined;
    try {
      return await this.channel.send(line);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      if (UNKNOWN.includes(Number(error.code))) {
        this.#unknown.add(verb);
        return undefined;
      }
      throw error;
    }
  }

  /** Says whether data is text or bytes, if the server does not know yet. */
  async setType(type: "A" | "I"): Promise<void> {
    if (this.#type === type) return;
    await this.channel.send(command`TYPE ${type}`);
    this.#type = type;
  }

  #context(operation: string) {
    return { operation, peer: this.channel.peer };
  }

  [Symbol.dispose](): void {
    closeQuietly(this.channel);
  }
}
