/**
 * A mail server beside the server that a command is about: for replies, and for the mails of a gateway.
 *
 * @module
 */

import type { Capabilities } from "../../net/mod.ts";
import { Arguments } from "../command/arguments.ts";
import type { Host } from "../command/host.ts";
import { planSmtp, type SmtpServerPlan } from "./smtp_options.ts";

/** Options that are about the login at the other server. */
const OTHERS = [
  ...["user", "password-file", "token-file", "token-command", "auth", "insecure-auth"],
  ...["starttls", "no-tls", "name", "chunking"],
];

/**
 * Plans to send mail. The options that say how to log in are those of the other server: no password goes to this one
 * but that of its URL, or of netrc.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param url The mail server; undefined if there is none.
 * @returns The plan, and its capabilities.
 * @throws {UsageError} If the URL makes no sense.
 */
export async function planMailServer(
  args: Arguments,
  host: Host,
  url: string | undefined,
): Promise<{ readonly mail: SmtpServerPlan | undefined; readonly needs: Capabilities }> {
  if (url === undefined) return { mail: undefined, needs: {} };
  const { operands, values } = args.data;
  const kept = new Map([...values].filter(([name]) => !OTHERS.includes(name)));
  const { server, needs } = await planSmtp(new Arguments(operands, kept), host, url);
  return { mail: server, needs };
}
