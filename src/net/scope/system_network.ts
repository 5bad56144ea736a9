/**
 * The network of the operating system, inside a scope.
 *
 * @module
 */

import { ALL_CAPABILITIES, type Capabilities, covers, toFlag } from "./capabilities.ts";
import { Deadline } from "../core/deadline.ts";
import type { Connection, DatagramConnection, Listener } from "../core/connection.ts";
import { formatEndpoint } from "../address/endpoint.ts";
import { CapabilityError, UnsupportedError } from "../core/errors.ts";
import { dialAddresses } from "../connect/happy_eyeballs.ts";
import { isIp, withoutZone } from "../address/ip.ts";
import type { Network, RecordType, RecordTypes } from "../core/network.ts";
import { isRuntimeAtLeast } from "../core/runtime_version.ts";
import { systemResolver } from "../dns/system_resolver.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** Longest time of one look-up by a name server, in milliseconds, where the caller does not end it before. */
const RESOLVE_MS = 30_000;
/** Whether the runtime tries all addresses of a name (RFC 8305). */
export const TRIES_EVERY_ADDRESS: boolean = isRuntimeAtLeast([2, 9, 0]);
/** How many hosts a socket remembers that may be sent to. */
const MAX_OPEN_HOSTS = 10_000;

/**
 * Wraps Deno's own network functions, refusing endpoints out of scope before any system call, also
 * if the process itself has more permissions.
 *
 * @param capabilities The scope; only its `net` matters. Default: everything.
 * @returns The network. Its connections are Deno's own, so nothing lies between caller and socket.
 *
 * @example Nothing but one host
 * ```ts
 * import { CapabilityError, systemNetwork } from "@netwright/netwright/net";
 * const network = systemNetwork({ net: ["example.org:21"] });
 * const refused = await network.connect({ hostname: "example.net", port: 21 }).catch((e) => e);
 * if (!(refused instanceof CapabilityError)) throw new Error("was not refused");
 * ```
 */
export function systemNetwork(capabilities: Capabilities = ALL_CAPABILITIES): Network {
  const demand = (pattern: string, operation: string): void => {
    if (covers(capabilities, { net: [pattern] })) return;
    const flag = toFlag({ kind: "net", pattern });
    throw new CapabilityError("out of scope", { operation, peer: pattern, flag });
  };
  const network: Network = {
    async connect(options): Promise<Connection> {
      const peer = patternOf(options, "127.0.0.1");
      demand(peer, "connect");
      try {
        const connection = await connect(options as Deno.ConnectOptions);
        disableNagle(connection);
        return connection;
      } catch (error) {
        if (options.transport !== "unix" && options.signal?.aborted) throw options.signal.reason;
        throw toNetwrightError(error, { operation: "connect", peer });
      }
    },
    listen(options): Listener {
      const peer = patternOf(options, "0.0.0.0");
      demand(peer, "listen");
      if ("reusePort" in options && options.reusePort === true) requireUnstableNet("listen", peer);
      try {
        return Deno.listen(options as Deno.TcpListenOptions);
      } catch (error) {
        throw toNetwrightError(error, { operation: "listen", peer });
      }
    },
    listenDatagram(options): DatagramConnection {
      const peer = patternOf(options, "127.0.0.1");
      demand(peer, "bind");
      requireUnstableNet("bind", peer);
      let socket: Deno.DatagramConn;
      try {
        socket = Deno.listenDatagram(options as Deno.UdpListenOptions & { transport: "udp" });
      } catch (error) {
        throw toNetwrightError(error, { operation: "bind", peer });
      }
      if ("path" in options) removeFileAtClose(socket, options.path);
      if (capabilities.net === true) return socket as DatagramConnection;
      const send = socket.send.bind(socket);
      // Hosts that may be sent to on every port: to ask for each datagram would take as long as to send it.
      const open = new Set<string>();
      socket.send = async (p, address) => {
        if (!("hostname" in address)) demand(formatEndpoint(address), "send");
        else if (!open.has(address.hostname)) {
          const { hostname } = address;
          const host = patternOf({ hostname }, "").replace(/:0$/, "");
          if (!covers(capabilities, { net: [host] })) demand(patternOf(address, ""), "send");
          else if (open.size < MAX_OPEN_HOSTS) open.add(hostname);
        }
        return await send(p, address);
      };
      return socket as DatagramConnection;
    },
    async resolve<T extends RecordType>(
      name: string,
      type: T,
      options: Parameters<Network["resolve"]>[2] = {},
    ): Promise<RecordTypes[T]> {
      const { nameServer, signal } = options;
      if (nameServer !== undefined) {
        const { ipAddr: hostname, port = 53 } = nameServer;
        const server = { transport: "udp", hostname, port } as const;
        demand(formatEndpoint(server), "ask");
        const context = { operation: `look up ${type} of`, peer: name };
        using deadline = new Deadline({ signal, timeoutMs: RESOLVE_MS }, context);
        // The runtime reports neither the reason of a failure nor whether a retry may succeed.
        const { queryDns } = await import("../dns/dns_query.ts");
        const { dnsTypeNumber } = await import("../dns/dns_types.ts");
        const number = dnsTypeNumber(type);
        if (number !== undefined) {
          const { records } = await queryDns(network, server, name, number, deadline);
          return records.map(({ value }) => value) as RecordTypes[T];
        }
      }
      try {
        return await Deno.resolveDns(name, type as "A", {
          ...(nameServer && { nameServer }),
          ...(signal && { signal }),
        }) as RecordTypes[T];
      } catch (error) {
        signal?.throwIfAborted();
        throw toNetwrightError(error, { operation: `look up ${type} of`, peer: name });
      }
    },
  };
  return network;
}

