/**
 * Mailboxes of `pop` commands.
 *
 * @module
 */

import { formatEndpoint, UsageError } from "../../net/mod.ts";
import { Pop3Client } from "../../protocols/pop3/mod.ts";
import type { Context } from "../command/context.ts";
import { credentialsOf } from "../connect/credentials.ts";
import { clientNetwork, trustOf } from "../connect/network.ts";
import { wireTranscript } from "../terminal/wire.ts";
import type { PopServerPlan } from "./options.ts";

/** Maximum size of a message, in bytes: those that are too large for memory go to the disk. */
const MAX_MESSAGE_BYTES = 4 * 1024 ** 3;

/** A mailbox that is open. */
export interface OpenMailbox {
  /** The client, logged in. */
  readonly client: Pop3Client;
  /** The account, such as `ann@mail.example:110`. */
  readonly account: string;
}

/**
 * Connects and logs in.
 *
 * @param server The server, and how to log in.
 * @param context Where the command runs.
 * @returns The mailbox.
 * @throws {UsageError} If no user is named.
 */
export async function openMailbox(server: PopServerPlan, context: Context): Promise<OpenMailbox> {
  const { target, starttls, mechanism, connection } = server;
  const { user, password, token } = await credentialsOf(server.credentials, target);
  if (user === undefined) {
    throw new UsageError("a mailbox requires a user: in the URL, by --user, or by --netrc");
  }
  const { timeoutMs, connectTimeoutMs = 30_000 } = connection;
  const client = await Pop3Client.connect(target.endpoint, {
    // The client itself records the dialogue, because it knows the secrets.
    network: await clientNetwork(connection, context, { tls: false, recorded: false }),
    trust: await trustOf(connection),
    tls: target.tls === "implicit" ? "implicit" : starttls,
    credentials: { user, password, token },
    mechanism,
    insecureAuth: server.credentials.insecureAuth,
    connectTimeoutMs,
    timeoutMs: timeoutMs ?? 60_000,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    signal: context.signal,
    transcript: connection.wire ? wireTranscript(context.stderr) : undefined,
  });
  return { client, account: `${user}@${formatEndpoint(target.endpoint)}` };
}
