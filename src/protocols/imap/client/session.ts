/**
 * A client's session with an IMAP server: greeting, TLS, login, and the server's capabilities.
 *
 * @module
 */

import { compressed } from "../../../net/internal.ts";
import {
  escapeControls,
  formatEndpoint,
  ReplyError,
  TlsError,
  UsageError,
} from "../../../net/mod.ts";
import { connectServer, reportTls, secureOptionsOf, tlsMode } from "../../wire/internal.ts";
import { type CommandPiece, quoted } from "../codec/command_piece.ts";
import type { ImapValue } from "../codec/cursor.ts";
import { type ImapProvider, providerOf } from "../codec/providers.ts";
import type { ImapResponse, StatusResponse } from "../codec/response.ts";
import type { ImapSessionOptions } from "./client_options.ts";
import { toRefusal } from "./command_request.ts";
import { ImapConnection } from "./connection.ts";
import { logIn } from "./login.ts";

/** Maximum size of a response, in bytes. */
const MAX_RESPONSE_BYTES = 67_108_864;
/** Maximum number of names of capabilities that are kept. */
const MAX_CAPABILITIES = 1000;

/** A session that has logged in, if it has credentials. */
export class ImapSession implements Disposable {
  /** Carries the commands. */
  readonly connection: ImapConnection;
  /** How it connected. */
  readonly options: ImapSessionOptions;
  /** The capabilities of the server, in upper case. */
  capabilities: ReadonlySet<string> = new Set();
  /** Enabled extensions (RFC 5161), in upper case. */
  readonly enabled: Set<string> = new Set();
  /** The server's greeting, not clean. */
  greeting = "";
  /** How the server introduces itself (RFC 2971). */
  serverId: ReadonlyMap<string, string> = new Map();
  /** Names of mailboxes as the server writes them, where we would write them in another way. */
  readonly rawNames: Map<string, string> = new Map();
  /** Whether the connection is inside TLS. */
  isSecure: boolean;
  /** Whether the dialogue is compressed. */
  isCompressed = false;
  /** Takes what no command asked for. */
  onUntagged: ((response: ImapResponse) => void) | undefined;

  private constructor(connection: ImapConnection, options: ImapSessionOptions) {
    this.connection = connection;
    this.options = options;
    this.isSecure = options.tls === "implicit";
  }

  /** Connects, reads the greeting, starts TLS and logs in, as the options say. */
  static async open(options: ImapSessionOptions): Promise<ImapSession> {
    const { endpoint, timeoutMs = 60_000, maxResponseBytes = MAX_RESPONSE_BYTES } = options;
    const connection = await connectServer({
      ...options,
      tls: options.tls === "implicit" ? secureOptionsOf(options) : undefined,
    });
    const session: ImapSession = new ImapSession(
      new ImapConnection(connection, {
        peer: formatEndpoint(endpoint),
        timeoutMs,
        maxResponseBytes,
        signal: options.signal,
        transcript: options.transcript,
        onUntagged: (response) => session.#untagged(response),
      }),
      options,
    );
    try {
      await session.#begin();
      return session;
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
  }

  async #begin(): Promise<void> {
    const { connection, options } = this;
    const greeting = await connection.greeting();
    reportTls(connection.connection, options);
    const { status } = greeting;
    this.greeting = greeting.text;
    if (status !== "OK" && status !== "PREAUTH") {
      throw toRefusal(greeting, "greet", connection.peer);
    }
    this.#learn(greeting);
    connection.resume();
    if (this.capabilities.size === 0) await this.requestCapabilities();
    const isLoggedIn = status === "PREAUTH";
    await this.#startTls(isLoggedIn);
    if (!isLoggedIn && options.credentials === undefined) return;
    if (!isLoggedIn) {
      this.capabilities = await this.#loggedIn(await logIn(this, options.credentials!));
    }
    this.#chooseLiterals();
    await this.#introduce();
    await this.#enable();
    if (options.compress) await this.#compress();
  }

