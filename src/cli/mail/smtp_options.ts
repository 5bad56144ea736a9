/**
 * Options of commands that speak SMTP, and what they need.
 *
 * @module
 */

import { type Capabilities, parseTarget, type Target, union, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { CONNECTION_OPTIONS, TRUST_OPTIONS } from "../command/common_options.ts";
import { connectionCapabilities } from "../connect/connecting.ts";
import {
  CREDENTIAL_OPTIONS,
  credentialCapabilities,
  TOKEN_OPTIONS,
} from "../connect/credential_options.ts";
import type { Host } from "../command/host.ts";

/** All `smtp` commands have these. */
export const SMTP_CLIENT_OPTIONS: OptionSpecs = {
  ...CREDENTIAL_OPTIONS,
  ...TOKEN_OPTIONS,
  starttls: {
    value: "require",
    optionalValue: true,
    choices: ["require"],
    help: "STARTTLS, or send nothing",
  },
  "no-tls": { rare: true, help: "speak no TLS, whatever the server offers" },
  auth: { value: "MECHANISM", rare: true, help: "log in by this, such as PLAIN" },
  chunking: { rare: true, help: "send texts by BDAT where the server takes it" },
  name: { value: "HOST", rare: true, help: "who we say that we are (EHLO)" },
  ...CONNECTION_OPTIONS,
  ipv4: { ...CONNECTION_OPTIONS.ipv4!, rare: true },
  ipv6: { ...CONNECTION_OPTIONS.ipv6!, rare: true },
  ...TRUST_OPTIONS,
  ca: { ...TRUST_OPTIONS.ca!, rare: true },
};

/**
 * Reads a URL: `smtp://`, `smtps://` (TLS at once), `submission://` (port 587), `lmtp://`, or a bare host.
 *
 * @param text The URL.
 * @returns What it names.
 * @throws {UsageError} If it is none.
 */
export function parseSmtpUrl(text: string): Target {
  return parseTarget(text, { schemes: ["smtp", "smtps", "submission", "lmtp"], defaultPort: 25 });
}

/**
 * Works out what talking to a server needs.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param target The server.
 * @returns The capabilities.
 */
export async function smtpCapabilities(
  args: Arguments,
  host: Host,
  target: Target,
): Promise<Capabilities> {
  return union(
    await connectionCapabilities(args, host, [target.endpoint]),
    credentialCapabilities(args, target),
  );
}

/**
 * Reads the port of `--mx`.
 *
 * @param args The command line.
 * @returns The port.
 * @throws {UsageError} If it is none, or a log-in was asked for.
 */
export function mxPort(args: Arguments): number {
  const port = Number(args.value("mx") || 25);
  if (!(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new UsageError("--mx takes a port");
  }
  for (const name of ["user", "password-file", "netrc", "auth", ...Object.keys(TOKEN_OPTIONS)]) {
    if (args.has(name)) throw new UsageError(`--${name} is for one server, not for --mx`);
  }
  return port;
}
