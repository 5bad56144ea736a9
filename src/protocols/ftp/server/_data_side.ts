/**
 * The server's side of data connections: only the client's own address may connect, or be connected to
 * (RFC 2577).
 *
 * @module
 */

import { closeQuietly, withZoneOf } from "../../../net/internal.ts";
import {
  ConnectError,
  type Connection,
  Deadline,
  dial,
  type Listener,
  ReplyError,
  secure,
} from "../../../net/mod.ts";
import type { DataAddress } from "../codec/data_address.ts";
import type { FtpServerOptions } from "./server_options.ts";

/** Ports below belong to services that clients must not reach through us. */
const FIRST_PORT = 1024;

/** Makes the data connections of one session. */
export class DataSide implements Disposable {
  /** Whether they are inside TLS. */
  isProtected = false;
  readonly #options: FtpServerOptions;
  readonly #control: () => Connection;
  #listener: Listener | undefined;
  #target: DataAddress | undefined;
  /** A connection that is on its way into TLS. */
  #shaking: Connection | undefined;
  /** Waits for the client's connection. */
  #accepting: Listener | undefined;
  /** Ends a connection attempt to the client. */
  #dialing: AbortController | undefined;

  constructor(options: FtpServerOptions, control: () => Connection) {
    this.#options = options;
    this.#control = control;
  }

  /**
   * Listens for the client, and returns the port.
   * @throws {ReplyError} If none of the ports is free.
   */
  listen(): number {
    this[Symbol.dispose]();
    const { network, passivePorts, dataHost } = this.#options;
    const hostname = dataHost ?? hostOf(this.#control().localAddr) ?? "127.0.0.1";
    const [first, last] = passivePorts ?? [0, 0];
    // Not always the first one: a port that was used a moment ago may still be taken.
    const start = first + Math.floor(Math.random() * (last - first + 1));
    for (let port = start;;) {
      try {
        this.#listener = network.listen({ hostname, port });
        break;
      } catch (error) {
        port = port >= last ? first : port + 1;
        if (!(error instanceof ConnectError)) throw error;
        if (port === start) {
          throw new ReplyError("No port is free for the data, try again later.", {
            code: 425,
            cause: error,
          });
        }
      }
    }
    const { addr } = this.#listener;
    return "port" in addr ? addr.port : 0;
  }

  /** Takes where to connect to; false if that is not the client's own address, or a low port. */
  aim(target: DataAddress): boolean {
    if (target.port < FIRST_PORT || target.hostname !== hostOf(this.#control().remoteAddr)) {
      return false;
    }
    this[Symbol.dispose]();
    this.#target = target;
    return true;
  }

  /** Whether it is agreed how a connection will be made. */
  get isReady(): boolean {
    return this.#listener !== undefined || this.#target !== undefined;
  }

  /**
   * Makes the connection; each has to be agreed on anew.
   * @throws {NetwrightError} If there is none in time.
   */
  async connect(): Promise<Connection> {
    const { signal, dataMs = 30_000, tls } = this.#options;
    const [listener, target] = [this.#listener, this.#target];
    this.#listener = this.#target = undefined;
    const connection = target === undefined
      ? await this.#accept(listener!)
      : await this.#dial(target);
    if (!this.isProtected) return connection;
    this.#shaking = connection;
    try {
      return await secure(connection, {
        ...tls!,
        role: "server",
        signal,
        timeoutMs: dataMs,
        // TLS 1.3 sends tickets after the handshake: a client that only writes never reads them, and its
        // unsent data is lost when it closes.
        maxVersion: "TLSv1.2",
      });
    } finally {
      this.#shaking = undefined;
    }
  }

  async #dial(target: DataAddress): Promise<Connection> {
    const { network, signal, dataMs = 30_000, dataHost = "" } = this.#options;
    const { signal: ended } = this.#dialing = new AbortController();
    const hostname = withZoneOf(target.hostname, dataHost);
    try {
      return await dial({ transport: "tcp", hostname, port: target.port }, {
        network,
        signal: signal === undefined ? ended : AbortSignal.any([signal, ended]),
        timeoutMs: dataMs,
      });
    } finally {
      this.#dialing = undefined;
    }
  }

  async #accept(listener: Listener): Promise<Connection> {
    const { signal, dataMs = 30_000 } = this.#options;
    const context = { operation: "wait for the data connection" };
    using deadline = new Deadline({ signal, timeoutMs: dataMs }, context);
    const client = hostOf(this.#control().remoteAddr);
    this.#accepting = listener;
    try {
      while (true) {
        const connection = await deadline.wait(listener.accept(), () => closeQuietly(listener));
        if (hostOf(connection.remoteAddr) === client) return connection;
        closeQuietly(connection);
      }
    } finally {
      this.#accepting = undefined;
      closeQuietly(listener);
    }
  }

  /** Cancels PORT or PASV, and aborts connections that are being made. */
  [Symbol.dispose](): void {
    if (this.#shaking !== undefined) closeQuietly(this.#shaking);
    if (this.#listener !== undefined) closeQuietly(this.#listener);
    if (this.#accepting !== undefined) closeQuietly(this.#accepting);
    this.#dialing?.abort();
    this.#listener = this.#target = undefined;
  }
}

function hostOf(address: Connection["remoteAddr"]): string | undefined {
  return "hostname" in address ? address.hostname : undefined;
}
