/**
 * Other ends that `gab` can talk to: a client that comes to us, and a peer of datagrams.
 *
 * @module
 */

import { closeQuietly, isFrom, removeStaleSocket } from "../../net/internal.ts";
import {
  type Address,
  type Connection,
  type DatagramConnection,
  type Endpoint,
  formatEndpoint,
  type HostEndpoint,
  NetwrightError,
  wildcardAddress,
} from "../../net/mod.ts";
import type { Context } from "../command/context.ts";

/** Longest datagram (RFC 768), in bytes. */
const MAX_DATAGRAM = 65_507;

/**
 * Listens, and takes the first client; others are refused by the system then.
 *
 * @param endpoint Where; port 0 picks one.
 * @param context Where the command runs.
 * @param quiet Whether to print no address.
 * @returns The connection.
 * @throws {ConnectError} If the address is in use or not ours.
 */
export async function firstClient(
  endpoint: Endpoint,
  { network, signal, stderr }: Context,
  quiet: boolean,
): Promise<Connection> {
  await removeStaleSocket(endpoint);
  const listener = network.listen(
    "path" in endpoint
      ? { transport: "unix", path: endpoint.path }
      : { ...endpoint, transport: "tcp" },
  );
  const stop = (): void => closeQuietly(listener);
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (!quiet) await stderr.line(`listening on ${formatEndpoint(listener.addr)}`);
    return await listener.accept();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
    if ("path" in endpoint) await removeStaleSocket(endpoint);
  }
}

/**
 * Makes a connection of datagrams: each read and each write is one datagram.
 *
 * @param endpoint The server; or the address to listen on, for the first client that sends something.
 * @param context Where the command runs.
 * @param listen Whether to listen.
 * @param quiet Whether to print no address.
 * @returns The connection; it has no end.
 * @throws {ConnectError} If the address is in use or not ours.
 */
export async function datagramEnd(
  endpoint: HostEndpoint,
  { network, stderr }: Context,
  { listen, quiet }: { readonly listen: boolean; readonly quiet: boolean },
): Promise<Connection> {
  const udp = { ...endpoint, transport: "udp" } as const;
  const socket = network.listenDatagram(listen ? udp : wildcardAddress(udp));
  if (listen && !quiet) await stderr.line(`listening on ${formatEndpoint(socket.addr)}`);
  return new DatagramEnd(socket, listen ? undefined : udp);
}

/** Datagrams of one peer, which may become known by its first. */
class DatagramEnd implements Connection {
  readonly #socket: DatagramConnection;
  #peer: Address | undefined;
  readonly #known = Promise.withResolvers<void>();

  constructor(socket: DatagramConnection, peer: Address | undefined) {
    this.#socket = socket;
    this.#peer = peer;
    if (peer !== undefined) this.#known.resolve();
    // No write may be pending when it is closed.
    this.#known.promise.catch(() => {});
  }

  get localAddr(): Address {
    return this.#socket.addr;
  }

  get remoteAddr(): Address {
    return this.#peer ?? this.#socket.addr;
  }

  async read(p: Uint8Array): Promise<number> {
    while (true) {
      const [bytes, sender] = await this.#socket.receive(new Uint8Array(65_536));
      this.#peer ??= sender;
      this.#known.resolve();
      // An empty datagram would look like nothing.
      if (!isFrom(sender, this.#peer) || bytes.length === 0) continue;
      const count = Math.min(bytes.length, p.length);
      p.set(bytes.subarray(0, count));
      return count;
    }
  }

  async write(p: Uint8Array): Promise<number> {
    if (p.length > MAX_DATAGRAM) {
      throw new NetwrightError(`${p.length} bytes are too many for a datagram`, {
        operation: "send",
      });
    }
    await this.#known.promise;
    await this.#socket.send(p, this.#peer!);
    return p.length;
  }

  closeWrite(): Promise<void> {
    // Datagrams have no end of input to signal.
    return Promise.resolve();
  }

  close(): void {
    this.#known.reject(new Deno.errors.Interrupted("operation canceled"));
    closeQuietly(this.#socket);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
