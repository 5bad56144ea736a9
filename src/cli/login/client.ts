/**
 * How the clients of commands connect and log in.
 *
 * @module
 */

import type { LoginClientOptions } from "../../protocols/wire/mod.ts";
import type { Context } from "../command/context.ts";
import { clientNetwork, trustOf } from "../connect/network.ts";
import { wireTranscript } from "../terminal/wire.ts";
import { type Credentials, credentialsOf } from "./credentials.ts";
import type { LoginPlan, TlsChoice } from "./options.ts";

/**
 * Says how connections are made.
 *
 * @param choice How, as the options say.
 * @param context Where the command runs.
 * @returns Options of a client.
 */
export async function connectingOptions(
  { connection }: TlsChoice,
  context: Context,
): Promise<LoginClientOptions & { readonly timeoutMs: number }> {
  const { timeoutMs, connectTimeoutMs = 30_000 } = connection;
  return {
    // The client itself records the dialogue, because it knows the secrets.
    network: await clientNetwork(connection, context, { tls: false, recorded: false }),
    trust: await trustOf(connection),
    connectTimeoutMs,
    timeoutMs: timeoutMs ?? 60_000,
    signal: context.signal,
    transcript: connection.wire ? wireTranscript(context.stderr) : undefined,
  };
}

/** How a client logs in. */
export type LoginOptions = Awaited<ReturnType<typeof connectingOptions>> & {
  /** Who logs in; undefined if no user is named. */
  readonly credentials: (Credentials & { readonly user: string }) | undefined;
  /** By which mechanism. */
  readonly mechanism: string | undefined;
};

/**
 * Says how to connect and log in.
 *
 * @param server The server, and how it is talked to.
 * @param context Where the command runs.
 * @returns Options of a client.
 * @throws {UsageError} If a user is named without a password.
 */
export async function loginOptions(server: LoginPlan, context: Context): Promise<LoginOptions> {
  const { target, starttls, mechanism } = server;
  const { user, password, token } = await credentialsOf(server.credentials, target);
  return {
    ...await connectingOptions(server, context),
    tls: target.tls === "implicit"
      ? "implicit"
      : starttls ?? (target.tls === "starttls" ? "starttls" : undefined),
    credentials: user === undefined ? undefined : { user, password, token },
    mechanism,
    insecureAuth: server.credentials.insecureAuth,
  };
}
