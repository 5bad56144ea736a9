/**
 * A network in memory, with all the faults of a real one, each reproducible from a seed.
 *
 * @module
 */

import { checkOptions, type OptionRules } from "../core/options.ts";
import { type Clock, realClock, type TestClock, virtualClock } from "../core/clock.ts";
import { DatagramBus, type DatagramFaults } from "./_memory_datagram_bus.ts";
import { MemoryListener } from "./_memory_listener.ts";
import { memoryConnection, type StreamFaults } from "./_memory_stream.ts";
import { seededRandom } from "./_random.ts";
import type {
  Address,
  Connection,
  DatagramConnection,
  Listener,
  NetAddress,
  UnixAddress,
} from "../core/connection.ts";
import { formatEndpoint } from "../address/endpoint.ts";
import { ConnectError } from "../core/errors.ts";
import { formatIp, parseIp, withoutZone } from "../address/ip.ts";
import type { Network, RecordType, RecordTypes } from "../core/network.ts";
import { toNetwrightError } from "../core/system_errors.ts";

export type { DatagramFaults } from "./_memory_datagram_bus.ts";
export type { StreamFaults } from "./_memory_stream.ts";

/** How an in-memory network behaves; the faults of streams apply to both directions. */
export interface MemoryNetworkOptions extends StreamFaults {
  /** Where chance begins. @default {1} */
  readonly seed?: number;
  /**
   * Whether delays take real time, pass as soon as nothing else runs, or when a test says so.
   * @default {"virtual"}
   */
  readonly time?: "virtual" | "real" | TestClock;
  /** Faults of what servers write, instead of the common ones. */
  readonly toClient?: StreamFaults;
  /** Faults of what clients write, instead of the common ones. */
  readonly toServer?: StreamFaults;
  /** What happens to attempts to connect; a black hole never answers. @default {"accept"} */
  readonly connecting?: "accept" | "refuse" | "unreachable" | "black-hole";
  /** Faults of datagrams. */
  readonly datagrams?: DatagramFaults;
  /** Records by name; addresses under `A` and `AAAA` are what names connect to. */
  readonly records?: Readonly<Record<string, Partial<RecordTypes>>>;
}

const MEMORY_NETWORK_RULES: OptionRules<MemoryNetworkOptions> = {
  delayMs: "any",
  jitterMs: "any",
  bytesPerSecond: "count",
  maxReadBytes: "count",
  maxWriteBytes: "count",
  bufferBytes: "count",
  resetAfterBytes: "whole",
  closeAfterBytes: "whole",
  halfCloseAfterBytes: "whole",
  stallAfterBytes: "whole",
  seed: "any",
  time: "any",
  toClient: "any",
  toServer: "any",
  connecting: ["accept", "refuse", "unreachable", "black-hole"],
  datagrams: "any",
  records: "any",
};

/**
 * Makes a network that exists only in this program.
 *
 * Its hosts are all addresses at once: a listener on a port of `0.0.0.0` or `::` is reached there
 * under any address. `localhost` is `127.0.0.1`; other names come from `records`.
 *
 * @param options Its faults.
 * @returns The network.
 *
 * @example A connection that breaks after five bytes
 * ```ts
 * import { DisconnectedError, LineReader, memoryNetwork } from "@netwright/netwright/net";
 * const network = memoryNetwork({ toClient: { resetAfterBytes: 5 } });
 * using listener = network.listen({ port: 25 });
 * const accepted = listener.accept();
 * using client = await network.connect({ port: 25 });
 * using server = await accepted;
 * server.write(new TextEncoder().encode("220 ready\r\n")).catch(() => {});
 * const error = await new LineReader(client).readLine().catch((error) => error);
 * if (!(error instanceof DisconnectedError && error.kind === "reset")) throw error;
 * ```
 */
export function memoryNetwork(options: MemoryNetworkOptions = {}): Network {
  checkOptions(options, MEMORY_NETWORK_RULES);
  return new MemoryNetwork(options);
}

class MemoryNetwork implements Network {
  readonly #options: MemoryNetworkOptions;
  readonly #world: { readonly clock: Clock; readonly random: () => number };
  readonly #listeners = new Map<string, MemoryListener[]>();
  readonly #datagrams: DatagramBus;
  #nextPort = 49_152;

