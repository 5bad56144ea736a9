/**
 * Data connections of a client. They go to the control connection's host and come from it, whatever the
 * server says (CVE-2020-8284).
 *
 * @module
 */

import { closeQuietly, withZoneOf } from "../../../net/internal.ts";
import {
  CapabilityError,
  ConnectError,
  type Connection,
  Deadline,
  dial,
  formatEndpoint,
  type Listener,
  parseIp,
  ProtocolError,
  ReplyError,
  secure,
  TimeoutError,
  TlsError,
} from "../../../net/mod.ts";
import { command, type CommandLine, type Reply } from "../../wire/mod.ts";
import type { FtpControl } from "./_control.ts";
import {
  formatExtendedAddress,
  formatHostPort,
  parseExtendedPort,
  parseHostPort,
} from "../codec/data_address.ts";

/** Where data will come from or go to: agreed on before the command, used after its first reply. */
export interface DataOffer extends Disposable {
  /** Gives the connection, inside TLS if the session is. */
  accept(): Promise<Connection>;
  /** Whether the server connects to us, and may say that it cannot. */
  readonly isActive?: boolean;
}

/** Questions that are asked in the same round trip, before the transfer. */
export interface Questions {
  readonly lines: readonly CommandLine[];
  /** Receives the reply for each, good or bad. */
  readonly onReplies: (replies: readonly Reply[]) => void;
}

/** Makes data connections. */
export class DataConnections {
  readonly #control: FtpControl;
  #extended = true;
  /** Whether the server has answered EPSV once: then it is known what its reply will be. */
  #isSure = false;
  /** Whether the server's address turned out not to be in scope. */
  #byName = false;

  constructor(control: FtpControl) {
    this.#control = control;
  }

  /**
   * Agrees on a data connection.
   * @param questions What else is to be asked.
   * @throws {ConnectError} If the server cannot be reached there.
   * @throws {ReplyError} If the server refuses.
   */
  async offer(questions?: Questions): Promise<DataOffer> {
    const { options, channel } = this.#control;
    const isPassive = options.mode !== "active";
    if (questions !== undefined) {
      if (isPassive && this.#extended && this.#isSure) return await this.#together(questions);
      questions.onReplies(await channel.pipeline(questions.lines));
    }
    return isPassive ? await this.#passive() : await this.#active();
  }

  async #together({ lines, onReplies }: Questions): Promise<DataOffer> {
    const { channel } = this.#control;
    const [reply, ...replies] = await channel.pipeline([command`EPSV`, ...lines]);
    onReplies(replies);
    const port = this.#extendedPort(reply!);
    if (port === undefined) {
      this.#isSure = false;
      return await this.#passive();
    }
    return this.#ready(await this.#connect(port));
  }

