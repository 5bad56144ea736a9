/**
 * What a service is: what is said on a connection, in any server model.
 *
 * @module
 */

import type { Address, Capabilities, Connection, Endpoint, Network } from "../../net/mod.ts";

/** How much went over a conversation's connections; the server logs it at the end. */
export interface Traffic {
  /** Bytes from the client. */
  received: number;
  /** Bytes to the client. */
  sent: number;
}

/** What a service is given for one connection, or for one datagram. */
export interface ServiceContext {
  /** Aborts when the service must end at once; orderly services end soon after. */
  readonly signal: AbortSignal;
  /** The server counts its connection itself; the service adds what goes over others, such as those for FTP's data. */
  readonly traffic: Traffic;
  /**
   * Writes one line to the server's log; text of the client must be cleaned first. Absent if nobody reads
   * it, so that a service need not make the text.
   */
  readonly log: ((message: string) => void) | undefined;
  /** Whether a conversation in which nothing is under way may be parked; see {@link Service.handle}. */
  readonly canPark?: boolean;
  /** Tells the server that the client is busy on another connection, and not silent. */
  touch?(): void;
  /**
   * Takes what the service says to the client before the server closes the connection by itself. It has a moment for
   * that. Absent if the server never does so.
   */
  beforeClosing?(say: (reason: ClosingReason) => Promise<void>): void;
  /** Takes why the conversation ended, where somebody else has ended it, such as a worker of the server. */
  endedBy?(reason: string): void;
  /** The time now; a test gives its own. */
  now(): Date;
}

/** Why a server closes a connection: the client was silent, the session lasted for too long, or the server ends. */
export type ClosingReason = "idle" | "session" | "shutdown";

/** A conversation over a stream. */
export interface Service {
  /** Its name, such as `echo`. */
  readonly name: string;
  /**
   * Talks to one client until the conversation is over; the server closes the connection.
   * Errors of the connection may be left to the server, which logs them.
   *
   * @returns `park` if the conversation goes on, but nothing is under way: then this is called again when the client
   *   has something to say, and until then it costs next to nothing. Only where the context says that it may.
   */
  handle(connection: Connection, context: ServiceContext): Promise<void | "park">;
  /** Whether the client speaks first: then it may be parked before that. @default {false} */
  readonly clientSpeaksFirst?: boolean;
  /** What a client is told that is turned away because there are too many; absent if the protocol has no words. */
  readonly busy?: Uint8Array;
}

/** A peer that a service talks to in lines. */
export interface LinePeer {
  /** Where it sits. */
  readonly address: Address;
  /** Sends a line, which waits if the peer is slow. */
  send(line: string): void;
  /** Ends the conversation, when what was sent has gone. */
  end(): void;
}

/** How a service of datagrams talks over connections as well. */
export interface LineTalk {
  /** What the log calls it. */
  readonly name: string;
  /** Where peers connect to. */
  readonly endpoint: Endpoint;
  /** Peers at once. */
  readonly maxPeers: number;
  /** How long a peer may be silent, in milliseconds. */
  readonly idleMs: number;
  /** A peer has come. */
  opened(peer: LinePeer): void;
  /** It said something; hostile as all that comes. */
  heard(peer: LinePeer, line: string): void;
  /** It is gone. */
  ended(peer: LinePeer): void;
}

/** What a service of datagrams may do by itself, beyond answering. */
export interface DatagramOutlet {
  /** How long a client may be silent, in milliseconds. */
  readonly idleMs: number;
  /** The network that the server is on, for sockets of its own. */
  readonly network: Network;
  /**
   * Listens for peers that talk in lines, until the server ends, or begins anew.
   * @returns Where, with the real port.
   * @throws {ConnectError} If the address is in use or not ours.
   */
  talk(talk: LineTalk): Endpoint;
  /** Sends a datagram; one that cannot be sent is logged, and lost as any may be. */
  send(bytes: Uint8Array, to: Address): void;
  /** Writes one line to the server's log; text of clients must be cleaned first. Absent if nobody reads it. */
  readonly log: ((message: string) => void) | undefined;
}

