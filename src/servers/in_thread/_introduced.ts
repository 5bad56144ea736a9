/**
 * Connections of proxies, which begin with who the client is.
 *
 * @module
 */

import type { Address, Connection } from "../../net/mod.ts";
import { Netmask, parseIp, UsageError } from "../../net/mod.ts";
import { readProxyHeader } from "../../protocols/wire/mod.ts";

/** Recognises proxies, and reads what they say. */
export class Proxies {
  readonly #isUnix: boolean;
  readonly #networks: readonly {
    readonly version: 4 | 6;
    readonly shift: bigint;
    readonly prefix: bigint;
  }[];

  /**
   * @param from Addresses and networks of proxies, such as `10.0.0.0/8`; `unix` stands for UNIX sockets.
   * @throws {UsageError} If one is malformed.
   */
  constructor(from: readonly string[]) {
    this.#isUnix = from.includes("unix");
    this.#networks = from.filter((text) => text !== "unix").map((text) => {
      const [host = "", bits] = text.split("/");
      const address = parseIp(host);
      if (address === undefined) {
        throw new UsageError(`${JSON.stringify(text)} is neither an address nor a network`);
      }
      const { version, value } = address;
      const width = version === 4 ? 32 : 128;
      const length = bits === undefined ? width : Netmask.parse(`/${bits}`, version).length;
      const shift = BigInt(width - length);
      return { version, shift, prefix: value >> shift };
    });
  }

  /** Whether a connection comes from a proxy. */
  includes(remote: Address): boolean {
    if (!("hostname" in remote)) return this.#isUnix;
    const address = parseIp(remote.hostname);
    return address !== undefined &&
      this.#networks.some(({ version, shift, prefix }) =>
        version === address.version && address.value >> shift === prefix
      );
  }

  /**
   * Reads who the client of a proxy is.
   * @param connection The connection.
   * @returns The connection with the client's address.
   * @throws {ProtocolError|TimeoutError|DisconnectedError} If the proxy does not say it.
   */
  async introduce(connection: Connection): Promise<Connection> {
    const addresses = await readProxyHeader(connection);
    if (addresses === undefined) return connection;
    return new IntroducedConnection(connection, addresses.source, addresses.destination);
  }
}

/** A connection whose addresses are those that a proxy named. */
class IntroducedConnection implements Connection {
  readonly #inner: Connection;
  readonly remoteAddr: Address;
  readonly localAddr: Address;
  readonly onceReadable?: (callback: () => void) => void;

  constructor(inner: Connection, remote: Address, local: Address) {
    this.#inner = inner;
    this.remoteAddr = remote;
    this.localAddr = local;
    if (inner.onceReadable !== undefined) {
      this.onceReadable = (callback) => inner.onceReadable!(callback);
    }
  }

  read(p: Uint8Array): Promise<number | null> {
    return this.#inner.read(p);
  }

  write(p: Uint8Array): Promise<number> {
    return this.#inner.write(p);
  }

  closeWrite(): Promise<void> {
    return this.#inner.closeWrite();
  }

  close(): void {
    this.#inner.close();
  }

  [Symbol.dispose](): void {
    this.#inner[Symbol.dispose]();
  }
}
