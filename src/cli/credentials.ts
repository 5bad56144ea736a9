/**
 * Who one is at a server, and the password: from the URL, a file, netrc, the environment, or asked for; in
 * this order, and never printed.
 *
 * @module
 */

import { type Capabilities, type Target, UsageError } from "../net/mod.ts";
import { findNetrc, parseNetrc, Secret } from "../protocols/wire/mod.ts";
import { readTextFile } from "../stores/mod.ts";
import type { Arguments } from "./arguments.ts";
import type { OptionSpecs } from "./command.ts";
import { askSecret } from "./prompts.ts";
import { processTerminal } from "./terminal/terminal.ts";

/** Where a password may stand. */
const VARIABLE = "NETWRIGHT_PASSWORD";

/** Commands that log in have these. */
export const CREDENTIAL_OPTIONS: OptionSpecs = {
  user: { value: "NAME", help: "log in as; else by the URL or netrc" },
  "password-file": { value: "FILE", rare: true, help: "its first line is the password" },
  netrc: { value: "FILE", rare: true, help: "users and passwords by host" },
  "insecure-auth": { rare: true, help: "send a password in clear text" },
};

/** Who logs in. */
export interface Credentials {
  /** The name; undefined if none was given. */
  readonly user: string | undefined;
  /** The password; undefined if there is no user. */
  readonly password: Secret | undefined;
}

/**
 * Works out what finding the password needs.
 *
 * @param args The command line.
 * @param target The server.
 * @returns The files, and the variable of the environment where a user was named without a password.
 */
export function credentialCapabilities(args: Arguments, target: Target): Capabilities {
  const read = [args.value("password-file"), args.value("netrc")]
    .filter((file) => file !== undefined);
  const isOpen = userOf(args, target) !== undefined && target.password === undefined &&
    !args.has("password-file");
  return { ...(read.length > 0 && { read }), ...(isOpen && { env: [VARIABLE] }) };
}

/**
 * Finds user and password.
 *
 * @param args The command line.
 * @param target The server.
 * @returns Both, or neither.
 * @throws {UsageError} If a user was named and there is no password, nor anyone to ask.
 */
export async function credentialsOf(args: Arguments, target: Target): Promise<Credentials> {
  const user = userOf(args, target);
  if (user !== undefined && target.password !== undefined) {
    return { user, password: new Secret(target.password) };
  }
  const file = args.value("password-file");
  if (file !== undefined) {
    if (user === undefined) throw new UsageError("--password-file wants --user, or one in the URL");
    const [line = ""] = (await readTextFile(file)).split(/\r?\n/, 1);
    return { user, password: new Secret(line) };
  }
  const netrc = args.value("netrc");
  if (netrc !== undefined && "hostname" in target.endpoint) {
    const { hostname } = target.endpoint;
    const entry = findNetrc(parseNetrc(await readTextFile(netrc)), hostname, user);
    if (entry?.password !== undefined) {
      return { user: user ?? entry.login, password: entry.password };
    }
  }
  if (user === undefined) return { user, password: undefined };
  const known = Deno.env.get(VARIABLE);
  if (known !== undefined) return { user, password: new Secret(known) };
  if (!processTerminal.isTerminal) {
    throw new UsageError(
      `no password for ${user}: name --password-file or --netrc, or set ${VARIABLE}`,
    );
  }
  return { user, password: await askSecret(processTerminal, `Password for ${user}:`) };
}

function userOf(args: Arguments, { username }: Target): string | undefined {
  const named = args.value("user");
  if (named !== undefined && username !== undefined && named !== username) {
    throw new UsageError("--user and the user in the URL differ");
  }
  return named ?? username;
}
