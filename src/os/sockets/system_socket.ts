/**
 * Sockets made with the system's own calls: for features that the runtime's sockets lack.
 *
 * @module
 */

import {
  Deadline,
  LimitError,
  type SocketOptions,
  TimeoutError,
  UnsupportedError,
  type WaitOptions,
} from "../../net/mod.ts";
import { addressOf, errno, libc, outsideHeap } from "../libc/libc.ts";
import {
  AF_INET,
  AF_INET6,
  decodeSockaddr,
  encodeSockaddr,
  SOCKADDR_BYTES,
  type SocketAddress,
} from "./sockaddr.ts";
import { POLL } from "./poller.ts";
import { parseErrorReport, parseHopLimit, type SocketErrorReport } from "./error_report.ts";
import { SystemSocketOptions } from "./system_socket_options.ts";
import { ERRNO, systemCallError } from "../libc/system_call_error.ts";
import {
  MSG_NOSIGNAL,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
} from "../libc/linux.ts";

const SOCK_RAW = 3;
const MSG_ERRQUEUE = 0x2000;
/** Longest single poll: so often a wait looks whether it was given up. */
const POLL_SLICE_MS = 100;

/** What kind of socket. */
export interface SystemSocketKind {
  /** IPv4 or IPv6. */
  readonly version: 4 | 6;
  /** Stream, datagrams, or packets. */
  readonly type: "stream" | "datagram" | "raw";
  /** Protocol number; 0 is the usual one of the type. @default {0} */
  readonly protocol?: number;
}

/** A socket of the operating system, nonblocking. */
export class SystemSocket implements Disposable {
  /** All of the socket's options. */
  readonly socketOptions: SocketOptions;
  /** What kind it is. */
  readonly kind: SystemSocketKind;
  readonly #fd: number;
  #inUse: readonly ArrayBufferView[] = [];
  #closed = false;

  /**
   * Makes a socket.
   * @param kind What kind.
   * @throws {SystemCallError} If the system does not permit it, or knows no such kind.
   * @throws {UnsupportedError} If this is not Linux.
   * @throws {CapabilityError} If the process may not load the C library.
   */
  constructor(kind: SystemSocketKind) {
    const type = kind.type === "stream"
      ? SOCK_STREAM
      : kind.type === "datagram"
      ? SOCK_DGRAM
      : SOCK_RAW;
    const fd = libc().socket(
      kind.version === 4 ? AF_INET : AF_INET6,
      type | SOCK_NONBLOCK | SOCK_CLOEXEC,
      kind.protocol ?? 0,
    );
    if (fd < 0) throw systemCallError(errno(), { operation: `make a ${kind.type} socket` });
    this.#fd = fd;
    this.kind = kind;
    this.socketOptions = new SystemSocketOptions(fd, kind);
  }

  /**
   * Binds the socket to an address of this host.
   * @param address The address; port 0 picks one.
   * @throws {ConnectError} If it is in use or not ours.
   */
  bind(address: SocketAddress): void {
    const bytes = encodeSockaddr(address);
    this.#check(libc().bind(this.#fd, bytes, bytes.length), "bind", address);
  }

