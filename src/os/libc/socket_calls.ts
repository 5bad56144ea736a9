/**
 * The calls that a member makes on its sockets after it has given up every permission.
 *
 * Opened libraries go on working then, so whatever these functions could be made to do, a hostile service
 * in the same thread could do too. So the library's own symbols stay inside this module, and each function
 * takes the length of a buffer from the buffer itself, not from what anyone says that it is.
 *
 * @module
 */

import { LIBC_PATHS } from "../../net/internal.ts";
import { CapabilityError, LimitError, UnsupportedError } from "../../net/mod.ts";
import {
  bigLength,
  Bytes,
  floor,
  Ints,
  oneInt,
  oneWord,
  part,
  toBigInt,
  toNumber,
  trueLength,
  whenDone,
} from "./intrinsics.ts";
import { MSG_NOSIGNAL, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, SOL_TCP } from "./linux.ts";
import { systemCallError } from "./system_call_error.ts";

const SYMBOLS = {
  accept4: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
  recvfrom: {
    parameters: ["i32", "buffer", "usize", "i32", "pointer", "pointer"],
    result: "isize",
  },
  sendto: { parameters: ["i32", "buffer", "usize", "i32", "pointer", "u32"], result: "isize" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  socketpair: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: {
    parameters: ["i32", "pointer", "i32", "i32"],
    result: "i32",
    nonblocking: true,
  },
  malloc: { parameters: ["usize"], result: "pointer" },
  free: { parameters: ["pointer"], result: "void" },
  pollHere: { name: "poll", parameters: ["buffer", "u64", "i32"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
  copyFrom: { name: "memcpy", parameters: ["buffer", "pointer", "usize"], result: "pointer" },
} as const;

const AF_UNIX = 1;
const F_DUPFD_CLOEXEC = 1030;
const MSG_DONTWAIT = 0x40;
const TCP_NODELAY = 1;
/** Bytes of the largest address, a path. */
export const MAX_ADDRESS_BYTES = 110;
/** Bytes of a `struct pollfd`. */
export const POLL_ENTRY_BYTES = 8;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLL_CTL_MOD = 3;
/** Reported once, then not again until it is requested again. */
const EPOLLONESHOT = 1 << 30;
/** A `struct epoll_event` is packed on one architecture only. */
const [EVENT_BYTES, EVENT_DATA] = Deno.build.arch === "x86_64" ? [12, 4] : [16, 8];
/** Longest wait in milliseconds: the thread of one whose Worker was ended from outside is free again after it. */
const MAX_WAIT_MS = 10_000;
/** Maximum number of descriptors that one wait reports. */
const MAX_EVENTS = 256;

let symbols: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] | undefined;

/**
 * Opens the library, so that the permission for it can be given up.
 *
 * @throws {UnsupportedError} If this is not Linux, or the library is at none of the known places.
 * @throws {CapabilityError} If the process may not load it.
 */
export function openSocketCalls(): void {
  prepare()();
}

function calls(): Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] {
  return symbols ??= openLibrary(SYMBOLS);
}

/**
 * Loads some of the C library.
 *
 * @param wanted Which calls.
 * @returns Them.
 * @throws As {@link openSocketCalls} does.
 */
export function openLibrary<const S extends Deno.ForeignLibraryInterface>(
  requested: S,
): Deno.DynamicLibrary<S>["symbols"] {
  const context = { operation: "use the system's own calls" };
  if (Deno.build.os !== "linux") {
    throw new UnsupportedError(`not on ${Deno.build.os}; only Linux is known`, context);
  }
  for (const path of LIBC_PATHS) {
    try {
      return Deno.dlopen(path, requested).symbols;
    } catch (cause) {
      if (cause instanceof Deno.errors.NotCapable) {
        const flag = `--allow-ffi=${LIBC_PATHS.join(",")}`;
        throw new CapabilityError(`not permitted without ${flag}`, { ...context, flag, cause });
      }
    }
  }
  throw new UnsupportedError(`no C library at ${LIBC_PATHS.join(", ")}`, context);
}

/** The calls that read an error number. */
interface ErrnoCalls {
  copyFrom(to: Int32Array<ArrayBuffer>, from: Deno.PointerValue, count: bigint): unknown;
  __errno_location(): Deno.PointerValue;
}

/**
 * Prepares the reading of error numbers in this thread. All that it needs is made beforehand: memory that
 * the runtime takes between a call and the reading of its number may cost that number.
 *
 * @param library The calls.
 * @returns Gives the number of the last call, to be read right after it.
 */
export function errnoReader(library: ErrnoCalls): () => number {
  const value = new Ints(1);
  const place = library.__errno_location();
  return () => {
    library.copyFrom(value, place, 4n);
    return value[0]!;
  };
}

let readErrno: (() => number) | undefined;

/** The error number of the last call, to be read right after it. */
export function socketErrno(): number {
  return (readErrno ?? prepare())();
}

function prepare(): () => number {
  return readErrno = errnoReader(calls());
}

/** Reads available bytes, without waiting; -1 if there are none, or on failure. */
export function receive(fd: number, buffer: Uint8Array): number {
  const own = buffer as Uint8Array<ArrayBuffer>;
  return toNumber(calls().recvfrom(fd, own, bigLength(buffer), MSG_DONTWAIT, null, null));
}

/** Sends what fits, without waiting and without a signal; -1 if nothing does, or on failure. */
export function send(fd: number, bytes: Uint8Array): number {
  const own = bytes as Uint8Array<ArrayBuffer>;
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  return toNumber(calls().sendto(fd, own, bigLength(bytes), flags, null, 0));
}

/** Takes a connection, without waiting; the descriptor is -1 if there is none, or on failure. */
export function accept(fd: number): { readonly fd: number; readonly address: Uint8Array } {
  const address = new Bytes(MAX_ADDRESS_BYTES);
  const length = oneWord(MAX_ADDRESS_BYTES);
  const accepted = calls().accept4(fd, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  return { fd: accepted, address: part(address, 0, length[0]!) };
}

/** Returns the socket's own address; undefined if it is not a socket. */
export function localName(fd: number): Uint8Array | undefined {
  const address = new Bytes(MAX_ADDRESS_BYTES);
  const length = oneWord(MAX_ADDRESS_BYTES);
  if (calls().getsockname(fd, address, length) < 0) return undefined;
  return part(address, 0, length[0]!);
}

/** Sends small pieces at once, or collects them. */
export function setNoDelay(fd: number, noDelay: boolean): void {
  calls().setsockopt(fd, SOL_TCP, TCP_NODELAY, oneInt(noDelay ? 1 : 0), 4);
}

/** Ends a direction: 1 is ours, 2 both; -1 on failure. */
export function shutdown(fd: number, how: 1 | 2): number {
  return calls().shutdown(fd, how);
}

/** Closes a socket; its number is given out again. */
export function closeSocket(fd: number): void {
  calls().close(fd);
}

/** Makes another descriptor of the same socket, which no process inherits; -1 on failure. */
export function duplicate(fd: number): number {
  return calls().fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

/** Makes two sockets that are connected to each other. */
export function socketPair(): [number, number] | undefined {
  const ends = new Ints(2);
  const kind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  return calls().socketpair(AF_UNIX, kind, 0, ends) < 0 ? undefined : [ends[0]!, ends[1]!];
}

/** Waits for many descriptors at once (`epoll`). */
export class ReadySet {
  readonly #fd: number;
  readonly #event = new Bytes(EVENT_BYTES);
  /** The events of one wait, once it is over. */
  readonly #events = new Bytes(EVENT_BYTES * MAX_EVENTS);
  /**
   * The buffer of the system's call, in another thread. This is not memory of the language, which is freed when a
   * Worker is ended from outside: the system would write into memory of others.
   */
  readonly #memory: Deno.PointerValue;
  #isWaiting = false;
  #isClosed = false;

  /**
   * Makes an empty set.
   * @throws {SystemCallError} If no descriptors are left.
   */
  constructor() {
    this.#fd = calls().epoll_create1(SOCK_CLOEXEC);
    if (this.#fd < 0) throw systemCallError(socketErrno(), { operation: "wait" });
    this.#memory = calls().malloc(toBigInt(EVENT_BYTES * MAX_EVENTS));
    if (this.#memory === null) throw new LimitError("no memory is left", { limit: 0 });
  }

  /** Closes it, once; further calls have no effect. The memory is freed when no wait is pending. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    calls().close(this.#fd);
    if (!this.#isWaiting) calls().free(this.#memory);
  }

  /**
   * Requests one report.
   * @param fd Of which descriptor.
   * @param events Bits of `poll`; those asked for before count no more.
   * @returns Whether it can be waited for; if not, {@link socketErrno} has the reason.
   */
  arm(fd: number, events: number): boolean {
    if (this.#isClosed) return false;
    write32(this.#event, 0, events | EPOLLONESHOT);
    write32(this.#event, EVENT_DATA, fd);
    return calls().epoll_ctl(this.#fd, EPOLL_CTL_MOD, fd, this.#event) === 0 ||
      calls().epoll_ctl(this.#fd, EPOLL_CTL_ADD, fd, this.#event) === 0;
  }

  /** Takes a descriptor out, which is about to be closed: others may hold its socket. */
  remove(fd: number): void {
    if (this.#isClosed) return;
    calls().epoll_ctl(this.#fd, EPOLL_CTL_DEL, fd, this.#event);
  }

  /**
   * Waits beside other work until some are ready, or for a while; one wait at a time.
   * @param ready Called for each, with its bits.
   * @throws {TypeError} If it is closed, or another wait is pending.
   */
  wait(ready: (fd: number, events: number) => void): Promise<void> {
    if (this.#isClosed || this.#isWaiting) {
      throw new TypeError("the set is closed, or another wait is pending");
    }
    return new Promise((resolve, reject) => {
      this.#isWaiting = true;
      const result = calls().epoll_wait(this.#fd, this.#memory, MAX_EVENTS, MAX_WAIT_MS);
      whenDone(result, (count) => {
        this.#isWaiting = false;
        try {
          if (this.#isClosed) calls().free(this.#memory);
          else this.#report(count, ready);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #report(count: number, ready: (fd: number, events: number) => void): void {
    const bytes = (count > MAX_EVENTS ? MAX_EVENTS : count) * EVENT_BYTES;
    if (!(bytes > 0)) return;
    calls().copyFrom(this.#events, this.#memory, toBigInt(bytes));
    for (let at = 0; at < bytes; at += EVENT_BYTES) {
      ready(read32(this.#events, at + EVENT_DATA), read32(this.#events, at));
    }
  }
}

function write32(bytes: Uint8Array, at: number, value: number): void {
  for (let byte = 0; byte < 4; byte++) bytes[at + byte] = value >>> (8 * byte);
}

function read32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
}

/** Waits in this very thread: only for waits that are shorter than a change of threads. */
export function pollHere(entries: Uint8Array, timeoutMs: number): number {
  const own = entries as Uint8Array<ArrayBuffer>;
  return calls().pollHere(own, toBigInt(floor(trueLength(entries) / POLL_ENTRY_BYTES)), timeoutMs);
}
