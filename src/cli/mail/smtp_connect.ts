/**
 * What all `smtp` commands share: URLs, options, and logging in.
 *
 * @module
 */

import { DestinationGate, type Target } from "../../net/mod.ts";
import type { DeliveryOptions, SmtpClientOptions } from "../../protocols/smtp/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import { connectionOptions, waits } from "../connect/connecting.ts";
import { clientNetwork, trustOf } from "../connect/network.ts";
import type { Context } from "../command/context.ts";
import { systemNameServers } from "../connect/hosts_files.ts";
import { credentialsOf } from "../connect/credentials.ts";
import { wireTranscript } from "../terminal/wire.ts";
import { mxPort } from "./smtp_options.ts";

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

/** What each connection is like. */
async function connectingOptions(args: Arguments, context: Context) {
  const { timeoutMs } = waits(args);
  return {
    // The dialogue is recorded by the client itself, which knows what is secret.
    network: await clientNetwork(connectionOptions(args), context, { tls: false, recorded: false }),
    trust: await trustOf(connectionOptions(args)),
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
