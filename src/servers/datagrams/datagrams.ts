/**
 * Serves datagrams: each is answered by itself.
 *
 * @module
 */

import { checkOptions, closeQuietly, type OptionRules } from "../../net/internal.ts";
import {
  type Address,
  type DatagramConnection,
  type Endpoint,
  formatEndpoint,
  type Network,
  systemNetwork,
  UnsupportedError,
} from "../../net/mod.ts";
import type { DatagramOutlet, DatagramService } from "../../services/mod.ts";
import { ClientRates } from "./_client_rates.ts";
import { Configuration } from "../core/configuration.ts";
import { DatagramSender } from "./_datagram_sender.ts";
import { LinePeers } from "../lines/line_peers.ts";
import { endsWithin } from "../core/grace.ts";
import { bindTo, listeningEndpoint } from "../core/listen.ts";
import { type Log, reportError, serverLog } from "../core/log.ts";
import { SERVE_RULES } from "../core/serve_rules.ts";
import type { ServeOptions, Server, ServerStatus } from "../core/server.ts";

/** Datagrams of a client a second, unless it is said otherwise. */
const CLIENT_RATE = 1000;
/** Time for replies to come after the end of the grace, in milliseconds. */
const CLOSING_MS = 1000;
/** Services that answer anything: two of them, once brought together, would talk for ever (CVE-1999-0103). */
const TALKATIVE_PORTS: readonly number[] = [7, 13, 17, 19, 37];

/**
 * Answers datagrams.
 *
 * A datagram whose sender claims the port of another simple service is not answered. Replies that take
 * time run side by side, up to `maxConnections`; datagrams beyond are dropped, as datagrams are.
 *
 * @param service The service.
 * @param options Where to bind, limits, log.
 * @returns The running server.
 * @throws {ConnectError} If the address is in use or not ours.
 * @throws {RangeError} If an option is out of range.
 *
 * @example An echo of datagrams, in memory
 * ```ts
 * import { askDatagram, memoryNetwork } from "@netwright/netwright/net";
 * import { serveDatagrams } from "@netwright/netwright/servers";
 * const network = memoryNetwork();
 * const echo = { name: "echo", reply: (message: Uint8Array) => message };
 * await using server = serveDatagrams(echo, { network, endpoint: "127.0.0.1:0" });
 * const answer = await askDatagram(server.endpoint, Uint8Array.of(42), { network });
 * if (answer[0] !== 42) throw new Error("wrong answer");
 * ```
 */
export function serveDatagrams(
  service: DatagramService,
  options: ServeOptions<DatagramService>,
): DatagramsServer {
  checkOptions(options, SERVE_RULES as OptionRules<ServeOptions<DatagramService>>);
  return new DatagramServer(service, options);
}

/** A server of datagrams. */
export interface DatagramsServer extends Server {
  /** Resolves when the service's own activity has begun too; rejects, as `finished` does, if that failed. */
  readonly begun: Promise<void>;
}

class DatagramServer implements DatagramsServer {
  readonly begun: Promise<void>;
  readonly endpoint: Endpoint;
  readonly finished: Promise<void>;
  readonly #configuration: Configuration<DatagramService>;
  readonly #options: ServeOptions<DatagramService>;
  readonly #network: Network;
  readonly #socket: DatagramConnection;
  readonly #log: Log;
  readonly #ending = new AbortController();
  /** Resolves when replies are not waited for any more. */
  readonly #abandon = Promise.withResolvers<void>();
  readonly #replying = new Set<Promise<unknown>>();
  readonly #rates: ClientRates;
  readonly #counts = { accepted: 0, refused: 0, failed: 0, received: 0 };
  /** Whether events of single datagrams are logged. */
  readonly #isHeard: boolean;
  readonly #now: () => Date;
  readonly #sender: DatagramSender;
  readonly #peers: LinePeers[] = [];
  #receiving = true;
  /** The service's own activity. */
  #begun: Disposable | Promise<Disposable> | undefined;

