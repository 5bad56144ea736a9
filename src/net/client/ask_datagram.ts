/**
 * A question in one datagram, its answer in another.
 *
 * @module
 */

import type { Address, DatagramConnection } from "../core/connection.ts";
import { systemNetwork } from "../scope/system_network.ts";
import { checkOptions, type OptionRules } from "../core/options.ts";
import {
  CLIENT_RULES,
  type ClientOptions,
  endpointOf,
  type ServerAddress,
} from "./server_address.ts";
import { Deadline } from "../core/deadline.ts";
import { type Endpoint, formatEndpoint, type UnixEndpoint } from "../address/endpoint.ts";
import { TimeoutError, UnsupportedError } from "../core/errors.ts";
import { isFrom } from "../address/is_from.ts";
import type { Network } from "../core/network.ts";
import { toNetwrightError } from "../core/system_errors.ts";
import { wildcardAddress } from "../datagrams/wildcard_address.ts";

/** How {@link askDatagram} asks. */
export interface AskOptions extends ClientOptions {
  /** How often the question is sent, each time after an equal part of the time. @default {3} */
  readonly tries?: number | undefined;
  /** Where the answer goes to, of a UNIX socket, which needs a file of its own for that; taken away afterwards. */
  readonly local?: UnixEndpoint | undefined;
}

const ASK_RULES: OptionRules<AskOptions> = { ...CLIENT_RULES, tries: "count", local: "any" };

/**
 * Sends a datagram until an answer of the same peer comes.
 *
 * @param server The server.
 * @param question What to send; may be empty.
 * @param options Tries, longest time in all (default 5 seconds) and signal.
 * @returns The answer.
 * @throws {TimeoutError} If none came.
 * @throws {ConnectError} If the peer's host reports that the port is closed, or is not found.
 *
 * @example The time of day in a datagram
 * ```ts
 * import { askDatagram, systemNetwork } from "@netwright/netwright/net";
 * async function ask(hostname: string): Promise<string> {
 *   const endpoint = { transport: "udp", hostname, port: 13 } as const;
 *   return new TextDecoder().decode(await askDatagram(endpoint, new Uint8Array(0)));
 * }
 * ```
 */
export async function askDatagram(
  server: ServerAddress,
  question: Uint8Array,
  options: AskOptions = {},
): Promise<Uint8Array> {
  checkOptions(options, ASK_RULES);
  const { network = systemNetwork(), timeoutMs = 5000, tries = 3, signal } = options;
  const endpoint = endpointOf(server, undefined, undefined);
  const peer = formatEndpoint(endpoint);
  const context = { operation: "ask", peer };
  const [socket, address] = bound(network, endpoint, options.local);
  using deadline = new Deadline({ signal, timeoutMs }, context);
  let sent = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const ask = (): void => {
    socket.send(question, address).catch(failed.reject);
    if (++sent < tries) timer = setTimeout(ask, timeoutMs / tries);
  };
  try {
    // UNIX sockets lose nothing, and the runtime's cannot send while they wait to receive.
    if ("path" in endpoint) await socket.send(question, address).then(() => sent++);
    else ask();
    const answer = Promise.race([receiveFrom(socket, address), failed.promise]);
    return await deadline.wait(answer, () => {});
  } catch (error) {
    if (error instanceof TimeoutError) {
      throw new TimeoutError(`no answer within ${timeoutMs / 1000} s to ${sent} datagrams`, {
        ...context,
        cause: error,
      });
    }
    throw toNetwrightError(error, context);
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

function bound(
  network: Network,
  endpoint: Endpoint,
  local: UnixEndpoint | undefined,
): [DatagramConnection, Address] {
  if (!("path" in endpoint)) {
    return [network.listenDatagram(wildcardAddress(endpoint)), { ...endpoint, transport: "udp" }];
  }
  if (local === undefined) {
    throw new UnsupportedError("an answer from a UNIX socket needs a socket file of our own", {
      operation: "ask",
      peer: formatEndpoint(endpoint),
    });
  }
  const { path } = local;
  return [network.listenDatagram({ transport: "unixpacket", path }), {
    transport: "unixpacket",
    path: endpoint.path,
  }];
}

async function receiveFrom(socket: DatagramConnection, peer: Address): Promise<Uint8Array> {
  while (true) {
    const [bytes, sender] = await socket.receive(new Uint8Array(65_536));
    if (isFrom(sender, peer)) return bytes;
  }
}
