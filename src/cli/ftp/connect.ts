/**
 * Sessions with FTP servers: connecting and logging in.
 *
 * @module
 */

import { planCredentials } from "../connect/credential_options.ts";
import { cleanText, ReplyError } from "../../net/mod.ts";
import { FtpClient } from "../../protocols/ftp/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Context } from "../command/context.ts";
import { connectionOptions, waits } from "../connect/connecting.ts";
import { clientNetwork, trustOf } from "../connect/network.ts";
import { credentialsOf } from "../connect/credentials.ts";
import { wireTranscript } from "../terminal/wire.ts";
import type { FtpTarget } from "./target.ts";

/** How long a session may be idle before it is asked whether it is still there, in milliseconds. */
const CHECK_AFTER_MS = 10_000;

/** Sessions that are used again for the next file of the same server and user. */
export class FtpSessions implements AsyncDisposable {
  readonly #args: Arguments;
  readonly #context: Context;
  readonly #idle = new Map<string, { readonly client: FtpClient; readonly since: number }[]>();
  readonly #busy = new Set<FtpClient>();

  /**
   * @param args The command line.
   * @param context Where the command runs.
   */
  constructor(args: Arguments, context: Context) {
    this.#args = args;
    this.#context = context;
  }

  /**
   * Does something in a session that nothing else uses meanwhile.
   * @param target The server.
   * @param act Does it.
   * @returns What it gave.
   */
  async use<T>(target: FtpTarget, act: (client: FtpClient) => Promise<T>): Promise<T> {
    const { endpoint, tls, username, password } = target;
    const key = JSON.stringify([endpoint, tls, username, password]);
    const client = await this.#takeIdle(key) ??
      await connectFtp(target, this.#args, this.#context);
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

  /** Ends what is under way, so that it fails. */
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
 * @param args The command line.
 * @param context Where the command runs.
 * @returns The client.
 */
export async function connectFtp(
  target: FtpTarget,
  args: Arguments,
  context: Context,
): Promise<FtpClient> {
  const { user, password } = await credentialsOf(planCredentials(args), target);
  const trust = await trustOf(connectionOptions(args));
  const { timeoutMs } = waits(args);
  const client = await FtpClient.connect({
    // The dialogue is recorded by the client itself, which knows what is secret.
    network: await clientNetwork(connectionOptions(args), context, { tls: false, recorded: false }),
    endpoint: target.endpoint,
    tls: target.tls === "starttls" ? "explicit" : target.tls,
    trust,
    mode: args.has("active") ? "active" : "passive",
    encoding: args.value("encoding") as "utf-8" | "latin1" | undefined,
    insecureAuth: args.has("insecure-auth"),
    connectMs: timeoutMs,
    timeoutMs,
    signal: context.signal,
    transcript: args.has("wire") ? wireTranscript(context.stderr) : undefined,
  });
  try {
    await client.login(user, password?.reveal());
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
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
    peer: `${peer}/${cleanText(path.replace(/^\//, ""), { maxLength: 300 })}`,
    cause: error,
  });
}
