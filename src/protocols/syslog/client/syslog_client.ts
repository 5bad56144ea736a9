/**
 * Sends messages of syslog.
 *
 * @module
 */

import {
  checkOptions,
  CLIENT_RULES,
  closeQuietly,
  concat,
  parseSyslogTarget,
  type SyslogTarget,
} from "../../../net/internal.ts";
import {
  type Address,
  CapabilityError,
  type ClientOptions,
  type Connection,
  type DatagramConnection,
  Deadline,
  dial,
  DisconnectedError,
  formatEndpoint,
  isIp,
  LimitError,
  lookUp,
  type Network,
  secure,
  systemNetwork,
  type TlsTrust,
  toNetwrightError,
  type UnixEndpoint,
  UnsupportedError,
  wildcardAddress,
  writeAll,
} from "../../../net/mod.ts";
import { formatRfc3164, formatRfc5424 } from "../codec/format_syslog.ts";
import { countOctets } from "../codec/framing.ts";
import type { SyslogContent } from "../codec/syslog_message.ts";

/** How messages are sent. */
export interface SyslogClientOptions extends ClientOptions {
  /** The form of messages. @default {"rfc5424"} */
  readonly format?: "rfc5424" | "rfc3164" | undefined;
  /** How messages are divided in a stream: by their length (RFC 6587 §3.4.1), or by LF. @default {"octets"} */
  readonly framing?: "octets" | "lines" | undefined;
  /** Maximum size of a message in bytes: RFC 5424 §6.1 lets receivers cut what is longer than 2048. @default {8192} */
  readonly maxBytes?: number | undefined;
  /** Whether a longer message is refused, or cut off. @default {"refuse"} */
  readonly whenTooLong?: "refuse" | "cut" | undefined;
  /** Authorities that are trusted, and a certificate of our own, for TLS. */
  readonly trust?: TlsTrust | undefined;
  /** The file of our own socket beside a UNIX socket for datagrams; it is removed at the end. */
  readonly local?: UnixEndpoint | undefined;
}

/**
 * Sends messages to one collector. Over UDP and UNIX datagrams each message is one datagram, and nothing tells whether it arrived (RFC 5426);
 * over TCP and TLS a connection that the collector has closed is noticed at the next message.
 *
 * @example Over UDP
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { parseSyslog, SyslogClient } from "@netwright/netwright/syslog";
 * const network = memoryNetwork();
 * const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 514 });
 * await using client = await SyslogClient.connect("udp://127.0.0.1", { network });
 * await client.send({ facility: 16, severity: 6, appName: "demo", text: "hello" });
 * const { text } = parseSyslog((await socket.receive())[0]);
 * if (text !== "hello") throw new Error(text);
 * socket.close();
 * ```
 */
export class SyslogClient implements AsyncDisposable {
  readonly #options: SyslogClientOptions;
  readonly #peer: string;
  readonly #transport: Transport;
  #sending: Promise<void> = Promise.resolve();

  private constructor(options: SyslogClientOptions, peer: string, transport: Transport) {
    this.#options = options;
    this.#peer = peer;
    this.#transport = transport;
  }

  /**
   * Connects to a collector, or binds a socket for datagrams to it.
   * @param target Where: as {@link parseSyslogTarget} reads it.
   * @param options How messages are sent; time for the connection and for each message (30 seconds), signal and network.
   * @returns The client.
   * @throws {UsageError} If the target is malformed.
   * @throws {ConnectError|TlsError|TimeoutError} If it cannot be connected to.
   */
  static async connect(
    target: string | SyslogTarget,
    options: SyslogClientOptions = {},
  ): Promise<SyslogClient> {
    checkOptions(options, {
      ...CLIENT_RULES,
      format: "any",
      framing: "any",
      maxBytes: "count",
      whenTooLong: "any",
      trust: "any",
      local: "any",
    });
    const parsed = typeof target === "string" ? parseSyslogTarget(target) : target;
    const { network = systemNetwork() } = options;
    const peer = formatEndpoint(parsed.endpoint);
    const isStream = parsed.endpoint.transport === "tcp" || parsed.endpoint.transport === "unix";
    const transport = isStream
      ? await StreamTransport.connect(parsed, network, options)
      : await DatagramTransport.bind(parsed, network, options);
    return new SyslogClient(options, peer, transport);
  }

  /** Whether messages go over a connection: then those that are sent together are sent all, or none. */
  get isStream(): boolean {
    return this.#transport instanceof StreamTransport;
  }

  /**
   * Sends messages, in order; those of a stream together.
   * @param messages The messages.
   * @throws {LimitError} If one is too long; then none is sent.
   * @throws {DisconnectedError|TimeoutError} If they cannot be sent; a stream is closed then.
   */
  send(...messages: readonly SyslogContent[]): Promise<void> {
    const { format = "rfc5424", maxBytes = 8192, whenTooLong = "refuse" } = this.#options;
    const whole = messages.map(format === "rfc5424" ? formatRfc5424 : formatRfc3164);
    const encoded = whenTooLong === "cut" ? whole.map((bytes) => cutOff(bytes, maxBytes)) : whole;
    const long = encoded.find(({ length }) => length > maxBytes);
    if (long !== undefined) {
      return Promise.reject(
        new LimitError(`the message has ${long.length} bytes, more than ${maxBytes}`, {
          operation: "send syslog",
          peer: this.#peer,
          limit: maxBytes,
        }),
      );
    }
    // Messages of two callers do not mix.
    const sent = this.#sending.then(() => this.#transport.send(encoded));
    this.#sending = sent.catch(() => {});
    return sent;
  }