/** Connects; on runtimes that try only the first address of a name, to the others too. */
async function connect(
  options: Deno.ConnectOptions & { readonly signal?: AbortSignal },
): Promise<Deno.Conn> {
  const { transport = "tcp", hostname = "127.0.0.1", port, signal } = options;
  if (TRIES_EVERY_ADDRESS || transport !== "tcp" || isIp(withoutZone(hostname))) {
    return await Deno.connect(options);
  }
  const { lookup } = await systemResolver();
  const found = await lookup(hostname, { all: true }).catch(() => []);
  const addresses = [...new Set(found.map(({ address }) => address))];
  if (addresses.length < 2) return await Deno.connect(options);
  const network = { connect: (to: Deno.ConnectOptions) => Deno.connect(to) } as unknown as Network;
  try {
    const wait = { signal, timeoutMs: Infinity };
    return await dialAddresses(network, addresses, port, wait) as Deno.Conn;
  } catch (error) {
    // An address that was not known when the permissions were worked out: the name is permitted.
    if (error instanceof Deno.errors.NotCapable) return await Deno.connect(options);
    throw error;
  }
}

/**
 * Turns Nagle's algorithm off, which holds small segments back up to 40 ms while the peer delays its
 * acknowledgements; to send fewer segments, write larger pieces.
 *
 * @param connection Any connection; one that is no TCP socket of the runtime is left alone.
 */
export function disableNagle(connection: object): void {
  if (isTcpSocket(connection)) connection.setNoDelay(true);
}

function isTcpSocket(connection: object): connection is Deno.TcpConn {
  return "setNoDelay" in connection;
}

function patternOf(
  options: { transport?: string; hostname?: string; port?: number; path?: string },
  defaultHost: string,
): string {
  if (options.path !== undefined) return `unix:${options.path}`;
  const { hostname = defaultHost, port = 0 } = options;
  return formatEndpoint({ transport: "tcp", hostname: withoutZone(hostname), port });
}

/** The runtime takes the files of stream sockets away, but not those of sockets for datagrams. */
function removeFileAtClose(socket: Deno.DatagramConn, path: string): void {
  const close = socket.close.bind(socket);
  socket.close = (): void => {
    close();
    try {
      Deno.removeSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        throw toNetwrightError(error, { operation: "close", peer: `unix:${path}` });
      }
    }
  };
}

/** Whether the runtime was started with `--unstable-net`, or a configuration that has it. */
export function hasUnstableNet(): boolean {
  return "listenDatagram" in Deno;
}

/** Without the option the runtime ends the whole process, or lacks the function. */
function requireUnstableNet(operation: string, peer: string): void {
  if (hasUnstableNet()) return;
  throw new UnsupportedError("the runtime requires --unstable-net for datagrams and shared ports", {
    operation,
    peer,
    hint: 'deno run --unstable-net, or "unstable": ["net"] in deno.json',
  });
}
