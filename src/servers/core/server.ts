/**
 * What every server model takes and gives.
 *
 * @module
 */

import type { ClientPrefix, Endpoint, Network } from "../../net/mod.ts";
import type { Service } from "../../services/mod.ts";

/** One line of a server's log. */
export interface ServerEvent {
  /** What happened. */
  readonly kind:
    | "listening"
    | "connected"
    | "disconnected"
    | "refused"
    | "failed"
    | "message"
    | "warning"
    | "reloaded"
    | "shutdown"
    | "stopped";
  /** The service's name. */
  readonly service: string;
  /** The client, printed as an endpoint; absent if the line is about the server. */
  readonly client?: string;
  /** The rest of the line, safe to show. */
  readonly text: string;
  /** Milliseconds that the connection lasted, bytes received and sent, for `disconnected`. */
  readonly ms?: number;
  /** Bytes from the client. */
  readonly received?: number;
  /** Bytes to the client. */
  readonly sent?: number;
  /** The thrown value, for `failed`; absent if it was thrown in another thread or process. */
  readonly error?: unknown;
}

/** Certificate chain and key (PEM). */
export interface ServerTls {
  /** The chain, the server's own certificate first. */
  readonly cert: string;
  /** The private key. */
  readonly key: string;
}

/** Options that all models share. */
export interface ServeOptions<S = Service> {
  /** The network to listen on. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /** Where to listen: an endpoint, or its text such as `127.0.0.1:7007` or `unix:/path`; port 0 picks a free one. */
  readonly endpoint: Endpoint | string;
  /** Connections at once. @default {1000} */
  readonly maxConnections?: number | undefined;
  /**
   * Whether further clients are refused with a message, if the protocol has one, or wait
   * in the system's queue. @default {"refuse"}
   */
  readonly whenFull?: "refuse" | "queue" | undefined;
  /** Connections at once from one client; UNIX clients count as one. @default {Infinity} */
  readonly maxConnectionsPerClient?: number | undefined;
  /** How much of an address makes out a client. @default {32 bits of IPv4, 64 of IPv6} */
  readonly clientPrefix?: ClientPrefix | undefined;
  /**
   * Maximum number of datagrams of one client per second, except for clients on this host; a reply that is larger than its
   * request counts in proportion. @default {1000}
   */
  readonly clientRate?: number | undefined;
  /**
   * Addresses and networks of proxies, such as `10.0.0.0/8`, or `unix`: their connections begin with the PROXY protocol, version 1 or 2, and
   * count as those of the clients that it names.
   */
  readonly proxies?: readonly string[] | undefined;
  /** Silence in milliseconds after which a connection is closed. @default {300_000} */
  readonly idleTimeoutMs?: number | undefined;
  /** Longest conversation in milliseconds. @default {Infinity} */
  readonly sessionTimeoutMs?: number | undefined;
  /** TLS from the first byte, with this certificate chain and key (PEM). */
  readonly tls?: ServerTls | undefined;
  /** Builds the service and reads the certificate again, for `reload()`; without it there is nothing to read. */
  readonly reload?:
    | (() => Promise<{ readonly service: S; readonly tls?: ServerTls | undefined }>)
    | undefined;
  /** Whether messages of the service are of no interest to `log`. @default {false} */
  readonly quiet?: boolean | undefined;
  /** Called for each event; must not throw. */
  readonly log?: ((event: ServerEvent) => void) | undefined;
  /** The clock that services see. */
  readonly now?: (() => Date) | undefined;
  /** Aborting it shuts down at once. */
  readonly signal?: AbortSignal | undefined;
}

/** The status of a server. */
export interface ServerStatus {
  /** The service's name. */
  readonly service: string;
  /** Where it listens, printed. */
  readonly endpoint: string;
  /** Connections now. */
  readonly connections: number;
  /** Connections since the start. */
  readonly accepted: number;
  /** Connections turned away by a limit. */
  readonly refused: number;
  /** Conversations that ended with an error. */
  readonly failed: number;
  /** Bytes received and sent since the start. */
  readonly received: number;
  /** Bytes sent since the start. */
  readonly sent: number;
  /** Its processes or Workers, where it has any. */
  readonly workers?: readonly WorkerStatus[];
}

/** The status of one process or Worker. */
export interface WorkerStatus {
  /** Its process id, or its number if it is a Worker. */
  readonly id: number;
  /** Whether it is being started, waits for clients, talks with some, or accepts no more. */
  readonly state: "starting" | "idle" | "busy" | "retiring";
  /** Connections now. */
  readonly connections: number;
  /** Connections since its start. */
  readonly accepted: number;
  /** Milliseconds since its start. */
  readonly ageMs: number;
}

/** A running server; disposing of it shuts it down at once. */
export interface Server extends AsyncDisposable {
  /** Where it listens, with the real port. */
  readonly endpoint: Endpoint;
  /** Resolves when the server has ended, whatever ended it. */
  readonly finished: Promise<void>;
  /** Returns the current status. */
  status(): ServerStatus;
  /**
   * Reads its configuration again without cutting a connection.
   * @throws {UnsupportedError} If it was given nothing to read it by.
   * @throws The error of reading; the server continues with its old configuration.
   */
  reload(): Promise<void>;
  /**
   * Stops accepting, lets open sessions finish, then closes the others.
   * @param graceMs How long they may take, in milliseconds; 0 closes at once. @default {10_000}
   */
  shutdown(graceMs?: number): Promise<void>;
}