  constructor(service: DatagramService, options: ServeOptions<DatagramService>) {
    this.#options = options;
    this.#log = serverLog(service.name, options.log);
    this.#configuration = new Configuration(service, options, this.#log);
    this.#rates = new ClientRates(options.clientRate ?? CLIENT_RATE, options.clientPrefix);
    const { network = systemNetwork() } = options;
    this.#network = network;
    const endpoint = listeningEndpoint(options.endpoint, "udp");
    if (service.begin !== undefined && "path" in endpoint) {
      throw new UnsupportedError("the runtime's UNIX sockets cannot send while they receive", {
        operation: "bind",
        peer: formatEndpoint(endpoint),
        hint: `${service.name} speaks over UDP`,
      });
    }
    [this.#socket, this.endpoint] = bindTo(network, endpoint);
    this.#isHeard = options.log !== undefined && options.quiet !== true;
    this.#now = options.now ?? ((): Date => new Date());
    this.#sender = new DatagramSender(this.#socket, (error, to) => {
      if (this.#receiving) this.#fail(error, to);
    });
    const stop = (): void => void this.shutdown(0);
    options.signal?.addEventListener("abort", stop, { once: true });
    this.#log({ kind: "listening", text: `${formatEndpoint(this.endpoint)} (datagrams)` });
    this.#begun = service.begin?.(this.#outlet());
    this.begun = Promise.resolve(this.#begun).then(() => {});
    this.finished = this.#run().finally(async () => {
      options.signal?.removeEventListener("abort", stop);
      await this.#configuration.end();
      this.#log({ kind: "stopped", text: `${this.#counts.accepted} datagrams served` });
    });
    // Unhandled rejections are not an error here: callers that wait are notified.
    for (const reported of [this.begun, this.finished]) reported.catch(() => {});
    if (options.signal?.aborted) stop();
  }

  #outlet(): DatagramOutlet {
    const { idleTimeoutMs = 300_000, log } = this.#options;
    const network = this.#network;
    return {
      idleTimeoutMs,
      network,
      talk: (talk) => {
        const peers = new LinePeers(network, talk, log ?? (() => {}));
        this.#peers.push(peers);
        return peers.endpoint;
      },
      send: (bytes, to) => {
        if (this.#receiving) void this.#sender.send(bytes, to);
      },
      log: log && ((text) => this.#log({ kind: "message", text })),
    };
  }

  async #run(): Promise<void> {
    try {
      await this.#begun;
      await this.#receive();
    } finally {
      this.#receiving = false;
      closeQuietly(this.#socket);
      await this.#end();
    }
  }

  /** Ends the service's own activity. */
  async #end(): Promise<void> {
    const begun = await Promise.resolve(this.#begun).catch(() => undefined);
    begun?.[Symbol.dispose]();
    for (const peers of this.#peers.splice(0)) await peers[Symbol.asyncDispose]();
  }

  async #receive(): Promise<void> {
    const { maxConnections = 1000 } = this.#options;
    const buffer = new Uint8Array(65_536);
    for (let failures = 0; this.#receiving;) {
      try {
        const [message, sender] = await this.#socket.receive(buffer);
        failures = 0;
        this.#counts.received += message.length;
        const reason = this.#refuse(sender, maxConnections);
        if (reason === undefined) {
          const waiting = this.#begin(message, sender);
          if (waiting !== undefined) await Promise.race([waiting, this.#abandon.promise]);
        } else {
          this.#counts.refused++;
          if (reason !== "") {
            this.#log({ kind: "refused", client: formatEndpoint(sender), text: reason });
          }
        }
      } catch (error) {
        if (!this.#receiving) break;
        // A client that is gone makes the next receive fail on some systems; a socket that is gone stays so.
        this.#log({ kind: "failed", text: `receive: ${reportError(error)}` });
        if (++failures > 100 || error instanceof Deno.errors.BadResource) break;
      }
    }
    await Promise.race([Promise.allSettled(this.#replying), this.#abandon.promise]);
  }

  /** The reason why a datagram gets no reply; nothing if that was logged before. */
  #refuse(sender: Address, maxConnections: number): string | undefined {
    if ("port" in sender && TALKATIVE_PORTS.includes(sender.port)) {
      return "the sender's port is one that answers anything";
    }
    if (this.#replying.size >= maxConnections) {
      return `${maxConnections} datagrams are being answered`;
    }
    const rated = this.#rates.take(sender);
    if (rated === "yes") return undefined;
    return rated === "now" ? "more datagrams a second than a client may send" : "";
  }

  /** Answers a datagram; gives what must be waited for before the next one is received. */
  #begin(message: Uint8Array, sender: Address): Promise<unknown> | undefined {
    this.#counts.accepted++;
    const { length } = message;
    try {
      const reply = this.#configuration.service.reply(message, sender, {
        signal: this.#ending.signal,
        traffic: { received: length, sent: 0 },
        warn: (text) => this.#log({ kind: "warning", client: formatEndpoint(sender), text }),
        log: this.#isHeard
          ? (text) => this.#log({ kind: "message", client: formatEndpoint(sender), text })
          : undefined,
        now: this.#now,
      });
      // Only a reply at once may still look into the buffer that the next datagram goes into.
      if (!(reply instanceof Promise)) return this.#answer(reply, sender, length, message.buffer);
      const answering = reply.then(async (bytes) => await this.#answer(bytes, sender, length))
        .catch((error) => this.#fail(error, sender));
      if ("path" in this.endpoint) return answering;
      this.#replying.add(answering);
      answering.finally(() => this.#replying.delete(answering));
    } catch (error) {
      this.#fail(error, sender);
    }
    return undefined;
  }

  #answer(
    bytes: Uint8Array | undefined,
    sender: Address,
    asked: number,
    reused?: ArrayBufferLike,
  ): Promise<unknown> | undefined {
    if (this.#isHeard && this.#configuration.service.isSilent !== true) {
      const text = `${bytes?.length ?? 0} bytes answered`;
      this.#log({ kind: "message", client: formatEndpoint(sender), text });
    }
    if (bytes === undefined) return undefined;
    this.#rates.answered(sender, asked, bytes.length);
    return this.#sender.send(bytes, sender, reused);
  }

  #fail(error: unknown, client: Address): void {
    this.#counts.failed++;
    this.#log({ kind: "failed", client: formatEndpoint(client), text: reportError(error), error });
  }

  status(): ServerStatus {
    return {
      service: this.#configuration.service.name,
      endpoint: formatEndpoint(this.endpoint),
      connections: this.#replying.size,
      ...this.#counts,
      sent: this.#sender.sent,
    };
  }

  async reload(): Promise<void> {
    await this.#configuration.reload();
    await this.#end();
    this.#begun = this.#receiving ? this.#configuration.service.begin?.(this.#outlet()) : undefined;
    await this.#begun;
  }

  async shutdown(graceMs: number = 10_000): Promise<void> {
    if (this.#receiving) {
      this.#receiving = false;
      this.#log({ kind: "shutdown", text: `${this.#replying.size} datagrams are being answered` });
    }
    if (graceMs > 0 && this.#replying.size > 0) {
      await endsWithin(Promise.allSettled(this.#replying), graceMs);
    }
    this.#ending.abort();
    closeQuietly(this.#socket);
    // A reply that never comes must not keep the server.
    await endsWithin(this.finished.catch(() => {}), CLOSING_MS);
    this.#abandon.resolve();
    await this.finished.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown(0);
  }
}