  /** The port of a reply to EPSV; some servers answer as to PASV. */
  #extendedPort(reply: Reply): number | undefined {
    if (reply.code === 229) return portOf(reply, parseExtendedPort);
    return reply.code === 227 ? portOf(reply, (text) => parseHostPort(text)?.port) : undefined;
  }

  /** Asks for a port by EPSV; undefined if the server has none to give in this way. */
  async #extendedOffer(): Promise<number | undefined> {
    try {
      const reply = await this.#control.optional(command`EPSV`);
      return reply === undefined ? undefined : this.#extendedPort(reply);
    } catch (error) {
      // 421 ends the session; whatever else is refused may still be had by PASV.
      if (!(error instanceof ReplyError) || error.code === 421) throw error;
      return undefined;
    }
  }

  get #isIpv6(): boolean {
    const { remoteAddr } = this.#control.channel.connection;
    return "hostname" in remoteAddr && parseIp(remoteAddr.hostname)?.version === 6;
  }

  async #passive(): Promise<DataOffer> {
    const { channel } = this.#control;
    if (this.#extended) {
      const port = await this.#extendedOffer();
      if (port !== undefined) {
        try {
          const offer = this.#ready(await this.#connect(port));
          this.#isSure = true;
          return offer;
        } catch (error) {
          // Some routers know only PASV.
          if (!(error instanceof ConnectError || error instanceof TimeoutError)) throw error;
          if (this.#isIpv6) throw error;
        }
      }
      this.#extended = false;
    }
    const reply = await channel.send(command`PASV`, [227]);
    const port = portOf(reply, (text) => parseHostPort(text)?.port);
    if (port === undefined) throw this.#malformed(reply, "PASV");
    return this.#ready(await this.#connect(port));
  }

  #malformed(reply: Reply, verb: string): ProtocolError {
    return new ProtocolError(`the reply to ${verb} names no port`, {
      operation: "open a data connection",
      peer: this.#control.channel.peer,
      received: String(reply.code),
    });
  }

  /** By address, for a name may lead to another host each time; by name where the address is not in scope. */
  async #connect(port: number): Promise<Connection> {
    const { options: { network, endpoint, signal, connectTimeoutMs }, channel } = this.#control;
    const { hostname } = endpoint;
    const here = channel.connection.remoteAddr;
    const timeoutOptions = { signal, timeoutMs: connectTimeoutMs };
    if ("hostname" in here && !this.#byName) {
      try {
        const address = withZoneOf(here.hostname, hostname);
        return await dial({ ...endpoint, hostname: address, port }, { network, ...timeoutOptions });
      } catch (error) {
        if (!(error instanceof CapabilityError)) throw error;
        this.#byName = true;
      }
    }
    const target = { ...endpoint, port };
    const connection = await dial(target, { network, ...timeoutOptions });
    const there = connection.remoteAddr;
    if (!("hostname" in there) || !("hostname" in here) || there.hostname === here.hostname) {
      return connection;
    }
    closeQuietly(connection);
    throw new ConnectError(
      "its name leads to several hosts, and data would come from another one",
      {
        operation: "open a data connection",
        peer: formatEndpoint(target),
        kind: "unreachable",
        hint: `name the address instead of ${hostname}`,
      },
    );
  }

  #ready(connection: Connection): DataOffer {
    return {
      accept: () => this.#secured(connection),
      [Symbol.dispose]: () => closeQuietly(connection),
    };
  }

  async #active(): Promise<DataOffer> {
    const { options: { network, activeAddress, endpoint }, channel } = this.#control;
    const { localAddr } = channel.connection;
    const hostname = "hostname" in localAddr ? localAddr.hostname : "127.0.0.1";
    const listener = network.listen({
      hostname: withZoneOf(hostname, endpoint.hostname),
      port: 0,
    });
    try {
      const { addr } = listener;
      if (!("port" in addr)) throw new TypeError("a data connection needs a port");
      const address = { hostname: activeAddress ?? hostname, port: addr.port };
      const extended = command`EPRT ${formatExtendedAddress(address)}`;
      // PORT does not support IPv6, so a refusal of EPRT is final.
      if (address.hostname.includes(":")) await channel.send(extended);
      else if (await this.#control.optional(extended) === undefined) {
        await channel.send(command`PORT ${formatHostPort(address)}`);
      }
    } catch (error) {
      closeQuietly(listener);
      throw error;
    }
    return {
      isActive: true,
      accept: async () => await this.#secured(await this.#taken(listener)),
      [Symbol.dispose]: () => closeQuietly(listener),
    };
  }

  /** Waits for the server; connections from other hosts are rejected. */
  async #taken(listener: Listener): Promise<Connection> {
    const { options: { signal, connectTimeoutMs = 30_000 }, channel } = this.#control;
    const context = { operation: "wait for the data connection", peer: channel.peer };
    using deadline = new Deadline({ signal, timeoutMs: connectTimeoutMs }, context);
    const server = channel.connection.remoteAddr;
    try {
      while (true) {
        const connection = await deadline.wait(listener.accept(), () => closeQuietly(listener));
        const { remoteAddr } = connection;
        if (!("hostname" in remoteAddr) || !("hostname" in server)) return connection;
        if (remoteAddr.hostname === server.hostname) return connection;
        closeQuietly(connection);
      }
    } finally {
      closeQuietly(listener);
    }
  }

  async #secured(connection: Connection): Promise<Connection> {
    const { options, protectsData, channel } = this.#control;
    const { endpoint, trust, signal, connectTimeoutMs: timeoutMs } = options;
    if (!protectsData) return connection;
    try {
      return await secure(connection, {
        ...trust,
        role: "client",
        hostname: endpoint.hostname,
        signal,
        timeoutMs,
      });
    } catch (error) {
      throw channel.state === "ready" ? await this.#explain(error) : error;
    }
  }

  /** The server's last words on a data connection say more than a broken handshake does. */
  async #explain(error: unknown): Promise<unknown> {
    try {
      await this.#control.channel.expect(undefined, "protect the data connection");
    } catch (refusal) {
      if (refusal instanceof ReplyError) return demandsResumption(refusal) ?? refusal;
    }
    return error;
  }
}

/**
 * Makes the error of a server that demands what this runtime cannot do.
 *
 * @param error A refusal.
 * @returns The error, if the refusal is of that kind.
 */
export function demandsResumption(error: ReplyError): TlsError | undefined {
  if (!/session.{0,20}re-?us|reus.{0,20}session|session.{0,20}resum/i.test(error.message)) {
    return undefined;
  }
  return new TlsError(
    "the server requires data connections to resume the TLS session of the control connection, " +
      "which this runtime cannot",
    {
      operation: "protect the data connection",
      peer: error.peer,
      cause: error,
      hint: "let the server do without: require_ssl_reuse=NO in vsftpd, " +
        "TLSOptions NoSessionReuseRequired in ProFTPD",
    },
  );
}

/** Finds an address or a port in a reply. */
export function portOf<T>(reply: Reply, parse: (text: string) => T | undefined): T | undefined {
  for (const line of reply.lines) {
    const found = line.validate(parse);
    if (found !== undefined) return found;
  }
  return undefined;
}
