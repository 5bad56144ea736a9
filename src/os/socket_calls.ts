/**
 * The calls that a member makes on its sockets after it has given up every permission.
 *
 * Opened libraries go on working then, so whatever these functions could be made to do, a hostile service
 * in the same thread could do too. So the library's own symbols stay inside this module, and each function
 * takes the length of a buffer from the buffer itself, not from what anyone says that it is.
 *
 * @module
 */

import { CapabilityError, UnsupportedError } from "../net/mod.ts";
import { LIBC_PATHS } from "./libc_paths.ts";
import { MSG_NOSIGNAL, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, SOL_TCP } from "./linux.ts";

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
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32", nonblocking: true },
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

const { apply } = Reflect;
/** The true length of a typed array, whatever has been done to the array or its class since. */
const byteLength = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  "byteLength",
)!.get!;
const NOTHING: readonly unknown[] = [];

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
  wanted: S,
): Deno.DynamicLibrary<S>["symbols"] {
  const context = { operation: "use the system's own calls" };
  if (Deno.build.os !== "linux") {
    throw new UnsupportedError(`not on ${Deno.build.os}; only Linux is known`, context);
  }
  for (const path of LIBC_PATHS) {
    try {
      return Deno.dlopen(path, wanted).symbols;
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
  const value = new Int32Array(1);
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

/** The true length of a buffer; what is none throws. */
export function trueLength(buffer: Uint8Array): number {
  return apply(byteLength, buffer, NOTHING);
}

function lengthOf(buffer: Uint8Array): bigint {
  return BigInt(trueLength(buffer));
}

/** Takes what has arrived, without waiting; -1 if nothing has, or on failure. */
export function receive(fd: number, buffer: Uint8Array): number {
  const own = buffer as Uint8Array<ArrayBuffer>;
  return Number(calls().recvfrom(fd, own, lengthOf(buffer), MSG_DONTWAIT, null, null));
}

/** Sends what fits, without waiting and without a signal; -1 if nothing does, or on failure. */
export function send(fd: number, bytes: Uint8Array): number {
  const own = bytes as Uint8Array<ArrayBuffer>;
  return Number(calls().sendto(fd, own, lengthOf(bytes), MSG_DONTWAIT | MSG_NOSIGNAL, null, 0));
}

/** Takes a connection, without waiting; the descriptor is -1 if there is none, or on failure. */
export function accept(fd: number): { readonly fd: number; readonly address: Uint8Array } {
  const address = new Uint8Array(MAX_ADDRESS_BYTES);
  const length = Uint32Array.of(MAX_ADDRESS_BYTES);
  const accepted = calls().accept4(fd, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  return { fd: accepted, address: address.subarray(0, length[0]) };
}

/** Gives the socket's own address; undefined if it is no socket. */
export function localName(fd: number): Uint8Array | undefined {
  const address = new Uint8Array(MAX_ADDRESS_BYTES);
  const length = Uint32Array.of(MAX_ADDRESS_BYTES);
  if (calls().getsockname(fd, address, length) < 0) return undefined;
  return address.subarray(0, length[0]);
}

/** Sends small pieces at once, or collects them. */
export function setNoDelay(fd: number, noDelay: boolean): void {
  const value = new Uint8Array(Int32Array.of(Number(noDelay)).buffer);
  calls().setsockopt(fd, SOL_TCP, TCP_NODELAY, value, 4);
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
  const ends = new Int32Array(2);
  const kind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  return calls().socketpair(AF_UNIX, kind, 0, ends) < 0 ? undefined : [ends[0]!, ends[1]!];
}

/**
 * Waits beside other work until one of the `struct pollfd` is ready, and writes into them which. The call is
 * given a copy: whoever could move the caller's buffer elsewhere meanwhile would have the system write over
 * what lies there then.
 */
export async function pollBeside(entries: Uint8Array, timeoutMs: number): Promise<void> {
  const copy = new Uint8Array(Number(lengthOf(entries)));
  copy.set(entries);
  await calls().poll(copy, lengthOf(copy) / BigInt(POLL_ENTRY_BYTES), timeoutMs);
  entries.set(copy);
}

/** Waits in this very thread: only for waits that are shorter than a change of threads. */
export function pollHere(entries: Uint8Array, timeoutMs: number): number {
  const own = entries as Uint8Array<ArrayBuffer>;
  return calls().pollHere(own, lengthOf(entries) / BigInt(POLL_ENTRY_BYTES), timeoutMs);
}
