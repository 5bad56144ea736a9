/**
 * Sessions with FTP servers: connecting and logging in.
 *
 * @module
 */

import { escapeControls, ReplyError } from "../../net/mod.ts";
import { FtpClient } from "../../protocols/ftp/mod.ts";
import type { Context } from "../command/context.ts";
import { clientNetwork, trustOf } from "../connect/network.ts";
import { credentialsOf } from "../login/credentials.ts";
import { wireTranscript } from "../terminal/wire.ts";
import type { FtpOptions, FtpTarget } from "./target.ts";

/** How long a session may be idle before it is asked whether it is still there, in milliseconds. */
const CHECK_AFTER_MS = 10_000;

/** Sessions that are used again for the next file of the same server and user. */
export class FtpSessions implements AsyncDisposable {
  readonly #options: FtpOptions;
  readonly #context: Context;
  readonly #idle = new Map<string, { readonly client: FtpClient; readonly since: number }[]>();
  readonly #busy = new Set<FtpClient>();

  /**
   * @param options How servers are talked to.
   * @param context Where the command runs.
   */
  constructor(options: FtpOptions, context: Context) {
    this.#options = options;
    this.#context = context;
  }

  /**
   * Does something in a session that nothing else uses meanwhile.
   * @param target The server.
   * @param act Does it.
   * @returns Its result.
   */
  async use<T>(target: FtpTarget, act: (client: FtpClient) => Promise<T>): Promise<T> {
    const { endpoint, tls, username, password } = target;
    const key = JSON.stringify([endpoint, tls, username, password]);
    const client = await this.#takeIdle(key) ?? await this.connect(target);
    this.#busy.add(client);
    try {
      return await act(client);
    } catch (error) {
      throw withName(error, target, client.peer);
    } finally {
      this.#busy.delete(client);
      if (!client.isClosed) {
        this.#idle.set(key, [...this.#idle.get(key) ?? [], { client, since: performance.now() }]);
      }
    }
  }

  /**
   * Makes a session that is the caller's alone.
   * @param target The server.
   * @returns It, logged in.
   */
  async connect(target: FtpTarget): Promise<FtpClient> {
    return await connectFtp(target, this.#options, this.#context);
  }

  /** Servers end sessions that are idle for long. */
  async #takeIdle(key: string): Promise<FtpClient | undefined> {
    for (let idle = this.#idle.get(key)?.pop(); idle; idle = this.#idle.get(key)?.pop()) {
      const { client, since } = idle;
      if (client.isClosed) continue;
      if (performance.now() - since < CHECK_AFTER_MS) return client;
      try {
        await client.noop();
        return client;
      } catch {
        // Whatever it says, a new one is better.
        client.close();
      }
    }
    return undefined;
  }

  /** Ends the transfer in progress, so that it fails. */
  interrupt(): void {
    for (const client of this.#busy) client.close();
  }

  /** Ends all sessions. */
  async [Symbol.asyncDispose](): Promise<void> {
    const clients = [...this.#idle.values()].flat();
    await Promise.all(clients.map(({ client }) => client.quit()));
  }
}

/**
 * Connects and logs in.
 *
 * @param target The server.
 * @param options How servers are talked to.
 * @param context Where the command runs.
 * @returns The client.
 */
async function connectFtp(
  target: FtpTarget,
  { connection, credentials, active, encoding }: FtpOptions,
  context: Context,
): Promise<FtpClient> {
  const { user, password } = await credentialsOf(credentials, target);
  const trust = await trustOf(connection);
  const { timeoutMs, connectTimeoutMs } = connection;
  return await FtpClient.connect(target.endpoint, {
    // The client itself records the dialogue, because it knows the secrets.
    network: await clientNetwork(connection, context, { tls: false, recorded: false }),
    user,
    password,
    tls: target.tls,
    trust,
    mode: active ? "active" : "passive",
    encoding,
    insecureAuth: credentials.insecureAuth,
    connectTimeoutMs,
    timeoutMs,
    signal: context.signal,
    transcript: connection.wire ? wireTranscript(context.stderr) : undefined,
  });
}

/** Adds the name of the file to a server's refusal: a command may have several files. */
function withName(error: unknown, { path }: FtpTarget, peer: string): unknown {
  if (!(error instanceof ReplyError) || error.peer !== peer || path === "") return error;
  const { reason, code, lines, operation, hint } = error;
  return new ReplyError(reason, {
    code,
    lines,
    operation,
    hint,
    peer: `${peer}/${escapeControls(path.replace(/^\//, ""), { maxLength: 300 })}`,
    cause: error,
  });
}
