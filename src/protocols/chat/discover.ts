/**
 * Finds chat servers: whatever comes to one from a stranger is answered (chapter 20 of the book).
 *
 * @module
 */

import { checkOptions, closeQuietly, type OptionRules } from "../../net/internal.ts";
import {
  type Address,
  Deadline,
  formatEndpoint,
  type Network,
  systemNetwork,
  TimeoutError,
  toNetwrightError,
} from "../../net/mod.ts";
import { CHAT_PORT } from "../../reference/usual_places.ts";
import { decodeChat, encodeChat } from "./wire.ts";

/** Where and how long servers are looked for. */
export interface DiscoverOptions {
  /** Where to look. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /** Addresses to ask: those of broadcast, or of hosts. */
  readonly addresses: readonly string[];
  /** The servers' port. @default {2027} */
  readonly port?: number | undefined;
  /** How long answers are waited for, in milliseconds. @default {3000} */
  readonly waitMs?: number | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

const DISCOVER_RULES: OptionRules<DiscoverOptions> = {
  network: "any",
  addresses: "any",
  port: "port",
  waitMs: "time",
  signal: "signal",
};

/** How often each address is asked: a datagram may be lost. */
const TRIES = 3;

/**
 * Looks for chat servers.
 *
 * @param options Which addresses are asked, and how long.
 * @returns The servers as they answer, each once.
 * @throws {NetwrightError} If none of the addresses can be sent to.
 *
 * @example The servers of this host's subnets
 * ```ts
 * import { formatEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { subnets } from "../../net/datagrams/broadcast.ts";
 * import { discoverChat } from "@netwright/netwright/chat";
 * async function find(): Promise<string[]> {
 *   const addresses = subnets(Deno.networkInterfaces()).map(({ broadcast }) => broadcast);
 *   return (await Array.fromAsync(discoverChat({ addresses }))).map(formatEndpoint);
 * }
 * ```
 */
export async function* discoverChat(
  options: DiscoverOptions,
): AsyncGenerator<Address> {
  checkOptions(options, DISCOVER_RULES);
  const { network = systemNetwork(), addresses, port = CHAT_PORT, waitMs = 3000, signal } = options;
  const socket = network.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
  using deadline = new Deadline({ timeoutMs: waitMs, signal }, { operation: "discover" });
  const question = encodeChat("stillHere");
  const failures = new Map<string, unknown>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const ask = (): void => {
    for (const hostname of addresses) {
      socket.send(question, { transport: "udp", hostname, port }).catch((error) => {
        failures.set(hostname, error);
        if (failures.size === new Set(addresses).size) {
          failed.reject(toNetwrightError(error, { operation: "discover", peer: hostname }));
        }
      });
    }
  };
  const again = setInterval(ask, waitMs / TRIES);
  const found = new Set<string>();
  try {
    ask();
    while (true) {
      const coming = Promise.race([socket.receive(), failed.promise]);
      const [bytes, sender] = await deadline.wait(coming, () => closeQuietly(socket));
      const name = formatEndpoint(sender);
      if (decodeChat(bytes)?.event !== "error" || found.has(name)) continue;
      found.add(name);
      yield sender;
    }
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
  } finally {
    clearInterval(again);
    closeQuietly(socket);
  }
}
