/**
 * Services: a service is one side of a conversation on a connection, in any server model.
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

/** The context of one connection, or of one datagram. */
export interface ServiceContext {
  /** Aborts when the service must end at once; orderly services end soon after. */
  readonly signal: AbortSignal;
  /** The server counts its connection itself; the service adds what goes over others, such as those for FTP's data. */
  readonly traffic: Traffic;
  /**
   * Writes one line to the server's log; text of the client must be cleaned first. Absent without a log,
   * so that a service need not make the text.
   */
  readonly log: ((message: string) => void) | undefined;
  /** Reports a problem of the server itself, such as a full disk, also where `log` is absent. */
  warn?(message: string): void;
  /** Whether a conversation in which nothing is under way may be parked; see {@link Service.handle}. */
  readonly canPark?: boolean;
  /** The terminal of a client that came by Telnet. */
  readonly terminal?: ServiceTerminal;
  /** Reports that the client is busy on another connection, and not silent. */
  touch?(): void;
  /**
   * Registers the service's goodbye to the client before the server closes the connection by itself. It has a moment for
   * that. Absent if the server never does so.
   */
  beforeClosing?(say: (reason: ClosingReason) => Promise<void>): void;
  /** Records why the conversation ended, if another party has ended it, such as a worker of the server. */
  endedBy?(reason: string): void;
  /** The time now; a test gives its own. */
  now(): Date;
}

/** A client's terminal. */
export interface ServiceTerminal {
  /** How many columns it has now; 80 if that is not known. */
  readonly columns: number;
  /** Whether typed text is shown; off while a secret is typed. */
  isEchoing: boolean;
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
   * @returns `park` if the conversation continues, but is idle: then this is called again when the client
   * sends something, and until then it costs next to nothing. Only if the context permits it.
   */
  handle(connection: Connection, context: ServiceContext): Promise<void | "park">;
  /** Ends its own activity once the server has ended, or continues with another configuration: writes what waits. */
  end?(): Promise<void>;
  /** Whether the client speaks first: then it may be parked before that. @default {false} */
  readonly clientSpeaksFirst?: boolean;
  /** The message to a client that is refused because there are too many; absent if the protocol has none. */
  readonly busy?: Uint8Array;
}

/** A peer that a service talks to in lines. */
export interface LinePeer {
  /** Where it sits. */
  readonly address: Address;
  /** Sends a line, which waits if the peer is slow. */
  send(line: string): void;
  /** Ends the conversation, when all output is sent. */
  end(): void;
}

/** How a service of datagrams talks over connections as well. */
export interface LineTalk {
  /** Its name in the log. */
  readonly name: string;
  /** Where peers connect to. */
  readonly endpoint: Endpoint;
  /** Whether they come by Telnet. */
  readonly telnet?: boolean | undefined;
  /** Peers at once. */
  readonly maxPeers: number;
  /** How long a peer may be silent, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** A peer has come. */
  opened(peer: LinePeer): void;
  /** It said something; hostile as all that comes. */
  received(peer: LinePeer, line: string): void;
  /** It is gone. */
  ended(peer: LinePeer): void;
}

/** The means of a service of datagrams for activity of its own, beyond replies. */
export interface DatagramOutlet {
  /** How long a client may be silent, in milliseconds. */
  readonly idleTimeoutMs: number;
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
  /** Writes one line to the server's log; text of clients must be cleaned first. Absent without a log. */
  readonly log: ((message: string) => void) | undefined;
}

/** An answer to single datagrams. */
export interface DatagramService {
  /** Its name, such as `echo`. */
  readonly name: string;
  /**
   * Answers one datagram.
   * @param message The datagram; its buffer is reused after the reply was sent.
   * @param sender The sender.
   * @returns The reply, or undefined for none.
   */
  reply(
    message: Uint8Array,
    sender: Address,
    context: ServiceContext,
  ): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Whether single datagrams are not worth a line of the server's log. @default {false} */
  readonly isSilent?: boolean;
  /**
   * Begins the service's own activity, such as sending to other addresses than the sender's.
   * @param outlet Its means.
   * @returns Ends it, when the server ends; a failure ends the server.
   */
  begin?(outlet: DatagramOutlet): Disposable | Promise<Disposable>;
  /** As in {@link Service}. */
  end?(): Promise<void>;
}

/** Options of a service as the user gave them: `--text hello` is `{ text: "hello" }`. */
export type ServiceOptions = Readonly<Record<string, string | undefined>>;

/** An option that a service understands, for help and for refusing others. */
export interface ServiceOptionSpec {
  /** What stands for its value in the help; absent if it takes none, and is `yes` when given. */
  readonly value?: string;
  /** One line of help. */
  readonly help: string;
  /**
   * Reads the value as the name of a YAML file, which the launcher of the service reads: with `text` all its values
   * are strings, with `values` there are numbers and booleans too.
   */
  readonly yaml?: "text" | "values";
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

/** The arguments of a service. */
export interface ServiceArguments {
  /** The options. */
  readonly options: ServiceOptions;
  /**
   * The contents of the YAML files of the options, by the options' names; absent while only the capabilities of the service
   * are determined.
   */
  readonly documents?: Readonly<Record<string, unknown>>;
  /** Where it is to listen. */
  readonly endpoint?: Endpoint;
  /** Whether connections are inside TLS from the first byte. */
  readonly isSecure?: boolean;
  /** Certificate and key, where the service starts TLS itself. */
  readonly tls?: ServiceTls | undefined;
  /** Whether its clients come by Telnet. */
  readonly telnet?: boolean | undefined;
}

/**
 * A service by name: a module and a configuration, so that a worker or a child process can build its own.
 * Each file of this room that does not begin with an underscore exports one as `service`. It loads no protocol code
 * before it builds, for the launcher loads it too.
 */
export interface ServiceModule<Configuration = unknown> {
  /** The name after `serve`. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** The assigned port, used when the user gives none. */
  readonly port: number;
  /** The port of datagrams, if it is another. */
  readonly datagramPort?: number;
  /** The UNIX socket that is used instead when the user gives no address. */
  readonly path?: string;
  /** How long a client may be silent, in milliseconds, unless the user says otherwise. @default {300_000} */
  readonly idleTimeoutMs?: number;
  /** Datagrams that a client may send in a second, unless the user says otherwise. @default {1000} */
  readonly clientRate?: number;
  /** The options it understands. */
  readonly options?: Readonly<Record<string, ServiceOptionSpec>>;
  /** Arguments of `serve NAME` that work, for its help; made of its options if absent. */
  readonly examples?: readonly string[];
  /** Whether people may talk to it by Telnet, because it reads and writes lines of text. */
  readonly isForPeople?: boolean;
  /** Whether the conversation can go over to TLS by itself: then it gets the certificate. */
  readonly startsTls?: boolean;
  /**
   * Reads the arguments.
   * @returns The configuration: data that is posted to Workers, and written as JSON for processes.
   * @throws {UsageError} If an option makes no sense.
   */
  parse(args: ServiceArguments): Configuration;
  /** Its capabilities beyond the network of its server, such as a file to read. */
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
