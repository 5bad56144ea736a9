/**
 * Accounts of `imap` commands.
 *
 * @module
 */

import { formatEndpoint, UsageError } from "../../net/mod.ts";
import { ImapClient, type ImapMailbox } from "../../protocols/imap/mod.ts";
import type { Context } from "../command/context.ts";
import { type LoginOptions, loginOptions } from "../login/client.ts";
import { printErrorLine } from "../terminal/failure.ts";
import type { ImapPlan } from "./options.ts";

/** An account that is logged in. */
export interface OpenAccount {
  /** The client. */
  readonly client: ImapClient;
  /** The account, such as `ann@mail.example:143`. */
  readonly account: string;
}

/**
 * Connects and logs in.
 *
 * @param server The server, and how to log in.
 * @param context Where the command runs.
 * @returns The account.
 * @throws {UsageError} If no user is named.
 */
export async function openAccount(server: ImapPlan, context: Context): Promise<OpenAccount> {
  return await logIn(server, await loginOptions(server, context), context);
}

/**
 * Prepares to log in many times: a password is asked for once, a token each time.
 *
 * @param server The server, and how to log in.
 * @param context Where the command runs.
 * @returns Connects and logs in; deletions are reported by their identifiers, if the server can.
 */
export function accountOpener(
  server: ImapPlan,
  context: Context,
): () => Promise<OpenAccount> {
  const { tokenFile, tokenCommand } = server.credentials;
  let options: LoginOptions | undefined;
  return async () => {
    if (options === undefined || tokenFile !== undefined || tokenCommand !== undefined) {
      options = await loginOptions(server, context);
    }
    return await logIn(server, options, context, true);
  };
}

async function logIn(
  server: ImapPlan,
  options: LoginOptions,
  context: Context,
  qresync = false,
): Promise<OpenAccount> {
  const { endpoint } = server.target;
  if (options.credentials === undefined) {
    const where = formatEndpoint(endpoint);
    throw new UsageError(`${where} requires a user: in the URL, by --user, or by --netrc`);
  }
  const client = await ImapClient.connect(endpoint, {
    ...options,
    qresync,
    compress: server.compress,
    onAlert: (text) => void printErrorLine(text, "alert of the server", context.stderr),
  });
  return { client, account: `${options.credentials.user}@${formatEndpoint(endpoint)}` };
}

/** A mailbox that is open. */
export interface OpenMailbox extends OpenAccount {
  /** The mailbox. */
  readonly mailbox: ImapMailbox;
}

/**
 * Opens the mailbox that a URL names, or INBOX.
 *
 * @param server The server, and how to log in.
 * @param context Where the command runs.
 * @param readOnly Whether nothing can be changed in it.
 * @returns The mailbox.
 */
export async function openMailbox(
  server: ImapPlan,
  context: Context,
  readOnly = true,
): Promise<OpenMailbox> {
  const opened = await openAccount(server, context);
  try {
    const mailbox = await opened.client.open(server.mailbox ?? "INBOX", { readOnly });
    return { ...opened, mailbox };
  } catch (error) {
    await opened.client[Symbol.asyncDispose]();
    throw error;
  }
}