/** An answer to single datagrams. */
export interface DatagramService {
  /** Its name, such as `echo`. */
  readonly name: string;
  /**
   * Answers one datagram.
   * @param message What came; its buffer is reused after the reply was sent.
   * @param sender Who sent it.
   * @returns The reply, or undefined for none.
   */
  reply(
    message: Uint8Array,
    sender: Address,
    context: ServiceContext,
  ): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /**
   * Begins what it does by itself, such as sending to others than who asked.
   * @param outlet What it may do.
   * @returns Ends it, when the server ends; a failure ends the server.
   */
  begin?(outlet: DatagramOutlet): Disposable | Promise<Disposable>;
}

/** Options of a service as the user gave them: `--text hello` is `{ text: "hello" }`. */
export type ServiceOptions = Readonly<Record<string, string | undefined>>;

/** An option that a service understands, for help and for refusing others. */
export interface ServiceOptionSpec {
  /** What stands for its value in the help; absent if it takes none, and is `yes` when given. */
  readonly value?: string;
  /** One line of help. */
  readonly help: string;
  /** Whether the value is the name of a YAML file: whoever starts the service reads it. */
  readonly yaml?: boolean;
  /** Whether few need it: then the help shows it on request only. */
  readonly rare?: boolean;
}

/** Certificate and key of a service that starts TLS when a client asks. */
export interface ServiceTls {
  /** Certificate chain (PEM). */
  readonly cert: string;
  /** Its private key (PEM). */
  readonly key: string;
}

/** What a service is told by whoever starts it. */
export interface ServiceArguments {
  /** The options. */
  readonly options: ServiceOptions;
  /**
   * What the YAML files of the options hold, by the options' names; absent while it is only worked out what the service
   * needs.
   */
  readonly documents?: Readonly<Record<string, unknown>>;
  /** Where it is to listen. */
  readonly endpoint?: Endpoint;
  /** Whether connections are inside TLS from the first byte. */
  readonly isSecure?: boolean;
  /** Certificate and key, where the service starts TLS itself. */
  readonly tls?: ServiceTls | undefined;
}

/**
 * A service by name: a module and a configuration, so that a worker or a child process can build its own.
 * Each file of this room that does not begin with an underscore exports one as `service`. It loads no protocol code
 * before it builds, for the launcher loads it too.
 */
export interface ServiceModule<Configuration = unknown> {
  /** What the user types after `serve`. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** The assigned port, used when the user gives none. */
  readonly port: number;
  /** The UNIX socket that is used instead when the user gives no address. */
  readonly path?: string;
  /** How long a client may be silent, in milliseconds, unless the user says otherwise. @default {300_000} */
  readonly idleMs?: number;
  /** The options it understands. */
  readonly options?: Readonly<Record<string, ServiceOptionSpec>>;
  /** Whether the conversation can go over to TLS by itself: then it gets the certificate. */
  readonly startsTls?: boolean;
  /**
   * Reads what the user said.
   * @returns The configuration: data that is posted to Workers, and written as JSON for processes.
   * @throws {UsageError} If an option makes no sense.
   */
  parse(args: ServiceArguments): Configuration;
  /** What it needs beyond the network of its server, such as a file to read. */
  capabilities?(configuration: Configuration): Capabilities;
  /** Builds the service for streams; absent if the protocol has none. */
  stream?(configuration: Configuration): Service | Promise<Service>;
  /** Builds the service for datagrams; absent if the protocol has none. */
  datagram?(configuration: Configuration): DatagramService | Promise<DatagramService>;
}

/** A service as the table of all services knows it, before its module is loaded. */
export interface ServiceEntry {
  /** As in {@link ServiceModule}. */
  readonly name: string;
  /** As in {@link ServiceModule}. */
  readonly summary: string;
  /** As in {@link ServiceModule}. */
  readonly port: number;
  /** Loads its module. */
  readonly load: () => Promise<ServiceModule>;
}
