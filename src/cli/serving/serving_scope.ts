/**
 * The permissions of a server of datagrams.
 *
 * @module
 */

import { LIBC_PATHS, union } from "../../net/internal.ts";
import {
  type Capabilities,
  formatEndpoint,
  type HostEndpoint,
  isLoopback,
  parseIp,
  type Scope,
  type UnixEndpoint,
} from "../../net/mod.ts";
import { bothBrokers, type BrokerManifest, NO_BROKER } from "../command/broker.ts";
import { logBroker, logCapabilities } from "../logging/log_target.ts";
import { dutiesBroker } from "../daemon/duties.ts";
import type { ServePlan } from "./serve_plan.ts";
import { SERVER_MODELS } from "./server_models.ts";

/** The capabilities of a server: its address, its files, and those of its service. */
export function servingCapabilities(plan: ServePlan): Capabilities {
  const { endpoint, needs, tls } = plan;
  const files = [...(tls === undefined ? [] : [tls.cert, tls.key])];
  files.push(...plan.yaml.map(({ file }) => file));
  // Streams come in by the listening socket; datagrams go out to any client.
  const own = endpoint.transport === "udp"
    ? union({ net: datagramScope(endpoint) }, needs)
    : endpoint.transport === "unixpacket"
    ? union(clientSockets(endpoint), needs)
    : SERVER_MODELS[plan.model]!.own(plan);
  return union(
    own,
    files.length > 0 ? { read: files } : {},
    logCapabilities(plan.log),
    plan.fast ? FAST_CAPABILITIES : {},
    plan.printsAddress ? { sys: ["networkInterfaces"] } : {},
  );
}

/** The requests of a server to the launcher. */
export function servingBroker(plan: ServePlan): BrokerManifest {
  const model = plan.datagrams ? undefined : SERVER_MODELS[plan.model]!.brokered?.(plan);
  return [logBroker(plan.log), dutiesBroker(plan.duties)].reduce(bothBrokers, model ?? NO_BROKER);
}

/**
 * Streams come in by the listening socket; datagrams go out to any client, so their addresses are needed
 * too: all of loopback when the server listens there, else all. The runtime knows no ranges of IPv6.
 */
export function datagramScope(endpoint: HostEndpoint): Scope {
  const loopback = isLoopback(endpoint.hostname);
  if (parseIp(endpoint.hostname)?.version !== 4) {
    return loopback ? [formatEndpoint(endpoint), "[::1]"] : true;
  }
  return [formatEndpoint(endpoint), loopback ? "127.0.0.0/8" : "0.0.0.0/0"];
}

/**
 * Clients have sockets of their own, beside the server's; the runtime knows no patterns for the sockets of a
 * folder, so that all of net is needed, and the folder.
 */
function clientSockets({ path }: UnixEndpoint): Capabilities {
  const folder = path.replace(/\/[^/]*$/, "") || (path.startsWith("/") ? "/" : ".");
  return { net: true, read: [path], write: [folder] };
}

/** The capabilities of `--fast`; given up as soon as the calls are loaded. */
export const FAST_CAPABILITIES: Capabilities = { ffi: LIBC_PATHS };
