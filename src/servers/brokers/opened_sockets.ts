/**
 * Sockets in the hands of a broker; it reads no byte of them.
 *
 * @module
 */

import { type Address, type Endpoint, formatEndpoint, UnsupportedError } from "../../net/mod.ts";
import { closeDescriptor, openListener, SharedListener, SocketFile } from "../../os/internal.ts";
import type { AcceptedSocket, SharedSocket } from "../workers/broker.ts";

/** Those that are open; disposing of it closes them all. */
export class OpenedSockets implements Disposable {
  readonly #open = new Set<Disposable>();

  /**
   * Opens a listening socket.
   * @param endpoint Where.
   * @throws As {@link openListener} does.
   */
  listen(endpoint: Endpoint): SharedSocket {
    const listener = new SharedListener(openListener(toAddress(endpoint)));
    const socket = new ListeningDescriptor(listener, (fd, remote) => {
      const accepted = new AcceptedDescriptor(fd, remote, () => this.#open.delete(accepted));
      this.#open.add(accepted);
      return accepted;
    }, () => this.#open.delete(socket));
    this.#open.add(socket);
    return socket;
  }

  /** The descriptor of a listening socket; undefined if it is none of these. */
  listening(socket: SharedSocket | AcceptedSocket | undefined): number | undefined {
    return socket instanceof ListeningDescriptor && this.#open.has(socket)
      ? socket.descriptor
      : undefined;
  }

  /** The descriptor of a connection; undefined if it is none of these. */
  accepted(socket: SharedSocket | AcceptedSocket | undefined): number | undefined {
    return socket instanceof AcceptedDescriptor && this.#open.has(socket)
      ? socket.descriptor
      : undefined;
  }

  [Symbol.dispose](): void {
    for (const socket of this.#open) socket[Symbol.dispose]();
  }
}

class ListeningDescriptor implements SharedSocket {
  readonly address: Address;
  readonly #listener: SharedListener;
  readonly #wrap: (fd: number, remote: Address) => AcceptedSocket;
  readonly #onClose: () => void;
  readonly #file: SocketFile | undefined;

  constructor(
    listener: SharedListener,
    wrap: (fd: number, remote: Address) => AcceptedSocket,
    onClose: () => void,
  ) {
    this.#listener = listener;
    this.#wrap = wrap;
    this.#onClose = onClose;
    this.address = listener.addr;
    const path = "path" in this.address ? this.address.path : undefined;
    this.#file = path ? new SocketFile(path) : undefined;
  }

  get descriptor(): number {
    return this.#listener.descriptor;
  }

  async accept(): Promise<AcceptedSocket> {
    while (true) {
      const accepted = await this.#listener.acceptDescriptor();
      if (accepted !== undefined) return this.#wrap(accepted.fd, accepted.remote);
    }
  }

  [Symbol.dispose](): void {
    this.#onClose();
    this.#listener.close();
    this.#file?.remove();
  }
}

class AcceptedDescriptor implements AcceptedSocket {
  readonly remote: Address;
  readonly descriptor: number;
  readonly #onClose: () => void;
  #closed = false;

  constructor(descriptor: number, remote: Address, onClose: () => void) {
    this.descriptor = descriptor;
    this.remote = remote;
    this.#onClose = onClose;
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    closeDescriptor(this.descriptor);
  }
}

function toAddress(endpoint: Endpoint): Address {
  if ("port" in endpoint && endpoint.transport === "tcp") {
    return { transport: "tcp", hostname: endpoint.hostname, port: endpoint.port };
  }
  if ("path" in endpoint && endpoint.transport === "unix") {
    return { transport: "unix", path: endpoint.path };
  }
  throw new UnsupportedError("this model serves streams only", {
    operation: "listen",
    peer: formatEndpoint(endpoint),
  });
}
