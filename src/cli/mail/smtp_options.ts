/**
 * Options of commands that speak SMTP, and their capabilities.
 *
 * @module
 */

import { parseTarget, type Target, union } from "../../net/internal.ts";
import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import {
  CONNECT_TIMEOUT_OPTION,
  CONNECTION_OPTIONS,
  TRUST_OPTIONS,
} from "../command/common_options.ts";
import {
  connectionCapabilities,
  type ConnectionOptions,
  connectionOptions,
} from "../connect/connecting.ts";
import {
  CREDENTIAL_OPTIONS,
  credentialCapabilities,
  type CredentialPlan,
  planCredentials,
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
  name: { value: "HOST", rare: true, help: "our host name in EHLO" },
  ...CONNECTION_OPTIONS,
  ...CONNECT_TIMEOUT_OPTION,
  ipv4: { ...CONNECTION_OPTIONS.ipv4!, rare: true },
  ipv6: { ...CONNECTION_OPTIONS.ipv6!, rare: true },
  ...TRUST_OPTIONS,
  ca: { ...TRUST_OPTIONS.ca!, rare: true },
};

/**
 * Reads a URL: `smtp://`, `smtps://` (TLS at once), `submission://` (port 587), `lmtp://`, or a bare host.
 *
 * @param text The URL.
 * @returns The server.
 * @throws {UsageError} If it is none.
 */
function parseSmtpUrl(text: string): Target {
  return parseTarget(text, { schemes: ["smtp", "smtps", "submission", "lmtp"], defaultPort: 25 });
}

/** How mail servers are talked to. */
export interface SmtpOptions {
  /** How connections are made. */
  readonly connection: ConnectionOptions;
  /** Whether there is TLS by STARTTLS; undefined leaves it to the client. */
  readonly starttls: "none" | "starttls" | undefined;
  /** Whether texts are sent by BDAT. */
  readonly chunking: boolean;
  /** Our host name in EHLO. */
  readonly name: string | undefined;
}

/** A mail server, and how it is talked to. */
export interface SmtpServerPlan extends SmtpOptions {
  /** The server. */
  readonly target: Target;
  /** Who logs in. */
  readonly credentials: CredentialPlan;
  /** By which mechanism. */
  readonly mechanism: string | undefined;
}

/**
 * Reads how mail servers are talked to.
 *
 * @param args The command line.
 * @returns How.
 * @throws {UsageError} If an option makes no sense.
 */
export function smtpOptions(args: Arguments): SmtpOptions {
  return {
    connection: connectionOptions(args),
    starttls: args.has("no-tls") ? "none" : args.has("starttls") ? "starttls" : undefined,
    chunking: args.has("chunking"),
    name: args.value("name"),
  };
}

/**
 * Plans to talk to a server.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param url The server.
 * @returns The plan, and its capabilities.
 * @throws {UsageError} If the URL or an option makes no sense.
 */
export async function planSmtp(
  args: Arguments,
  host: Host,
  url: string,
): Promise<{ readonly server: SmtpServerPlan; readonly needs: Capabilities }> {
  const target = parseSmtpUrl(url);
  const credentials = planCredentials(args);
  return {
    server: { ...smtpOptions(args), target, credentials, mechanism: args.value("auth") },
    needs: union(
      await connectionCapabilities(args, host, [target.endpoint]),
      credentialCapabilities(credentials, target),
    ),
  };
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
