/**
 * Mailboxes of `pop` commands.
 *
 * @module
 */

import { formatEndpoint, UsageError } from "../../net/mod.ts";
import { Pop3Client } from "../../protocols/pop3/mod.ts";
import type { Context } from "../command/context.ts";
import { loginOptions } from "../login/client.ts";
import type { LoginPlan } from "../login/options.ts";

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
export async function openMailbox(server: LoginPlan, context: Context): Promise<OpenMailbox> {
  const { endpoint } = server.target;
  const options = await loginOptions(server, context);
  if (options.credentials === undefined) {
    const where = formatEndpoint(endpoint);
    throw new UsageError(`${where} requires a user: in the URL, by --user, or by --netrc`);
  }
  const client = await Pop3Client.connect(endpoint, {
    ...options,
    maxMessageBytes: MAX_MESSAGE_BYTES,
  });
  return { client, account: `${options.credentials.user}@${formatEndpoint(endpoint)}` };
}
