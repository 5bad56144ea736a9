/**
 * Options of commands that speak IMAP, and their capabilities.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Host } from "../command/host.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { LOGIN_OPTIONS, type LoginPlan, planLogin } from "../login/options.ts";

/** All `imap` commands have these. */
export const IMAP_OPTIONS: OptionSpecs = {
  ...LOGIN_OPTIONS,
  starttls: { rare: true, help: "STARTTLS, or do not log in" },
  compress: { rare: true, help: "compress the dialogue, if the server can" },
};

/** An account on a server, and how it is opened. */
export interface ImapPlan extends LoginPlan {
  /** The mailbox that the URL names; undefined if it names none. */
  readonly mailbox: string | undefined;
  /** Whether the dialogue is compressed. */
  readonly compress: boolean;
}

/**
 * Plans to log in.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param url The server: `imap://`, `imaps://` (TLS at once), or a bare host; its path is the mailbox.
 * @returns The plan, and its capabilities.
 * @throws {UsageError} If the URL or an option makes no sense.
 */
export async function planImap(
  args: Arguments,
  host: Host,
  url: string,
): Promise<{ readonly server: ImapPlan; readonly needs: Capabilities }> {
  const schemes = ["imap", "imaps"];
  const { server, needs } = await planLogin(args, host, url, { schemes, defaultPort: 143 });
  const mailbox = mailboxOf(server.target.path);
  return { server: { ...server, mailbox, compress: args.has("compress") }, needs };
}

function mailboxOf(path: string): string | undefined {
  if (path === "") return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    throw new UsageError(`${JSON.stringify(path)} is not the path of a URL: % is written %25`);
  }
}
