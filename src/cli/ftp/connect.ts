/**
 * What all `ftp` commands share: URLs, options, and logging in.
 *
 * @module
 */

import {
  type Capabilities,
  cleanText,
  type HostEndpoint,
  NetwrightError,
  parseIp,
  parseTarget,
  ReplyError,
  type Target,
  union,
  UsageError,
} from "../../net/mod.ts";
import { FtpClient } from "../../protocols/ftp/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { CONNECTION_OPTIONS, TRUST_OPTIONS } from "../command/common_options.ts";
import { clientNetwork, connectionCapabilities, trustOf, waits } from "../connect/connecting.ts";
import type { Context } from "../command/context.ts";
import {
  CREDENTIAL_OPTIONS,
  credentialCapabilities,
  credentialsOf,
} from "../connect/credentials.ts";
import type { Host } from "../command/host.ts";
import { wireTranscript } from "../terminal/wire.ts";

/** All `ftp` commands have these. */
export const FTP_OPTIONS: OptionSpecs = {
  ...CREDENTIAL_OPTIONS,
  active: { rare: true, help: "let the server connect for data" },
  encoding: { value: "NAME", choices: ["utf-8", "latin1"], rare: true, help: "of file names" },
  ...CONNECTION_OPTIONS,
  ipv4: { ...CONNECTION_OPTIONS.ipv4!, rare: true },
  ipv6: { ...CONNECTION_OPTIONS.ipv6!, rare: true },
  ...TRUST_OPTIONS,
};

/** A URL of FTP. */
export interface FtpTarget extends Target {
  readonly endpoint: HostEndpoint;
  /** The path, decoded: from the folder where one lands, or absolute after two slashes. */
  readonly path: string;
}

/** Whether an operand is a URL of FTP, and no file or bare host. */
export function isFtpUrl(text: string): boolean {
  return /^ftp(?:s|\+tls)?:\/\//i.test(text);
}

/**
 * Reads a URL: `ftp://`, `ftps://` (TLS at once), `ftp+tls://`, or a bare host.
 *
 * @param text The URL.
 * @returns What it names.
 * @throws {UsageError} If it is none.
 */
export function parseFtpUrl(text: string): FtpTarget {
  const target = parseTarget(text, { schemes: ["ftp", "ftps", "ftp+tls"], defaultPort: 21 });
  const { endpoint } = target;
  if (endpoint.transport !== "tcp" || "path" in endpoint) {
    throw new UsageError("FTP needs a host: its data connections go there");
  }
  try {
    return { ...target, endpoint, path: decodeURIComponent(target.path) };
  } catch {
    throw new UsageError("the path of the URL is badly encoded");
  }
}

/**
 * Works out what talking to servers needs: every port of theirs, for data connections come and go; also by address, for
 * those go to the address that a session is with, and a name may have several.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param targets The servers.
 * @returns The capabilities.
 */
export async function ftpCapabilities(
  args: Arguments,
  host: Host,
  targets: readonly FtpTarget[],
): Promise<Capabilities> {
  const control = await connectionCapabilities(args, host, targets.map(({ endpoint }) => endpoint));
  const net = (Array.isArray(control.net) ? control.net : []).map((pattern: string) =>
    pattern.replace(/:\d+$/, "")
  );
  // With --ipv4 or --ipv6 they are among them already.
  const names = args.has("ipv4") || args.has("ipv6") ? [] : targets
    .map(({ endpoint: { hostname } }) => hostname)
    .filter((hostname) => parseIp(hostname) === undefined);
  for (const name of new Set(names)) net.push(...await addressesOf(name, host));
  if (args.has("active")) net.push("0.0.0.0:0");
  return union(
    { ...control, net },
    ...targets.map((target) => credentialCapabilities(args, target)),
  );
}

/** The addresses of a name, as patterns; none if it is not found, which connecting tells better. */
async function addressesOf(hostname: string, host: Host): Promise<string[]> {
  try {
    const addresses = await host.lookUp(hostname);
    return addresses.map((address) => address.includes(":") ? `[${address}]` : address);
  } catch (error) {
    if (error instanceof NetwrightError) return [];
    throw error;
  }
}

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
  const { user, password } = await credentialsOf(args, target);
  const trust = await trustOf(args);
  const { timeoutMs } = waits(args);
  const client = await FtpClient.connect({
    // The dialogue is recorded by the client itself, which knows what is secret.
    network: await clientNetwork(args, context, { tls: false, recorded: false }),
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
