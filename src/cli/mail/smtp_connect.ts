/**
 * What all `smtp` commands share: URLs, options, and logging in.
 *
 * @module
 */

import {
  type Capabilities,
  DestinationGate,
  parseTarget,
  type Target,
  union,
  UsageError,
} from "../../net/mod.ts";
import type { DeliveryOptions, SmtpClientOptions } from "../../protocols/smtp/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { CONNECTION_OPTIONS, TRUST_OPTIONS } from "../command/common_options.ts";
import { clientNetwork, connectionCapabilities, trustOf, waits } from "../connect/connecting.ts";
import type { Context } from "../command/context.ts";
import { systemNameServers } from "../connect/hosts_files.ts";
import {
  CREDENTIAL_OPTIONS,
  credentialCapabilities,
  credentialsOf,
  TOKEN_OPTIONS,
} from "../connect/credentials.ts";
import type { Host } from "../command/host.ts";
import { wireTranscript } from "../terminal/wire.ts";

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
 * Says how to connect.
 *
 * @param target The server.
 * @param args The command line.
 * @param context Where the command runs.
 * @returns Options of a client.
 */
export async function smtpClientOptions(
  target: Target,
  args: Arguments,
  context: Context,
): Promise<SmtpClientOptions> {
  const { user, password, token } = await credentialsOf(args, target);
  return {
    ...await connectingOptions(args, context),
    endpoint: target.endpoint,
    protocol: target.scheme === "lmtp" ? "lmtp" : "smtp",
    tls: target.tls === "implicit" ? "implicit" : startTlsOf(args) ??
      (target.tls === "starttls" ? "starttls" : undefined),
    credentials: user === undefined ? undefined : { user, password, token },
    mechanism: args.value("auth"),
    insecureAuth: args.has("insecure-auth"),
  };
}

/**
 * Says how to deliver to the hosts that take mail for each recipient.
 *
 * @param args The command line.
 * @param context Where the command runs.
 * @param recipients Addresses that the user typed.
 * @returns Options of a delivery.
 * @throws {UsageError} If the port is none.
 */
export async function deliveryOptions(
  args: Arguments,
  context: Context,
  recipients: readonly string[],
): Promise<DeliveryOptions> {
  const domains = recipients.map((address) => address.slice(address.lastIndexOf("@") + 1));
  return {
    ...await connectingOptions(args, context),
    gate: new DestinationGate({
      capabilities: context.capabilities,
      // An address in brackets, or a host, was named by whoever typed it; what its records name was not.
      named: domains.map((domain) => domain.replace(/^\[(?:ipv6:)?(.*)\]$/i, "$1")),
    }),
    tls: startTlsOf(args),
    servers: await nameServersOf(context),
    port: mxPort(args),
  };
}

/** The system's name servers; undefined if its file names none, for it may know others. */
async function nameServersOf({ host }: Context) {
  const servers = await systemNameServers(host);
  return servers.length > 0 ? servers : undefined;
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

/** What each connection is like. */
async function connectingOptions(args: Arguments, context: Context) {
  const { timeoutMs } = waits(args);
  return {
    // The dialogue is recorded by the client itself, which knows what is secret.
    network: await clientNetwork(args, context, { tls: false, recorded: false }),
    trust: await trustOf(args),
    chunking: args.has("chunking"),
    name: args.value("name"),
    connectMs: timeoutMs ?? 30_000,
    timeoutMs: timeoutMs ?? 60_000,
    signal: context.signal,
    transcript: args.has("wire") ? wireTranscript(context.stderr) : undefined,
  };
}

/** What the command line says of STARTTLS; undefined leaves it to the client. */
function startTlsOf(args: Arguments): "none" | "starttls" | undefined {
  if (args.has("no-tls")) return "none";
  return args.has("starttls") ? "starttls" : undefined;
}
