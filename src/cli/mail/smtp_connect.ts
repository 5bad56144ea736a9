/**
 * What all `smtp` commands share: URLs, options, and logging in.
 *
 * @module
 */

import { DestinationGate } from "../../net/mod.ts";
import type { DeliveryOptions, SmtpClientOptions } from "../../protocols/smtp/mod.ts";
import type { Context } from "../command/context.ts";
import { systemNameServers } from "../connect/hosts_files.ts";
import { connectingOptions, loginOptions } from "../login/client.ts";
import type { SmtpOptions, SmtpServerPlan } from "./smtp_options.ts";

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
  const { target: { scheme }, chunking, name } = server;
  return {
    ...await loginOptions(server, context),
    protocol: scheme === "lmtp" ? "lmtp" : "smtp",
    chunking,
    name,
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
    chunking: options.chunking,
    name: options.name,
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
