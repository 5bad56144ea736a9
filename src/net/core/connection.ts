/**
 * The structural types that all protocol code is written against. Deno's own sockets satisfy them as
 * they are, so a connection needs no wrapper on the hot path; so do in-memory and TLS connections.
 *
 * @module
 */

/** An Internet address with its port. */
export interface NetAddress {
  /** Which transport the port belongs to. */
  readonly transport: "tcp" | "udp";
  /** Host name or address; an IPv6 address has no brackets. */
  readonly hostname: string;
  /** Port number, 0 to 65535. */
  readonly port: number;
}

/** The address of a UNIX socket. */
export interface UnixAddress {
  /** Stream or datagram. */
  readonly transport: "unix" | "unixpacket";
  /** File system path; empty for an unnamed socket. */
  readonly path: string;
}

/** Any address that a socket can have. */
export type Address = NetAddress | UnixAddress | VsockAddress;

/** A virtual machine's socket; here only so that Deno's types fit. */
export interface VsockAddress {
  /** Always `vsock`. */
  readonly transport: "vsock";
  /** Context identifier. */
  readonly cid: number;
  /** Port number. */
  readonly port: number;
}

/** Where bytes come from: `read` resolves to their count, or `null` at the end. */
export interface Reader {
  /** Reads up to `p.byteLength` bytes; 0 is allowed, `null` means end of stream. */
  read(p: Uint8Array): Promise<number | null>;
}

/** Where bytes go: `write` may take fewer bytes than it was given. */
export interface Writer {
  /** Writes up to `p.byteLength` bytes and resolves to how many were taken. */
  write(p: Uint8Array): Promise<number>;
}

/** A two-way byte stream with addresses at both ends: structurally what `Deno.Conn` is. */
export interface Connection extends Reader, Writer, Disposable {
  /** This end. */
  readonly localAddr: Address;
  /** The peer's end. */
  readonly remoteAddr: Address;
  /** Ends our direction; the peer reads end of stream, its direction stays open. */
  closeWrite(): Promise<void>;
  /**
   * Calls back once, when there may be data, or the end, or this end was closed; until then nothing
   * more is kept of it. Never before this call returns. Absent if only a read can find out.
   */
  onceReadable?(callback: () => void): void;
  /** Ends both directions at once; pending reads reject. */
  close(): void;
}

/** Accepts connections; structurally what `Deno.Listener` is. */
export interface Listener extends AsyncIterable<Connection>, Disposable {
  /** Where it listens; the port is the real one even if 0 was asked for. */
  readonly addr: Address;
  /** Waits for one connection. */
  accept(): Promise<Connection>;
  /** Stops listening; a pending accept rejects. */
  close(): void;
}

/** A socket for datagrams; structurally what `Deno.DatagramConn` is. */
export interface DatagramConnection {
  /** Where it is bound. */
  readonly addr: Address;
  /** Waits for one datagram; resolves to its bytes and its sender. */
  receive(p?: Uint8Array): Promise<[Uint8Array, Address]>;
  /** Sends one datagram; resolves to the number of bytes sent. */
  send(p: Uint8Array, addr: Address): Promise<number>;
  /**
   * Sends one datagram together with others, soon, and without telling when; absent where that is not faster.
   * @param p The datagram, which is copied.
   * @param addr The recipient.
   * @param onFailure Called if it could not be sent.
   */
  post?(p: Uint8Array, addr: Address, onFailure: (error: unknown, addr: Address) => void): void;
  /**
   * Joins a multicast group (RFC 1112), on the interface with that address.
   * @returns The membership.
   */
  joinMulticastV4(group: string, networkInterface: string): Promise<MulticastMembership>;
  /**
   * Joins a multicast group of IPv6 (RFC 4291 §2.7), on the interface with that number; 0 is any.
   * @returns The membership; it has no time to live.
   */
  joinMulticastV6(
    group: string,
    networkInterface: number,
  ): Promise<Omit<MulticastMembership, "setTTL">>;
  /** Closes the socket; a pending receive rejects. */
  close(): void;
}

/** Membership of a multicast group; structurally the runtime's. */
export interface MulticastMembership {
  /** Leaves the group. */
  leave(): Promise<void>;
  /** Whether datagrams sent to the group from this host are received here too. */
  setLoopback(loopback: boolean): Promise<void>;
  /** How many hops datagrams to the group may take. */
  setTTL(hops: number): Promise<void>;
}
