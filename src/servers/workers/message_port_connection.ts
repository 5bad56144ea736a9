/**
 * A connection that is passed on by messages: one end has the socket, the other the service.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import { type Address, type Connection, DisconnectedError } from "../../net/mod.ts";

/** Most bytes that one message carries. */
const MAX_PIECE = 65_536;

/** Requests of the service's end. */
type Request =
  | { readonly ask: "read"; readonly id: number; readonly size: number }
  | { readonly ask: "write"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly ask: "closeWrite"; readonly id: number }
  | { readonly ask: "close"; readonly id: number };

/** Answers of the socket's end. */
type Reply = {
  readonly id: number;
  readonly bytes?: Uint8Array | null;
  readonly count?: number;
  readonly error?: string;
};

/** The service's end. */
export class MessagePortConnection implements Connection {
  readonly localAddr: Address;
  readonly remoteAddr: Address;
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, PromiseWithResolvers<Reply>>();
  #nextId = 0;
  #closed = false;

  /**
   * @param port The other end relays; its owner passes replies on to {@link take}.
   * @param addresses Of the socket.
   */
  constructor(port: MessagePort, addresses: { readonly local: Address; readonly remote: Address }) {
    this.#port = port;
    this.localAddr = addresses.local;
    this.remoteAddr = addresses.remote;
  }

  /** Takes a reply. */
  take(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.error === undefined) waiting?.resolve(reply);
    else waiting?.reject(new DisconnectedError(reply.error, { operation: "relay" }));
  }

  #ask(request: Request, transfer: Transferable[] = []): Promise<Reply> {
    if (this.#closed) {
      return Promise.reject(
        new DisconnectedError("the connection was closed", { operation: request.ask }),
      );
    }
    const waiting = Promise.withResolvers<Reply>();
    this.#waiting.set(request.id, waiting);
    this.#port.postMessage(request, transfer);
    return waiting.promise;
  }

  async read(p: Uint8Array): Promise<number | null> {
    const size = Math.min(p.byteLength, MAX_PIECE);
    const { bytes } = await this.#ask({ ask: "read", id: this.#nextId++, size });
    if (bytes === null || bytes === undefined) return null;
    p.set(bytes);
    return bytes.length;
  }

  async write(p: Uint8Array): Promise<number> {
    const bytes = p.slice(0, MAX_PIECE);
    const { count = 0 } = await this.#ask(
      { ask: "write", id: this.#nextId++, bytes },
      [bytes.buffer],
    );
    return count;
  }

  async closeWrite(): Promise<void> {
    await this.#ask({ ask: "closeWrite", id: this.#nextId++ });
  }

  close(): void {
    if (this.#closed) return;
    this.#ask({ ask: "close", id: this.#nextId++ }).catch(() => {});
    this.#closed = true;
    const error = new DisconnectedError("the connection was closed", { operation: "relay" });
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The socket's end: executes one request of the service's end. That end has talked to strangers, so
 * malformed requests are ignored.
 *
 * @param data A message.
 * @param connection The socket.
 * @param port Takes the reply.
 * @returns What went wrong with the connection, if anything.
 */
export async function relay(
  data: unknown,
  connection: Connection,
  port: MessagePort,
): Promise<unknown> {
  const { ask, id, size, bytes } = data as Record<string, unknown>;
  if (typeof id !== "number") return undefined;
  const reply = (reply: Omit<Reply, "id">): void => port.postMessage({ id, ...reply });
  try {
    if (ask === "read" && typeof size === "number" && size >= 0 && size <= MAX_PIECE) {
      const buffer = new Uint8Array(size);
      const count = await connection.read(buffer);
      reply({ bytes: count === null ? null : buffer.subarray(0, count) });
    } else if (ask === "write" && bytes instanceof Uint8Array) {
      reply({ count: await connection.write(bytes) });
    } else if (ask === "closeWrite") {
      await connection.closeWrite();
      reply({});
    } else if (ask === "close") {
      // TLS sends close_notify first; the server closes the connection at the end of the conversation.
      if ("peerName" in connection) await connection.closeWrite();
      else closeQuietly(connection);
    }
    return undefined;
  } catch (error) {
    reply({ error: error instanceof Error ? error.message : String(error) });
    return error;
  }
}