  /** Ends the connection once everything is sent. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sending;
    await this.#transport.end();
  }
}

/** Cuts a message off where no character is divided (RFC 5424 §6.1). */
function cutOff(message: Uint8Array, maxBytes: number): Uint8Array {
  let end = Math.min(message.length, maxBytes);
  if (end === message.length) return message;
  while (end > 0 && (message[end]! & 0xc0) === 0x80) end--;
  return message.subarray(0, end);
}

interface Transport {
  send(messages: readonly Uint8Array[]): Promise<void>;
  end(): Promise<void>;
}

class StreamTransport implements Transport {
  readonly #connection: Connection;
  readonly #options: SyslogClientOptions;
  readonly #peer: string;
  #failure: Error | undefined;

  private constructor(connection: Connection, options: SyslogClientOptions, peer: string) {
    this.#connection = connection;
    this.#options = options;
    this.#peer = peer;
    void this.#watch();
  }

  static async connect(
    { endpoint, tls }: SyslogTarget,
    network: Network,
    options: SyslogClientOptions,
  ): Promise<StreamTransport> {
    const { signal, timeoutMs, trust } = options;
    const open = (): Promise<Connection> => dial(endpoint, { network, signal, timeoutMs });
    const plain = await open();
    const connection = tls
      ? await secure(plain, {
        role: "client",
        hostname: "hostname" in endpoint ? endpoint.hostname : "localhost",
        ...trust,
        reconnect: open,
        signal,
        timeoutMs,
      })
      : plain;
    return new StreamTransport(connection, options, formatEndpoint(endpoint));
  }

  async send(messages: readonly Uint8Array[]): Promise<void> {
    const { framing = "octets", signal, timeoutMs = 30_000 } = this.#options;
    const context = { operation: "send syslog", peer: this.#peer };
    if (this.#failure !== undefined) throw this.#failure;
    const bytes = concat(
      messages.map((message) =>
        framing === "octets" ? countOctets(message) : concat([message, Uint8Array.of(0x0a)])
      ),
    );
    using deadline = new Deadline({ signal, timeoutMs }, context);
    try {
      await deadline.wait(writeAll(this.#connection, bytes), () => this.#close());
    } catch (error) {
      this.#close();
      throw this.#failure ?? toNetwrightError(error, context);
    }
  }

  async end(): Promise<void> {
    if (this.#failure === undefined) {
      // What is written is delivered; who reads no more is not waited for.
      using deadline = new Deadline({ timeoutMs: 2000 }, {});
      await deadline.wait(this.#connection.closeWrite(), () => {}).catch(() => {});
    }
    this.#close();
  }

  /** A collector says nothing: the only thing to read is the end. */
  async #watch(): Promise<void> {
    const buffer = new Uint8Array(256);
    let cause: unknown;
    try {
      while (await this.#connection.read(buffer) !== null);
    } catch (error) {
      cause = error;
    }
    this.#failure ??= new DisconnectedError("the collector closed the connection", {
      operation: "send syslog",
      peer: this.#peer,
      cause,
    });
    this.#close();
  }

  #close(): void {
    closeQuietly(this.#connection);
  }
}

class DatagramTransport implements Transport {
  readonly #socket: DatagramConnection;
  /** Addresses of the collector: the first that may be sent to is used. */
  readonly #addresses: Address[];
  readonly #options: SyslogClientOptions;

  private constructor(
    socket: DatagramConnection,
    addresses: readonly Address[],
    options: SyslogClientOptions,
  ) {
    this.#socket = socket;
    this.#addresses = [...addresses];
    this.#options = options;
  }

  static async bind(
    { endpoint }: SyslogTarget,
    network: Network,
    options: SyslogClientOptions,
  ): Promise<DatagramTransport> {
    const { local, signal, timeoutMs } = options;
    if ("path" in endpoint) {
      if (local === undefined) {
        throw new UnsupportedError("datagrams to a UNIX socket need a socket file of our own", {
          operation: "send syslog",
          peer: formatEndpoint(endpoint),
        });
      }
      const socket = network.listenDatagram({ transport: "unixpacket", path: local.path });
      const address = { transport: "unixpacket", path: endpoint.path } as const;
      return new DatagramTransport(socket, [address], options);
    }
    const { hostname, port } = endpoint;
    // Looked up once, not for each message. A scope may cover the name only, or no look-up at all.
    const found = isIp(hostname) ? [] : await lookUp(hostname, { network, signal, timeoutMs })
      .catch(() => []);
    const known = found.flatMap(({ type, value }) =>
      type === "A" || type === "AAAA" ? [value] : []
    );
    const addresses = [...known.slice(0, 1), hostname].map((hostname) => (
      { transport: "udp", hostname, port } as const
    ));
    const socket = network.listenDatagram(wildcardAddress(addresses[0]!));
    return new DatagramTransport(socket, addresses, options);
  }

  async send(messages: readonly Uint8Array[]): Promise<void> {
    const { signal, timeoutMs = 30_000 } = this.#options;
    const context = { operation: "send syslog", peer: formatEndpoint(this.#addresses.at(-1)!) };
    using deadline = new Deadline({ signal, timeoutMs }, context);
    for (let at = 0; at < messages.length;) {
      try {
        await deadline.wait(this.#socket.send(messages[at]!, this.#addresses[0]!), () => {});
        at++;
      } catch (error) {
        const known = toNetwrightError(error, context);
        if (!(known instanceof CapabilityError) || this.#addresses.length === 1) throw known;
        this.#addresses.shift();
      }
    }
  }

  end(): Promise<void> {
    this.#socket.close();
    return Promise.resolve();
  }
}
