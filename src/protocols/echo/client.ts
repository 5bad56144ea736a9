/**
 * Sends messages and takes them back.
 *
 * @module
 */

import {
  checkOptions,
  CLIENT_RULES,
  clientOptions,
  closeQuietly,
  DatagramRequests,
  endpointOf,
  timingSafeEqual,
} from "../../net/internal.ts";
import {
  type ClientOptions,
  type Connection,
  type DatagramStatistics,
  Deadline,
  dial,
  DisconnectedError,
  formatEndpoint,
  type HostEndpoint,
  LineReader,
  LineWriter,
  type NetAddress,
  type Network,
  ProtocolError,
  type ServerAddress,
  systemNetwork,
  UnsupportedError,
  type WaitOptions,
  wildcardAddress,
} from "../../net/mod.ts";

/** A message that came back. */
export interface Echo {
  /** The message. */
  readonly message: Uint8Array;
  /** From sending it to having it whole, in milliseconds. */
  readonly roundTripMs: number;
}

/** One conversation with an echo server. */
export interface EchoClient extends Disposable {
  /** Bytes sent so far. */
  readonly sent: number;
  /** Bytes that came back so far. */
  readonly received: number;
  /**
   * Sends one message and waits until it came back.
   * @param message Any bytes; over UDP at most what fits into a datagram beside its number.
   * @throws {ProtocolError} If something else came back; of a datagram that counts as damage.
   * @throws {DisconnectedError|TimeoutError} If it did not come back.
   */
  echo(message: Uint8Array): Promise<Echo>;
  /** What became of the datagrams; undefined over TCP. */
  readonly statistics?: DatagramStatistics;
}

/** How long an echo is waited for. */
export interface EchoOptions extends ClientOptions {
  /** How often a datagram is sent at most. @default {5} */
  readonly tries?: number | undefined;
}

/**
 * Begins a conversation with an echo server (RFC 862), over TCP or UDP as the endpoint says.
 *
 * @param server The server: `host`, `host:port`, `echo://host`, `udp://host:port`, or an endpoint. The port is 7 by default.
 * @param options Longest time for connecting (default 30 seconds) and for each message (default 60
 *   seconds, over UDP 10, in which it is sent up to `tries` times), and signal.
 * @returns The conversation.
 * @throws {ConnectError|TimeoutError} If the connection fails.
 *
 * @example One round trip
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { serve } from "@netwright/netwright/servers";
 * import { streamService } from "@netwright/netwright/services";
 * import { connectEcho } from "@netwright/netwright/small";
 * const network = memoryNetwork();
 * await using server = serve(await streamService("echo"), { network, port: 7 });
 * using client = await connectEcho("127.0.0.1", { network });
 * const { message } = await client.echo(Uint8Array.of(1, 2, 3));
 * if (message.join() !== "1,2,3") throw new Error(message.join());
 * ```
 */
export async function connectEcho(
  server: ServerAddress,
  options: EchoOptions = {},
): Promise<EchoClient> {
  checkOptions(options, { ...CLIENT_RULES, tries: "count" });
  const endpoint = endpointOf(server, "echo", 7);
  if (endpoint.transport === "udp") {
    const { network = systemNetwork() } = options;
    return new DatagramEchoClient(network, endpoint, options);
  }
  if (endpoint.transport === "unixpacket") throw new UnsupportedError("no UNIX datagrams here");
  const connection = await dial(endpoint, clientOptions(options));
  return new StreamEchoClient(connection, formatEndpoint(endpoint), options);
}

class StreamEchoClient implements EchoClient {
  sent = 0;
  received = 0;
  readonly #connection: Connection;
  readonly #peer: string;
  readonly #deadline: Deadline;
  readonly #reader: LineReader;
  readonly #writer: LineWriter;

