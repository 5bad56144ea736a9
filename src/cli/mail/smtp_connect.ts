/**
 * What all `smtp` commands share: URLs, options, and logging in.
 *
 * @module
 */

import { DestinationGate } from "../../net/mod.ts";
import type { DeliveryOptions, SmtpClientOptions } from "../../protocols/smtp/mod.ts";
import { clientNetwork, trustOf } from "../connect/network.ts";
import type { Context } from "../command/context.ts";
import type { SmtpOptions, SmtpServerPlan } from "./smtp_options.ts";
import { systemNameServers } from "../connect/hosts_files.ts";
import { credentialsOf } from "../connect/credentials.ts";
import { wireTranscript } from "../terminal/wire.ts";

/**
 * Says how to connect.
 *
 * @param server The server, and how it is talked to.
 * @param context Where the command runs.
 * @returns Options of a client.
 */
export async function smtpClientOptions(
  server: SmtpServerPlan,
  context: Context,
): Promise<SmtpClientOptions> {
  const { target, starttls, mechanism } = server;
  const { user, password, token } = await credentialsOf(server.credentials, target);
  return {
    ...await connectingOptions(server, context),
    protocol: target.scheme === "lmtp" ? "lmtp" : "smtp",
    tls: target.tls === "implicit" ? "implicit" : starttls ??
      (target.tls === "starttls" ? "starttls" : undefined),
    credentials: user === undefined ? undefined : { user, password, token },
    mechanism,
    insecureAuth: server.credentials.insecureAuth,
  };
}

/**
 * Says how to deliver to the hosts that take mail for each recipient.
 *
 * @param options How servers are talked to, and on which port.
 * @param context Where the command runs.
 * @param recipients Addresses that the user typed.
 * @returns Options of a delivery.
 */
export async function deliveryOptions(
  options: SmtpOptions & { readonly port: number },
  context: Context,
  recipients: readonly string[],
): Promise<DeliveryOptions> {
  const domains = recipients.map((address) => address.slice(address.lastIndexOf("@") + 1));
  return {
    ...await connectingOptions(options, context),
    gate: new DestinationGate({
      capabilities: context.capabilities,
      // An address in brackets, or a host, was named by the user; the hosts of its records were not.
      named: domains.map((domain) => domain.replace(/^\[(?:ipv6:)?(.*)\]$/i, "$1")),
    }),
    tls: options.starttls,
    servers: await nameServersOf(context),
    port: options.port,
  };
}

/** The system's name servers; undefined if its file names none, for it may know others. */
async function nameServersOf({ host }: Context) {
  const servers = await systemNameServers(host);
  return servers.length > 0 ? servers : undefined;
}

/** What each connection is like. */
async function connectingOptions(
  { connection, chunking, name }: SmtpOptions,
  context: Context,
) {
  const { timeoutMs, connectTimeoutMs = 30_000 } = connection;
  return {
    // The client itself records the dialogue, because it knows the secrets.
    network: await clientNetwork(connection, context, { tls: false, recorded: false }),
    trust: await trustOf(connection),
    chunking,
    name,
    connectTimeoutMs,
    timeoutMs: timeoutMs ?? 60_000,
    signal: context.signal,
    transcript: connection.wire ? wireTranscript(context.stderr) : undefined,
  };
}
