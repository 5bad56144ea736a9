/**
 * Peers that a service of datagrams talks to in lines, over connections.
 *
 * @module
 */

import { type Endpoint, formatEndpoint, type Network } from "../../net/mod.ts";
import { LineTerminal } from "../../protocols/telnet/mod.ts";
import type { LinePeer, LineTalk } from "../../services/mod.ts";
import { type Log, reportError, serverLog } from "../core/log.ts";
import { serveMultiplex } from "../models/multiplex.ts";
import type { Server, ServerEvent } from "../core/server.ts";
import { type SessionEvent, SessionSet } from "./session_set.ts";

/** Longest line of a peer, in bytes. */
const MAX_LINE_BYTES = 8192;

/** Listens for peers, and lets a service talk to all of them in one loop. */
export class LinePeers implements AsyncDisposable {
  readonly #talk: LineTalk;
  readonly #log: Log;
  readonly #sessions: SessionSet<{ peer?: LinePeer }>;
  readonly #server: Server;
  readonly #serving: Promise<void>;

  /**
   * Listens.
   * @param network Where.
   * @param talk The address, limits, and callbacks.
   * @param log Receives arrivals and departures of peers.
   * @throws {ConnectError} If the address is in use or not ours.
   */
  constructor(network: Network, talk: LineTalk, log: (event: ServerEvent) => void) {
    const { endpoint, idleTimeoutMs, maxPeers } = talk;
    const sessions = new SessionSet<{ peer?: LinePeer }>({
      idleTimeoutMs,
      maxSessions: maxPeers,
      maxLineBytes: MAX_LINE_BYTES,
    });
    this.#talk = talk;
    this.#log = serverLog(talk.name, log);
    this.#sessions = sessions;
    const handle = async (connection: Parameters<typeof sessions.add>[0]): Promise<void> => {
      const peer = talk.telnet === true ? new LineTerminal(connection) : connection;
      await sessions.add(peer, {}).ended;
    };
    this.#server = serveMultiplex({ name: talk.name, handle }, {
      ...{ network, endpoint, log, quiet: true },
      // The set itself watches silence.
      ...{ idleTimeoutMs: Infinity, maxConnections: maxPeers },
    });
    this.#serving = this.#serve();
  }

  /** Where it listens. */
  get endpoint(): Endpoint {
    return this.#server.endpoint;
  }

  async #serve(): Promise<void> {
    for await (const event of this.#sessions) {
      try {
        this.#receive(event);
      } catch (error) {
        // A fault of one peer ends that peer only.
        event.session.close();
        const client = formatEndpoint(event.session.peer);
        this.#log({ kind: "failed", client, text: reportError(error), error });
      }
    }
  }

  #receive(event: SessionEvent<{ peer?: LinePeer }>): void {
    const { session } = event;
    const peer = session.data.peer ??= {
      address: session.peer,
      send: (line) => void session.send(line),
      end: () => void session.end(),
    };
    if (event.kind === "open") this.#talk.opened(peer);
    else if (event.kind === "line") this.#talk.received(peer, event.line);
    else this.#talk.ended(peer);
  }

  /** Ends all of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown(0);
    await this.#sessions[Symbol.asyncDispose]();
    await this.#serving;
  }
}