  constructor(connection: Connection, peer: string, options: WaitOptions) {
    this.#connection = connection;
    this.#peer = peer;
    this.#deadline = new Deadline(
      { signal: options.signal, idleTimeoutMs: options.timeoutMs ?? 60_000 },
      { operation: "echo", peer },
    );
    const common = { deadline: this.#deadline, peer };
    this.#reader = new LineReader(connection, common);
    this.#writer = new LineWriter(connection, common);
  }

  async echo(message: Uint8Array): Promise<Echo> {
    const start = performance.now();
    // Written and read at once: a message larger than all buffers on the way would stop both sides.
    const writing = this.#writer.write(message);
    writing.catch(() => {});
    const back = await this.#readBack(message.length);
    await writing;
    this.sent += message.length;
    compare(message, back, this.#peer);
    return { message: back, roundTripMs: performance.now() - start };
  }

  async #readBack(count: number): Promise<Uint8Array> {
    const back = new Uint8Array(count);
    let done = 0;
    try {
      for await (const piece of this.#reader.body(count)) {
        back.set(piece, done);
        done += piece.length;
        this.received += piece.length;
      }
    } catch (error) {
      if (!(error instanceof DisconnectedError) || error.kind !== "closed") throw error;
      throw new DisconnectedError(`the peer closed after ${done} of ${count} bytes`, {
        operation: "echo",
        peer: this.#peer,
        cause: error,
      });
    }
    return back;
  }

  [Symbol.dispose](): void {
    closeQuietly(this.#connection);
    this.#deadline[Symbol.dispose]();
  }
}

/** Each message bears its number and a colon, so that it is known again whenever it comes back. */
class DatagramEchoClient implements EchoClient {
  sent = 0;
  received = 0;
  readonly #requests: DatagramRequests;
  readonly #peer: NetAddress;
  readonly #options: EchoOptions;

  constructor(network: Network, endpoint: HostEndpoint, options: EchoOptions) {
    const { timeoutMs = 10_000, tries } = options;
    this.#options = options;
    this.#peer = { transport: "udp", hostname: endpoint.hostname, port: endpoint.port };
    this.#requests = new DatagramRequests(network, {
      idOf: numberOf,
      isWhole: timingSafeEqual,
      local: wildcardAddress(endpoint),
      initialMs: timeoutMs / 10,
      tries,
    });
  }

  get statistics(): DatagramStatistics {
    return this.#requests.statistics;
  }

  async echo(message: Uint8Array): Promise<Echo> {
    const { signal, timeoutMs = 10_000 } = this.#options;
    using deadline = new Deadline(
      { signal, timeoutMs },
      { operation: "echo", peer: formatEndpoint(this.#peer) },
    );
    const ending = new AbortController();
    let prefix = 0;
    const answer = await deadline.wait(
      this.#requests.request(this.#peer, (number) => {
        const text = new TextEncoder().encode(`${number}: `);
        prefix = text.length;
        const question = new Uint8Array(prefix + message.length);
        question.set(text);
        question.set(message, prefix);
        return question;
      }, { signal: ending.signal }),
      () => ending.abort(new Error("the wait has ended")),
    );
    this.sent += message.length;
    this.received += message.length;
    return { message: answer.bytes.subarray(prefix), roundTripMs: answer.roundTripMs };
  }

  [Symbol.dispose](): void {
    this.#requests[Symbol.dispose]();
  }
}

/** The number before the colon. */
function numberOf(message: Uint8Array): number | undefined {
  let number = 0;
  for (const [index, byte] of message.subarray(0, 17).entries()) {
    if (byte === 0x3a) return index > 0 ? number : undefined;
    if (byte < 0x30 || byte > 0x39) return undefined;
    number = number * 10 + byte - 0x30;
  }
  return undefined;
}

function compare(sent: Uint8Array, back: Uint8Array, peer: string): void {
  const differs = sent.length !== back.length || sent.some((byte, index) => byte !== back[index]);
  if (differs) {
    throw new ProtocolError("something else came back than was sent", { operation: "echo", peer });
  }
}