  /**
   * Connects the socket; a datagram socket then only talks to that peer.
   * @param address The peer.
   * @param options Longest time and signal.
   * @throws {ConnectError} If it is refused or unreachable.
   * @throws {TimeoutError} If it took too long.
   */
  async connect(address: SocketAddress, options: WaitOptions = {}): Promise<void> {
    const bytes = encodeSockaddr(address);
    if (libc().connect(this.#fd, bytes, bytes.length) === 0) return;
    const code = errno();
    const context = { operation: "connect", peer: shown(address) };
    if (code !== ERRNO.EINPROGRESS) throw systemCallError(code, context);
    await this.wait(POLL.out, options);
    const pending = this.#pendingError();
    if (pending !== 0) throw systemCallError(pending, context);
  }

  /** Where the socket is bound. */
  get localAddress(): SocketAddress | undefined {
    const bytes = new Uint8Array(SOCKADDR_BYTES);
    const length = Uint32Array.of(bytes.length);
    const result = libc().getsockname(this.#fd, bytes, length);
    return result < 0 ? undefined : decodeSockaddr(bytes);
  }

  /**
   * Sends bytes.
   * @param bytes What; a datagram goes as a whole.
   * @param address Where to; absent for a connected socket.
   * @param flags Bits of `send`, such as MSG_OOB. @default {0}
   * @returns How many bytes were taken; undefined if the socket's buffer is full.
   * @throws {ConnectError|DisconnectedError|SystemCallError} If they cannot be sent.
   */
  send(
    bytes: Uint8Array<ArrayBuffer>,
    address?: SocketAddress,
    flags: number = 0,
  ): number | undefined {
    const to = address === undefined ? null : encodeSockaddr(address);
    const sent = Number(
      libc().sendto(
        this.#fd,
        bytes,
        BigInt(bytes.length),
        flags | MSG_NOSIGNAL,
        to,
        to?.length ?? 0,
      ),
    );
    if (sent >= 0) return sent;
    const code = errno();
    if (code === ERRNO.EAGAIN) return undefined;
    throw systemCallError(code, { operation: "send", peer: address && shown(address) });
  }

  /**
   * Reads an available datagram, or bytes of a stream.
   * @param buffer Where it goes.
   * @param flags Bits of `recv`, such as MSG_OOB. @default {0}
   * @returns The number of bytes and their sender; undefined if none are available. 0 bytes are the end of
   *   a stream.
   * @throws {ConnectError|DisconnectedError|SystemCallError} If the socket has an error.
   */
  receive(
    buffer: Uint8Array<ArrayBuffer>,
    flags: number = 0,
  ): { readonly count: number; readonly sender: SocketAddress | undefined } | undefined {
    const from = new Uint8Array(SOCKADDR_BYTES);
    const length = Uint32Array.of(from.length);
    const count = Number(
      libc().recvfrom(this.#fd, buffer, BigInt(buffer.length), flags, from, length),
    );
    if (count >= 0) return { count, sender: decodeSockaddr(from.subarray(0, length[0])) };
    const code = errno();
    if (code === ERRNO.EAGAIN) return undefined;
    throw systemCallError(code, { operation: "receive" });
  }

  /**
   * Takes one report about a datagram that did not arrive; the option `reportErrors` must be on.
   * @returns The report with the beginning of the datagram, or undefined if there is none.
   */
  receiveError(): (SocketErrorReport & { readonly data: Uint8Array }) | undefined {
    const data = outsideHeap(512);
    const message = this.#receiveMessage(data, MSG_ERRQUEUE);
    const report = message && parseErrorReport(message.control, message.sender);
    return report && { ...report, data: data.slice(0, message.count) };
  }

  /**
   * Takes a datagram with the hops that it has left; the option `reportHops` must be on.
   * @param buffer Where it goes; at least 64 KiB, lest it move.
   * @returns As {@link receive} does, and the hops.
   * @throws As {@link receive} does.
   */
  receiveWithHops(
    buffer: Uint8Array<ArrayBuffer>,
  ): (ReturnType<SystemSocket["receive"]> & { readonly hops: number | undefined }) | undefined {
    const message = this.#receiveMessage(buffer, 0);
    if (message !== undefined) return { ...message, hops: parseHopLimit(message.control) };
    const code = errno();
    if (code === ERRNO.EAGAIN) return undefined;
    throw systemCallError(code, { operation: "receive" });
  }

  /** Makes the socket report the hops that datagrams have left (IP_RECVTTL, IPV6_RECVHOPLIMIT). */
  reportHops(): void {
    const [level, option] = this.kind.version === 4 ? [0, 12] : [41, 51];
    const on = new Uint8Array(Int32Array.of(1).buffer);
    this.#check(libc().setsockopt(this.#fd, level, option, on, 4), "ask for hops");
  }

  /** Calls `recvmsg`; gives nothing where it failed. */
  #receiveMessage(
    data: Uint8Array<ArrayBuffer>,
    flags: number,
  ): { count: number; sender: SocketAddress | undefined; control: Uint8Array } | undefined {
    const name = outsideHeap(SOCKADDR_BYTES);
    const control = outsideHeap(512);
    const vector = new BigUint64Array(outsideHeap(16).buffer);
    vector.set([addressOf(data), BigInt(data.length)]);
    // The structure holds addresses only, which keep nothing alive.
    this.#inUse = [name, data, control, vector];
    // struct msghdr of 64-bit Linux.
    const header = new BigUint64Array([
      addressOf(name),
      BigInt(name.length),
      addressOf(vector),
      1n,
      addressOf(control),
      BigInt(control.length),
      0n,
    ]);
    const count = Number(libc().recvmsg(this.#fd, header, flags));
    this.#inUse = [];
    if (count < 0) return undefined;
    return {
      count,
      sender: decodeSockaddr(name.subarray(0, Number(header[1]! & 0xffffffffn))),
      control: control.subarray(0, Number(header[5])),
    };
  }

  /** Lets the socket report datagrams that did not arrive (IP_RECVERR, IPV6_RECVERR). */
  reportErrors(): void {
    const [level, option] = this.kind.version === 4 ? [0, 11] : [41, 25];
    const on = new Uint8Array(Int32Array.of(1).buffer);
    this.#check(libc().setsockopt(this.#fd, level, option, on, 4), "ask for reports");
  }

  /**
   * Waits until the socket is ready.
   * @param events Bits of {@link POLL}.
   * @param options Longest time and signal.
   * @returns The bits that are ready; errors are among them also if not asked for.
   * @throws {TimeoutError} If nothing happened in time.
   * @throws The reason of the signal, if it was aborted.
   */
  async wait(events: number, options: WaitOptions = {}): Promise<number> {
    using deadline = new Deadline(options, { operation: "wait for a socket" });
    const polled = new Uint8Array(8);
    const view = new DataView(polled.buffer);
    view.setInt32(0, this.#fd, true);
    view.setInt16(4, events, true);
    // The system uses it from another thread, and memory of the language is freed when a Worker is ended.
    const memory = libc().malloc(8n);
    if (memory === null) throw new LimitError("no memory is left", { limit: 0 });
    libc().copyTo(memory, polled, 8n);
    try {
      return await this.#poll(memory, view, deadline, options);
    } finally {
      libc().free(memory);
    }
  }

  async #poll(
    memory: Deno.PointerValue,
    view: DataView<ArrayBuffer>,
    deadline: Deadline,
    options: WaitOptions,
  ): Promise<number> {
    while (true) {
      options.signal?.throwIfAborted();
      const slice = Math.min(POLL_SLICE_MS, Math.ceil(deadline.remainingMs));
      const count = await libc().poll(memory, 1n, slice);
      if (this.#closed) {
        throw new UnsupportedError("the socket was closed", { operation: "wait for a socket" });
      }
      if (count > 0) {
        libc().copyFrom(new Uint8Array(view.buffer), memory, 8n);
        return view.getInt16(6, true);
      }
      if (deadline.remainingMs === 0) {
        throw new TimeoutError("nothing happened in time", { operation: "wait for a socket" });
      }
    }
  }

  /**
   * Hands the descriptor over to the caller, who closes it.
   * @returns The descriptor; the socket counts as closed.
   */
  release(): number {
    this.#closed = true;
    return this.#fd;
  }

  /** Closes the socket; may be called again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    libc().close(this.#fd);
  }

  /** Closes the socket. */
  [Symbol.dispose](): void {
    this.close();
  }

  #pendingError(): number {
    const value = new Uint8Array(4);
    libc().getsockopt(this.#fd, 1, 4, value, Uint32Array.of(4));
    return new DataView(value.buffer).getInt32(0, true);
  }

  #check(result: number, operation: string, address?: SocketAddress): void {
    if (result < 0) throw systemCallError(errno(), { operation, peer: address && shown(address) });
  }
}

function shown({ hostname, port }: SocketAddress): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
