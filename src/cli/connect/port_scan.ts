/**
 * Which ports of a host take connections.
 *
 * @module
 */

import {
  dial,
  type Endpoint,
  formatEndpoint,
  type Network,
  parseEndpoint,
  toNetwrightError,
  UsageError,
} from "../../net/mod.ts";

/** Most ports at once. */
const MAX_PORTS = 1000;
/** Connections that are tried at a time. */
const AT_A_TIME = 20;

/** What became of a port. */
export interface ScannedPort {
  /** Host and port. */
  readonly endpoint: Endpoint;
  /** Why it could not be connected; undefined if it could. */
  readonly failure: string | undefined;
}

/**
 * Reads a host with several ports.
 *
 * @param text Such as `example.org:22,80,8000-8010`.
 * @returns An endpoint for each port, in order.
 * @throws {UsageError} If it is none, or there are more than 1000 ports.
 */
export function parsePorts(text: string): Endpoint[] {
  const [, host, list] = /^(.*):([\d,-]+)$/.exec(text) ?? [];
  if (host === undefined) throw new UsageError(`${text} has no ports; write HOST:22,80,8000-8010`);
  const ports = list!.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (!(count >= 1) || Number(last) > 65_535 || Number(first) < 1) {
      throw new UsageError(`"${part}" is neither a port nor a range of ports`);
    }
    if (count > MAX_PORTS) throw new UsageError(`more than ${MAX_PORTS} ports`);
    return Array.from({ length: count }, (_, index) => Number(first) + index);
  });
  if (ports.length > MAX_PORTS) throw new UsageError(`more than ${MAX_PORTS} ports`);
  return ports.map((port) => parseEndpoint(`${host}:${port}`, {}));
}

/**
 * Connects to each, and closes the connection at once.
 *
 * @param network Where.
 * @param endpoints The servers.
 * @param options How long to wait for each, and when to give up.
 * @returns The results in order, as soon as they are known.
 */
export async function* scanPorts(
  network: Network,
  endpoints: readonly Endpoint[],
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): AsyncGenerator<ScannedPort> {
  const trying: Promise<ScannedPort>[] = [];
  const left = [...endpoints];
  while (left.length > 0 || trying.length > 0) {
    options.signal.throwIfAborted();
    while (trying.length < AT_A_TIME && left.length > 0) {
      trying.push(tryPort(network, left.shift()!, options));
    }
    yield await trying.shift()!;
  }
}

async function tryPort(
  network: Network,
  endpoint: Endpoint,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ScannedPort> {
  try {
    (await dial(endpoint, { network, ...options })).close();
    return { endpoint, failure: undefined };
  } catch (error) {
    const context = { operation: "connect", peer: formatEndpoint(endpoint) };
    const known = toNetwrightError(error, context);
    const failure = known instanceof Error && "reason" in known ? String(known.reason) : `${known}`;
    return { endpoint, failure };
  }
}
