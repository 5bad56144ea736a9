/**
 * Sockets of a system's own syslog daemon, and ours beside them.
 *
 * @module
 */

import { patternsFor, union } from "../../net/internal.ts";
import {
  type Capabilities,
  type Endpoint,
  parseEndpoint,
  type UnixEndpoint,
  UsageError,
} from "../../net/mod.ts";
import { type BrokerManifest, NO_BROKER } from "../command/broker.ts";
import { realPath } from "../sandbox/real_paths.ts";

/**
 * Follows symbolic links: `/dev/log` is one on most systems.
 *
 * @param endpoint The collector.
 * @returns The same by its real path.
 */
export function withoutLinks<E extends Endpoint>(endpoint: E): E {
  return "path" in endpoint
    ? { ...endpoint, path: realPath(endpoint.path) ?? endpoint.path }
    : endpoint;
}

/**
 * Checks whether the runtime keeps a UNIX socket from all code without every permission: then the launcher sends
 * for the sandbox.
 *
 * @param endpoint The collector.
 * @returns Whether it does.
 */
export function isGuarded(endpoint: Endpoint): endpoint is UnixEndpoint {
  return endpoint.transport === "unixpacket" && /^\/(?:dev|proc|sys)\//.test(endpoint.path);
}

/**
 * Names our own socket, which the runtime needs for datagrams to a UNIX socket.
 *
 * @param endpoint The collector.
 * @param path The path as given by the user; a name in `/tmp` that no other process has if absent.
 * @param option The option that gave it.
 * @returns The path; undefined if none is needed.
 * @throws {UsageError} If the path is malformed, or makes no sense.
 */
export function ownSocket(
  endpoint: Endpoint,
  path: string | undefined,
  option: string,
): string | undefined {
  if (endpoint.transport !== "unixpacket") {
    if (path === undefined) return undefined;
    throw new UsageError(`${option} is for a UNIX socket`);
  }
  const unique = crypto.randomUUID().slice(0, 13);
  const local = parseEndpoint(`unix:${path ?? `/tmp/netwright-log-${unique}.sock`}`);
  return (local as UnixEndpoint).path;
}

/**
 * Determines what sending to a collector needs.
 *
 * @param endpoint The collector.
 * @param local The path of our own socket.
 * @returns The capabilities.
 */
export function syslogCapabilities(endpoint: Endpoint, local: string | undefined): Capabilities {
  if (isGuarded(endpoint)) return {};
  const own = local === undefined ? [] : [`unix:${local}`];
  const read = local === undefined ? {} : { read: [local], write: [local] };
  return union({ net: [...patternsFor(endpoint), ...own] }, read);
}

/**
 * Determines what sending to a collector requests of the launcher.
 *
 * @param endpoint The collector.
 * @returns The requests.
 */
export function syslogBroker(endpoint: Endpoint): BrokerManifest {
  if (!isGuarded(endpoint)) return NO_BROKER;
  return {
    ...NO_BROKER,
    launcher: { net: patternsFor(endpoint) },
    datagramSockets: [endpoint.path],
  };
}