  /**
   * Starts TLS. A session that begins logged in cannot: a third party could have begun it (CVE-2020-12398).
   */
  async #startTls(isLoggedIn: boolean): Promise<void> {
    const { connection, options } = this;
    const mode = tlsMode(options, connection.connection);
    if (mode === "none" || mode === "implicit") return;
    const context = { operation: "start TLS", peer: connection.peer };
    if (isLoggedIn) {
      if (mode === "opportunistic") return;
      throw new TlsError("the session begins logged in, and cannot start TLS", context);
    }
    if (!this.capabilities.has("STARTTLS")) {
      if (mode === "opportunistic") return;
      throw new TlsError("the server does not offer STARTTLS", context);
    }
    try {
      await connection.execute({ verb: "STARTTLS", alone: true, pause: true });
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      throw new TlsError(`the server refuses STARTTLS: ${error.reason}`, {
        ...context,
        cause: error,
      });
    }
    await connection.upgrade(secureOptionsOf(options));
    this.isSecure = true;
    // All that was known of the server may have been said by another.
    this.capabilities = new Set();
    reportTls(connection.connection, options);
    await this.requestCapabilities();
  }

  /** The capabilities after a login: of its completion, or asked for. */
  async #loggedIn({ code }: StatusResponse): Promise<ReadonlySet<string>> {
    this.capabilities = new Set();
    if (code?.name === "CAPABILITY") this.#learn({ status: "OK", code, text: "" });
    if (this.capabilities.size === 0) await this.requestCapabilities();
    return this.capabilities;
  }

  /** Requests the capabilities. */
  async requestCapabilities(): Promise<void> {
    await this.connection.execute({
      verb: "CAPABILITY",
      topic: "capability",
      onData: (response) => {
        if (response.kind !== "capability") return false;
        this.#setCapabilities(response.names);
        return true;
      },
    });
  }

  #setCapabilities(names: readonly string[]): void {
    this.capabilities = new Set(names.slice(0, MAX_CAPABILITIES).map((name) => name.toUpperCase()));
  }

  #learn({ code }: StatusResponse): void {
    if (code?.name === "CAPABILITY") this.#setCapabilities(code.values.map(String));
  }

  #chooseLiterals(): void {
    // An IMAP4rev2 server takes small ones at once (RFC 9051 §4.3).
    this.connection.literalMode = this.capabilities.has("LITERAL+")
      ? "any"
      : this.capabilities.has("LITERAL-") || this.capabilities.has("IMAP4REV2")
      ? "small"
      : "wait";
  }

  async #introduce(): Promise<void> {
    const id = Object.entries(this.options.id ?? { name: "netwright" });
    if (!this.capabilities.has("ID") || id.length === 0) return;
    if (id.length > 30) throw new UsageError("an ID has at most 30 fields");
    const pieces: CommandPiece[] = ["("];
    id.forEach(([name, value], index) => {
      pieces.push(index === 0 ? "" : " ", quoted(name), " ", quoted(value));
    });
    await this.#optional("ID", [...pieces, ")"], (response) => {
      if (response.kind !== "id") return false;
      this.serverId = idFields(response.values);
      return true;
    });
  }

  async #enable(): Promise<void> {
    const { options: { utf8, qresync }, capabilities } = this;
    if (!capabilities.has("ENABLE") && !capabilities.has("IMAP4REV2")) return;
    const wanted = [
      ...(utf8 !== false && capabilities.has("UTF8=ACCEPT") ? ["UTF8=ACCEPT"] : []),
      ...(utf8 !== false && capabilities.has("IMAP4REV2") && capabilities.has("IMAP4REV1")
        ? ["IMAP4rev2"]
        : []),
      ...(qresync && capabilities.has("QRESYNC") ? ["QRESYNC"] : []),
      ...(qresync && capabilities.has("CONDSTORE") ? ["CONDSTORE"] : []),
    ];
    if (capabilities.has("IMAP4REV2") && !capabilities.has("IMAP4REV1")) {
      this.enabled.add("IMAP4REV2");
    }
    if (wanted.length === 0) return;
    await this.#optional("ENABLE", [wanted.join(" ")], (response) => {
      if (response.kind !== "enabled") return false;
      const asked = new Set(wanted.map((name) => name.toUpperCase()));
      for (const name of response.names.map((name) => name.toUpperCase())) {
        if (asked.has(name)) this.enabled.add(name);
      }
      return true;
    });
  }

  async #compress(): Promise<void> {
    if (!this.capabilities.has("COMPRESS=DEFLATE")) return;
    const { connection } = this;
    try {
      await connection.execute({
        verb: "COMPRESS",
        pieces: ["DEFLATE"],
        alone: true,
        pause: true,
      });
    } catch (error) {
      if (error instanceof ReplyError) return;
      throw error;
    }
    await connection.replace((plain, takeBuffered) => compressed(plain, takeBuffered()));
    this.isCompressed = true;
  }

  /** Sends a command whose refusal does no harm. */
  async #optional(
    verb: string,
    pieces: readonly CommandPiece[],
    onData: (response: ImapResponse) => boolean,
  ): Promise<void> {
    try {
      await this.connection.execute({ verb, pieces, topic: verb, onData });
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
    }
  }

  #untagged(response: ImapResponse): void {
    if (response.kind === "capability") this.#setCapabilities(response.names);
    if (response.kind === "status") {
      this.#learn(response);
      if (response.code?.name === "ALERT") {
        this.options.onAlert?.(escapeControls(response.text, { maxLength: 500 }));
      }
    }
    this.onUntagged?.(response);
  }

  /** The provider, if it is one whose habits are known. */
  get provider(): ImapProvider | undefined {
    const { endpoint } = this.options;
    const hostname = "hostname" in endpoint ? endpoint.hostname : undefined;
    return providerOf(hostname, this.greeting, this.capabilities);
  }

  /** Maximum size of a response, in bytes. */
  get maxResponseBytes(): number {
    return this.options.maxResponseBytes ?? MAX_RESPONSE_BYTES;
  }

  /** Maximum length of a set of messages in a command, in characters. */
  get maxSetLength(): number {
    return this.provider?.maxSetLength ?? 4000;
  }

  /** Whether names of mailboxes are in UTF-8. */
  get hasUtf8Names(): boolean {
    return this.enabled.has("UTF8=ACCEPT") || this.enabled.has("IMAP4REV2");
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    this.connection[Symbol.dispose]();
  }
}

function idFields(values: ImapValue): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  if (!Array.isArray(values)) return fields;
  for (let at = 0; at + 1 < values.length && at < 100; at += 2) {
    const [name, value] = [values[at] as ImapValue, values[at + 1] as ImapValue];
    if (typeof name === "string" && typeof value === "string") {
      fields.set(name.toLowerCase(), value);
    }
  }
  return fields;
}
