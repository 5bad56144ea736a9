/**
 * A network is four functions. Protocol code is handed one and never touches a global, so the same
 * module runs on real sockets, inside a narrower scope, or on an in-memory network with faults.
 *
 * @module
 */

import type { Connection, DatagramConnection, Listener } from "./connection.ts";

/** Connect to a TCP port. */
export interface TcpConnectOptions {
  /** Default `tcp`. */
  readonly transport?: "tcp";
  /** Host name or address; default `127.0.0.1`. */
  readonly hostname?: string;
  /** Port number, 1 to 65535. */
  readonly port: number;
  /** Aborting it gives up connecting. */
  readonly signal?: AbortSignal;
}

/** Connect to, or listen on, a UNIX stream socket. */
export interface UnixSocketOptions {
  /** Always `unix`. */
  readonly transport: "unix";
  /** File system path of the socket. */
  readonly path: string;
}

/** Listen on a TCP port. */
export interface TcpListenOptions {
  /** Default `tcp`. */
  readonly transport?: "tcp";
  /** Address to bind; default `0.0.0.0`. */
  readonly hostname?: string;
  /** Port number; 0 picks a free one. */
  readonly port: number;
  /** Lets several listeners share the port (Linux spreads connections over them). */
  readonly reusePort?: boolean;
}

/** Bind a UDP port. */
export interface UdpListenOptions {
  /** Always `udp`. */
  readonly transport: "udp";
  /** Address to bind; default `127.0.0.1`. */
  readonly hostname?: string;
  /** Port number; 0 picks a free one. */
  readonly port: number;
  /** Lets several sockets share the port. */
  readonly reuseAddress?: boolean;
}

/** Bind a UNIX datagram socket. */
export interface UnixpacketListenOptions {
  /** Always `unixpacket`. */
  readonly transport: "unixpacket";
  /** File system path of the socket. */
  readonly path: string;
}

/** How a name is looked up. */
export interface ResolveOptions {
  /** The name server to ask instead of the system's; its port defaults to 53. */
  readonly nameServer?: { readonly ipAddr: string; readonly port?: number };
  /** Aborting it gives up. */
  readonly signal?: AbortSignal;
}

/** A mail exchanger (RFC 1035 §3.3.9). */
export interface MxRecord {
  /** Lower is tried first. */
  readonly preference: number;
  /** Host name, with its final dot if the server gave one. */
  readonly exchange: string;
}

/** The location of a service (RFC 2782). */
export interface SrvRecord {
  /** Lower is tried first. */
  readonly priority: number;
  /** Share among equals. */
  readonly weight: number;
  /** Port number. */
  readonly port: number;
  /** Host name. */
  readonly target: string;
}

/** Start of authority (RFC 1035 §3.3.13). */
export interface SoaRecord {
  /** Primary name server. */
  readonly mname: string;
  /** Mailbox of the person responsible, dots for the at sign. */
  readonly rname: string;
  /** Version of the zone. */
  readonly serial: number;
  /** Seconds. */
  readonly refresh: number;
  /** Seconds. */
  readonly retry: number;
  /** Seconds. */
  readonly expire: number;
  /** Seconds; also the time to live of a negative answer. */
  readonly minimum: number;
}

/** Certification authority authorization (RFC 8659). */
export interface CaaRecord {
  /** Whether an authority that does not understand the tag must refuse. */
  readonly critical: boolean;
  /** `issue`, `issuewild`, `iodef`, … */
  readonly tag: string;
  /** The value of the tag. */
  readonly value: string;
}

/** Naming authority pointer (RFC 3403). */
export interface NaptrRecord {
  /** Lower is processed first. */
  readonly order: number;
  /** Lower first among equals in order. */
  readonly preference: number;
  /** Flags such as `u` or `s`. */
  readonly flags: string;
  /** Service parameters. */
  readonly services: string;
  /** Substitution expression. */
  readonly regexp: string;
  /** Next name to look up. */
  readonly replacement: string;
}

/** What each record type resolves to. */
export interface RecordTypes {
  /** IPv4 addresses. */
  A: string[];
  /** IPv6 addresses. */
  AAAA: string[];
  /** Names that stand for themselves at another place. */
  ANAME: string[];
  /** Certification authorities. */
  CAA: CaaRecord[];
  /** Canonical names. */
  CNAME: string[];
  /** Mail exchangers. */
  MX: MxRecord[];
  /** Naming authority pointers. */
  NAPTR: NaptrRecord[];
  /** Name servers. */
  NS: string[];
  /** Names of an address. */
  PTR: string[];
  /** Starts of authority. */
  SOA: SoaRecord[];
  /** Locations of services. */
  SRV: SrvRecord[];
  /** Texts, each in its pieces. */
  TXT: string[][];
}

/** A DNS record type that can be asked for. */
export type RecordType = keyof RecordTypes;

/**
 * All that protocol code may do to a network.
 *
 * @example A client that works on any network
 * ```ts
 * import { memoryNetwork, type Network } from "@netwright/netwright/net";
 * async function firstByte(network: Network, port: number): Promise<number | undefined> {
 *   using connection = await network.connect({ hostname: "127.0.0.1", port });
 *   const buffer = new Uint8Array(1);
 *   return await connection.read(buffer) === null ? undefined : buffer[0];
 * }
 * const network = memoryNetwork();
 * using listener = network.listen({ port: 7 });
 * const accepted = listener.accept();
 * const answer = firstByte(network, 7);
 * using server = await accepted;
 * await server.write(Uint8Array.of(42));
 * if (await answer !== 42) throw new Error("no answer");
 * ```
 */
export interface Network {
  /**
   * Connects to a stream socket.
   * @throws {ConnectError} If it is refused, unreachable or the name is not found.
   * @throws {CapabilityError} If the scope does not cover it.
   */
  connect(options: TcpConnectOptions | UnixSocketOptions): Promise<Connection>;
  /**
   * Listens for stream connections.
   * @throws {ConnectError} If the address is in use or not ours.
   * @throws {CapabilityError} If the scope does not cover it.
   */
  listen(options: TcpListenOptions | UnixSocketOptions): Listener;
  /**
   * Binds a datagram socket.
   * @throws {ConnectError} If the address is in use or not ours.
   * @throws {CapabilityError} If the scope does not cover it.
   */
  listenDatagram(options: UdpListenOptions | UnixpacketListenOptions): DatagramConnection;
  /**
   * Looks a name up.
   * @returns The records; never an empty list.
   * @throws {ConnectError} With kind `name not found` if there is none.
   */
  resolve<T extends RecordType>(
    name: string,
    type: T,
    options?: ResolveOptions,
  ): Promise<RecordTypes[T]>;
}
