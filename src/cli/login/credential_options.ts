/**
 * Options for the user's credentials, and the permissions that they need.
 *
 * @module
 */

import type { Target } from "../../net/internal.ts";
import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { timeoutOptions } from "../connect/connecting.ts";

/** The sources of a password. */
export const VARIABLE = "NETWRIGHT_PASSWORD";

/** Commands that log in have these. */
export const CREDENTIAL_OPTIONS: OptionSpecs = {
  user: { value: "NAME", help: "user name (default: that of the URL or --netrc)" },
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

/** The user's credentials, as the options give them. */
export interface CredentialPlan {
  /** The name of `--user`. */
  readonly user: string | undefined;
  /** A file whose first line is the password. */
  readonly passwordFile: string | undefined;
  /** A file of users and passwords by host. */
  readonly netrc: string | undefined;
  /** A file whose first line is a token. */
  readonly tokenFile: string | undefined;
  /** A program that prints a token, and its arguments. */
  readonly tokenCommand: readonly string[] | undefined;
  /** Whether a password is sent in clear text. */
  readonly insecureAuth: boolean;
  /** Longest wait for a file or a program, in milliseconds. */
  readonly timeoutMs: number | undefined;
}

/**
 * Reads the credentials.
 *
 * @param args The command line.
 * @param userOption The option that names the user.
 * @returns The plan for the credentials.
 * @throws {UsageError} If options do not go together.
 */
export function planCredentials(args: Arguments, userOption = "user"): CredentialPlan {
  const tokenCommand = args.value("token-command")?.split(" ").filter((word) => word !== "");
  if (tokenCommand?.length === 0) throw new UsageError("--token-command requires a program");
  if (tokenCommand !== undefined && args.has("token-file")) {
    throw new UsageError("--token-file and --token-command exclude each other");
  }
  return {
    user: args.value(userOption),
    passwordFile: args.value("password-file"),
    netrc: args.value("netrc"),
    tokenFile: args.value("token-file"),
    tokenCommand,
    insecureAuth: args.has("insecure-auth"),
    timeoutMs: timeoutOptions(args).timeoutMs,
  };
}

/**
 * Works out what finding the password needs.
 *
 * @param plan The credentials.
 * @param target The server.
 * @returns The files, and the variable of the environment where a user was named without a password.
 * @throws {UsageError} If `--user` and the user in the URL differ.
 */
export function credentialCapabilities(plan: CredentialPlan, target: Target): Capabilities {
  const { passwordFile, netrc, tokenFile, tokenCommand } = plan;
  const read = [passwordFile, netrc, tokenFile].filter((file) => file !== undefined);
  const isOpen = userOf(plan, target) !== undefined && target.password === undefined &&
    [passwordFile, tokenFile, tokenCommand].every((source) => source === undefined);
  return {
    ...(read.length > 0 && { read }),
    ...(tokenCommand !== undefined && { run: [tokenCommand[0]!] }),
    ...(isOpen && { env: [VARIABLE] }),
  };
}

/** The user, of the option or of the URL. */
export function userOf({ user }: CredentialPlan, { username }: Target): string | undefined {
  if (user !== undefined && username !== undefined && user !== username) {
    throw new UsageError("--user and the user in the URL differ");
  }
  return user ?? username;
}