  constructor(options: MemoryNetworkOptions) {
    this.#options = options;
    this.#world = {
      clock: clockOf(options.time),
      random: seededRandom(options.seed ?? 1),
    };
    const capacity = options.bufferBytes ?? 212_992;
    this.#datagrams = new DatagramBus(this.#world, options.datagrams ?? {}, capacity);
  }

  async connect(options: Parameters<Network["connect"]>[0]): Promise<Connection> {
    const unix = options.transport === "unix";
    const signal = unix ? undefined : options.signal;
    signal?.throwIfAborted();
    const { hostname = "127.0.0.1", port = 0, path } = options as {
      hostname?: string;
      port?: number;
      path?: string;
    };
    const peer = path === undefined
      ? formatEndpoint({ transport: "tcp", hostname, port })
      : `unix:${path}`;
    const context = { operation: "connect", peer };
    switch (this.#options.connecting) {
      case "refuse":
        throw refused(context);
      case "unreachable":
        throw new ConnectError("host unreachable", { ...context, kind: "unreachable" });
      case "black-hole":
        await aborted(signal);
    }
    const server: Address = path === undefined
      ? { transport: "tcp", hostname: this.#addressOf(hostname, context), port }
      : { transport: "unix", path };
    await Promise.resolve();
    const listener = this.#findListener(server);
    if (listener === undefined) throw refused(context);
    const client: Address = path === undefined
      ? { transport: "tcp", hostname: loopbackLike(server as NetAddress), port: this.#freePort() }
      : { transport: "unix", path: "" };
    const { toServer, toClient } = this.#options;
    const ends = memoryConnection(
      this.#world,
      client,
      server,
      toServer ?? this.#options,
      toClient ?? this.#options,
    );
    if (!listener.offer(ends[1])) throw refused(context);
    return ends[0];
  }

  listen(options: Parameters<Network["listen"]>[0]): Listener {
    const addr = this.#bind(options, options.transport === "unix" ? "unix" : "tcp");
    const key = formatEndpoint(addr);
    const others = this.#listeners.get(key) ?? [];
    const shared = "reusePort" in options && options.reusePort === true;
    if (others.length > 0 && !(shared && others[0]!.shared)) throw inUse(addr);
    const listener = new MemoryListener(addr, shared, () => {
      const left = (this.#listeners.get(key) ?? []).filter((other) => other !== listener);
      if (left.length > 0) this.#listeners.set(key, left);
      else this.#listeners.delete(key);
    });
    this.#listeners.set(key, [...others, listener]);
    return listener;
  }

  listenDatagram(options: Parameters<Network["listenDatagram"]>[0]): DatagramConnection {
    const addr = this.#bind(options, options.transport);
    const shared = "reuseAddress" in options && options.reuseAddress === true;
    const socket = this.#datagrams.bind(addr, shared);
    if (socket === undefined) throw inUse(addr);
    return socket;
  }

  resolve<T extends RecordType>(
    name: string,
    type: T,
    options: Parameters<Network["resolve"]>[2] = {},
  ): Promise<RecordTypes[T]> {
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    const key = name.toLowerCase().replace(/\.$/, "");
    const records = this.#options.records ?? {};
    const found = (Object.hasOwn(records, key) ? records[key] : undefined)?.[type] ??
      (key === "localhost" && type === "A" ? ["127.0.0.1"] as RecordTypes[T] : undefined);
    if (found !== undefined && found.length > 0) return Promise.resolve(found);
    return Promise.reject(notFound({ operation: `look up ${type} of`, peer: name }));
  }

  #addressOf(hostname: string, context: { operation: string; peer: string }): string {
    // Here is one link only.
    const address = parseIp(withoutZone(hostname));
    if (address !== undefined) return formatIp(address);
    const name = hostname.toLowerCase().replace(/\.$/, "");
    if (name === "localhost") return "127.0.0.1";
    const records = this.#options.records ?? {};
    const record = Object.hasOwn(records, name) ? records[name] : undefined;
    const first = record?.A?.[0] ?? record?.AAAA?.[0];
    if (first === undefined) throw notFound(context);
    return first;
  }

  #findListener(addr: Address): MemoryListener | undefined {
    const listeners = keysFor(addr).map((key) => this.#listeners.get(key)).find((list) => list);
    // The kernel spreads connections by a hash; here each shared listener has the same chance.
    return listeners?.[Math.floor(this.#world.random() * listeners.length)];
  }

  #bind(
    options: { transport?: string; hostname?: string; port?: number; path?: string },
    transport: string,
  ): Address {
    if (options.path !== undefined) return { transport, path: options.path } as UnixAddress;
    const hostname = options.hostname ?? (transport === "udp" ? "127.0.0.1" : "0.0.0.0");
    const address = this.#addressOf(hostname, { operation: "listen", peer: hostname });
    return {
      transport: transport as NetAddress["transport"],
      hostname: address,
      port: options.port || this.#freePort(),
    };
  }

  #freePort(): number {
    const port = this.#nextPort;
    this.#nextPort = port === 65_535 ? 49_152 : port + 1;
    return port;
  }
}

function clockOf(time: MemoryNetworkOptions["time"]): Clock {
  if (typeof time === "object") return time;
  return time === "real" ? realClock() : virtualClock();
}

/** Where to look for the listener of an address: there, then at "any address" of either family. */
function keysFor(addr: Address): string[] {
  if (addr.transport !== "tcp") return [formatEndpoint(addr)];
  return [addr.hostname, "0.0.0.0", "::"].map((hostname) => formatEndpoint({ ...addr, hostname }));
}

function loopbackLike(server: NetAddress): string {
  return server.hostname.includes(":") ? "::1" : "127.0.0.1";
}

async function aborted(signal: AbortSignal | undefined): Promise<never> {
  return await new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function refused(context: { operation: string; peer: string }): unknown {
  return toNetwrightError(new Deno.errors.ConnectionRefused("Connection refused"), context);
}

function notFound(context: { operation: string; peer: string }): ConnectError {
  return new ConnectError("name not found", { ...context, kind: "name not found" });
}

function inUse(addr: Address): unknown {
  const context = { operation: "listen", peer: formatEndpoint(addr) };
  return toNetwrightError(new Deno.errors.AddrInUse("Address already in use"), context);
}
