/**
 * Options that say who one is at a server, and what they need.
 *
 * @module
 */

import { type Capabilities, type Target, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";

/** Where a password may stand. */
export const VARIABLE = "NETWRIGHT_PASSWORD";

/** Commands that log in have these. */
export const CREDENTIAL_OPTIONS: OptionSpecs = {
  user: { value: "NAME", help: "log in as; else by the URL or netrc" },
  "password-file": { value: "FILE", rare: true, help: "its first line is the password" },
  netrc: { value: "FILE", rare: true, help: "users and passwords by host" },
  "insecure-auth": { rare: true, help: "send a password in clear text" },
};

/** Commands that can log in by an access token have these too (RFC 7628). */
export const TOKEN_OPTIONS: OptionSpecs = {
  "token-file": { value: "FILE", rare: true, help: "its first line is an OAuth token" },
  "token-command": {
    value: "COMMAND",
    rare: true,
    help: "a program that prints an OAuth token; its words are divided by blanks",
  },
};

/**
 * Works out what finding the password needs.
 *
 * @param args The command line.
 * @param target The server.
 * @returns The files, and the variable of the environment where a user was named without a password.
 */
export function credentialCapabilities(args: Arguments, target: Target): Capabilities {
  const read = ["password-file", "netrc", "token-file"].map((name) => args.value(name))
    .filter((file) => file !== undefined);
  const [program] = tokenCommand(args) ?? [];
  const isOpen = userOf(args, target) !== undefined && target.password === undefined &&
    !["password-file", "token-file", "token-command"].some((name) => args.has(name));
  return {
    ...(read.length > 0 && { read }),
    ...(program !== undefined && { run: [program] }),
    ...(isOpen && { env: [VARIABLE] }),
  };
}

export function tokenCommand(args: Arguments): string[] | undefined {
  const words = args.value("token-command")?.split(" ").filter((word) => word !== "");
  if (words?.length === 0) throw new UsageError("--token-command requires a program");
  if (words !== undefined && args.has("token-file")) {
    throw new UsageError("--token-file and --token-command exclude each other");
  }
  return words;
}

export function userOf(args: Arguments, { username }: Target): string | undefined {
  const named = args.value("user");
  if (named !== undefined && username !== undefined && named !== username) {
    throw new UsageError("--user and the user in the URL differ");
  }
  return named ?? username;
}
