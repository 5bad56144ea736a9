/**
 * Connecting to a host with several addresses: happy eyeballs (RFC 8305).
 *
 * @module
 */

import { closeQuietly } from "../core/close.ts";
import type { Connection } from "../core/connection.ts";
import { Deadline, type WaitOptions } from "../core/deadline.ts";
import { formatEndpoint } from "../address/endpoint.ts";
import { parseIp } from "../address/ip.ts";
import type { Network } from "../core/network.ts";

/** How {@link dialAddresses} connects. */
export interface DialAddressesOptions extends WaitOptions {
  /** Time that an attempt has for itself before the next one begins, in milliseconds. @default {250} */
  readonly attemptDelayMs?: number | undefined;
}

/**
 * Sorts addresses in the order of trying: IPv6 first, then the families in turn (RFC 8305 §4).
 *
 * @param addresses Addresses in the order of the resolver's preference.
 * @returns The same, sorted.
 *
 * @example Families in turn
 * ```ts
 * import { interleaveFamilies } from "./happy_eyeballs.ts";
 * const order = interleaveFamilies(["192.0.2.1", "192.0.2.2", "2001:db8::1"]).join(" ");
 * if (order !== "2001:db8::1 192.0.2.1 192.0.2.2") throw new Error(order);
 * ```
 */
export function interleaveFamilies(addresses: readonly string[]): string[] {
  const six = addresses.filter((address) => parseIp(address)?.version === 6);
  const others = addresses.filter((address) => parseIp(address)?.version !== 6);
  const sorted: string[] = [];
  for (let i = 0; i < Math.max(six.length, others.length); i++) {
    sorted.push(...six.slice(i, i + 1), ...others.slice(i, i + 1));
  }
  return sorted;
}

/**
 * Connects to the address that answers first. Each next attempt begins when the previous one has failed,
 * or after its delay, beside it; the first connection wins and the other attempts end.
 *
 * Connecting by name needs none of this: the runtime does the same by itself. This is for addresses that
 * were looked up and checked before, such as those that a `DestinationGate` lets through.
 *
 * @param network Where.
 * @param addresses Addresses of one host, in any order.
 * @param port Its TCP port.
 * @param options Times (longest in all: default 30 seconds) and signal.
 * @returns The connection.
 * @throws {ConnectError} If all attempts failed: the error of the first one.
 * @throws {TimeoutError} If none succeeded in time.
 * @throws {TypeError} If the list of addresses is empty.
 *
 * @example Either family
 * ```ts
 * import { type Connection, systemNetwork } from "@netwright/netwright/net";
 * import { dialAddresses } from "./happy_eyeballs.ts";
 * async function connect(): Promise<Connection> {
 *   return await dialAddresses(systemNetwork(), ["192.0.2.1", "2001:db8::1"], 25);
 * }
 * ```
 */
export async function dialAddresses(
  network: Network,
  addresses: readonly string[],
  port: number,
  options: DialAddressesOptions = {},
): Promise<Connection> {
  const order = interleaveFamilies(addresses);
  if (order.length === 0) throw new TypeError("the list of addresses is empty");
  const { signal, timeoutMs = 30_000, attemptDelayMs = 250 } = options;
  const peer = formatEndpoint({ transport: "tcp", hostname: order[0]!, port });
  using deadline = new Deadline({ signal, timeoutMs }, { operation: "connect", peer });
  const others = new AbortController();
  const anyEnd = AbortSignal.any([deadline.signal, others.signal]);
  const winner = Promise.withResolvers<Connection>();
  const errors: unknown[] = [];
  let failed = 0;
  let won = false;
  let next = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = (): void => {
    clearTimeout(timer);
    const index = next++;
    const hostname = order[index];
    if (hostname === undefined || won) return;
    if (next < order.length) timer = setTimeout(begin, attemptDelayMs);
    network.connect({ hostname, port, signal: anyEnd }).then((connection) => {
      if (won) return closeQuietly(connection);
      won = true;
      winner.resolve(connection);
    }, (error) => {
      errors[index] = error;
      failed++;
      if (failed === order.length) winner.reject(errors[0]);
      else if (next < order.length) begin();
    });
  };
  begin();
  try {
    return await deadline.wait(winner.promise, () => won = true);
  } finally {
    clearTimeout(timer);
    others.abort(new DOMException("another address was faster", "AbortError"));
  }
}
