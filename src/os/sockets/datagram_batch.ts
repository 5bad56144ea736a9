/**
 * Many datagrams with one call of the system: `recvmmsg` and `sendmmsg` (Linux).
 *
 * Opened libraries keep working when the permission is given up. So the symbols stay inside this module, and the
 * addresses that the system gets are those of this module's own memory, which no other code can change.
 *
 * @module
 */

import {
  Bytes,
  copyInto,
  floor,
  Ints,
  Memory,
  oneInt,
  oneWord,
  part,
  toNumber,
  trueLength,
  Words,
} from "../libc/intrinsics.ts";
import {
  MSG_NOSIGNAL,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from "../libc/linux.ts";
import { openLibrary } from "../libc/socket_calls.ts";

const SYMBOLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  recvmmsg: { parameters: ["i32", "buffer", "u32", "i32", "pointer"], result: "i32" },
  sendmmsg: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  locate: { name: "memcpy", parameters: ["buffer", "buffer", "usize"], result: "u64" },
  __errno_location: { parameters: [], result: "pointer" },
  copyFrom: { name: "memcpy", parameters: ["buffer", "pointer", "usize"], result: "pointer" },
} as const;

const MSG_DONTWAIT = 0x40;
const MSG_ERRQUEUE = 0x2000;
const SO_REUSEADDR = 2;
const SO_BROADCAST = 6;
const SO_RCVBUF = 8;
/** Size of the system's buffer while we are busy, in bytes; it may give less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** How many datagrams one call takes. */
export const BATCH = 64;
/** Bytes of the longest datagram. */
const MAX_DATAGRAM_BYTES = 65_536;
/** Bytes that wait to be sent together. */
const SEND_BYTES = 4 * MAX_DATAGRAM_BYTES;
/** Bytes of a `struct mmsghdr`, a `struct iovec`, and of room for an address. */
const HEAD_BYTES = 64;
const VECTOR_BYTES = 16;
const NAME_BYTES = 32;
/** Bytes of the address of IPv6, the longest. */
const LONGEST_NAME = 28;

let symbols: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] | undefined;

function calls(): Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] {
  return symbols ??= openLibrary(SYMBOLS);
}

/**
 * Opens the library, so that the permission for it can be given up.
 *
 * @throws {UnsupportedError} If this is not Linux, or the library is at none of the known places.
 * @throws {CapabilityError} If the process may not load it.
 */
export function openDatagramCalls(): void {
  calls();
}

/** The error number of the last call, to be read right after it. */
export function datagramErrno(): number {
  const value = new Ints(1);
  calls().copyFrom(value, calls().__errno_location(), 4n);
  return value[0]!;
}

/** Makes a nonblocking socket for datagrams that may broadcast; -1 on failure. */
export function datagramSocket(family: number): number {
  const fd = calls().socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fd;
  setNumber(fd, SO_BROADCAST, 1);
  setNumber(fd, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
  return fd;
}

/** Binds a socket; -1 on failure. */
export function bindDatagrams(fd: number, name: Uint8Array<ArrayBuffer>, shared: boolean): number {
  if (shared) setNumber(fd, SO_REUSEADDR, 1);
  return calls().bind(fd, name, trueLength(name));
}

/** Gives where a socket is bound, as the system writes it. */
export function datagramName(fd: number): Uint8Array {
  const name = new Bytes(LONGEST_NAME);
  const length = oneWord(LONGEST_NAME);
  calls().getsockname(fd, name, length);
  return part(name, 0, length[0]!);
}

/** Closes a socket; its number is given out again. */
export function closeDatagrams(fd: number): void {
  calls().close(fd);
}

/** Sets an option; -1 on failure. */
export function setDatagramOption(
  fd: number,
  level: number,
  option: number,
  value: Uint8Array<ArrayBuffer>,
): number {
  return calls().setsockopt(fd, level, option, value, trueLength(value));
}

function setNumber(fd: number, option: number, value: number): void {
  calls().setsockopt(fd, SOL_SOCKET, option, oneInt(value), 4);
}

/** Where a structure holds the length of a datagram's address, that of the datagram, and where the latter is, in words. */
const NAME_LENGTH = 2;
const LENGTH = 14;
const WORDS = HEAD_BYTES / 4;

/** Structures for as many datagrams as one call takes; each has its memory for an address. */
class Heads {
  /** The structures from each datagram on. */
  readonly from: readonly Uint8Array<ArrayBuffer>[];
  readonly words: Uint32Array;
  readonly vectorWords: Uint32Array;
  readonly names: Uint8Array<ArrayBuffer>;
  /** Keeps the memory that the structures name. */
  readonly vectors: Uint8Array<ArrayBuffer>;

  constructor() {
    const heads = new Memory(BATCH * HEAD_BYTES);
    const vectors = new Memory(BATCH * VECTOR_BYTES);
    const from: Uint8Array<ArrayBuffer>[] = [];
    for (let n = 0; n < BATCH; n++) from[n] = new Bytes(heads, n * HEAD_BYTES);
    this.from = from;
    this.words = new Words(heads);
    this.vectors = new Bytes(vectors);
    this.vectorWords = new Words(vectors);
    this.names = new Bytes(new Memory(BATCH * NAME_BYTES));
    const vectorsAt = locate(this.vectors);
    const namesAt = locate(this.names);
    for (let n = 0; n < BATCH; n++) {
      const head = n * WORDS;
      setAddress(this.words, head, namesAt + n * NAME_BYTES);
      setAddress(this.words, head + 4, vectorsAt + n * VECTOR_BYTES);
      this.words[head + 6] = 1;
    }
  }

  /** Says where the bytes of a datagram are. */
  place(n: number, address: number, length: number): void {
    const vector = n * VECTOR_BYTES / 4;
    setAddress(this.vectorWords, vector, address);
    this.vectorWords[vector + 2] = length;
  }
}

function locate(bytes: Uint8Array<ArrayBuffer>): number {
  return toNumber(calls().locate(bytes, bytes, 0n));
}

function setAddress(words: Uint32Array, at: number, address: number): void {
  words[at] = address % 0x1_0000_0000;
  words[at + 1] = floor(address / 0x1_0000_0000);
}

/** Takes many datagrams at once. */
export class ReceiveBatch {
  readonly #heads = new Heads();
  readonly #data = new Bytes(new Memory(BATCH * MAX_DATAGRAM_BYTES));

  constructor() {
    const dataAt = locate(this.#data);
    for (let n = 0; n < BATCH; n++) {
      this.#heads.place(n, dataAt + n * MAX_DATAGRAM_BYTES, MAX_DATAGRAM_BYTES);
    }
  }

  /** Reads available datagrams, without waiting; returns their number, -1 if there are none or on failure. */
  receive(fd: number): number {
    return this.#receive(fd, MSG_DONTWAIT);
  }

  /**
   * Reads refused datagrams, if the socket keeps them: the datagrams as sent, with the intended
   * recipients as senders; returns as {@link receive} does.
   */
  receiveRefused(fd: number): number {
    return this.#receive(fd, MSG_DONTWAIT | MSG_ERRQUEUE);
  }

  #receive(fd: number, flags: number): number {
    const { words, from } = this.#heads;
    for (let n = 0; n < BATCH; n++) words[n * WORDS + NAME_LENGTH] = LONGEST_NAME;
    return calls().recvmmsg(fd, from[0]!, BATCH, flags, null);
  }

  /** The bytes of a datagram, until the next call. */
  datagram(n: number): Uint8Array<ArrayBuffer> {
    const at = n * MAX_DATAGRAM_BYTES;
    return part(this.#data, at, at + this.#heads.words[n * WORDS + LENGTH]!);
  }

  /** The address of a datagram's sender as the system writes it, until the next call. */
  name(n: number): Uint8Array<ArrayBuffer> {
    const at = n * NAME_BYTES;
    return part(this.#heads.names, at, at + this.#heads.words[n * WORDS + NAME_LENGTH]!);
  }

  /** The address and port of an IPv4 sender as one number; undefined of others. */
  sender(n: number): number | undefined {
    const { names, words } = this.#heads;
    const at = n * NAME_BYTES;
    if (words[n * WORDS + NAME_LENGTH] !== 16) return undefined;
    const port = names[at + 2]! * 256 + names[at + 3]!;
    const high = names[at + 4]! * 256 + names[at + 5]!;
    const low = names[at + 6]! * 256 + names[at + 7]!;
    return (high * 65_536 + low) * 65_536 + port;
  }
}

/** Sends many datagrams at once. */
export class SendBatch {
  readonly #heads = new Heads();
  readonly #data = new Bytes(new Memory(SEND_BYTES));
  readonly #dataAt = locate(this.#data);
  #count = 0;
  #used = 0;

  /** How many datagrams it holds. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds a datagram, which is copied.
   * @param bytes The datagram.
   * @param name The recipient, in the system's format.
   * @returns Whether there was room.
   */
  add(bytes: Uint8Array, name: Uint8Array): boolean {
    const length = trueLength(bytes);
    const nameLength = trueLength(name);
    if (nameLength > LONGEST_NAME) return false;
    if (this.#count === BATCH || this.#used + length > SEND_BYTES) return false;
    const n = this.#count++;
    copyInto(this.#data, bytes, this.#used);
    this.#heads.place(n, this.#dataAt + this.#used, length);
    copyInto(this.#heads.names, name, n * NAME_BYTES);
    this.#heads.words[n * WORDS + NAME_LENGTH] = nameLength;
    this.#used += length;
    return true;
  }

  /** Sends without waiting, from one of them on; gives how many were taken, -1 if none or on failure. */
  send(fd: number, from: number): number {
    const left = this.#count - from;
    const bytes = this.#heads.from[from];
    if (bytes === undefined || left <= 0) return 0;
    return calls().sendmmsg(fd, bytes, left, MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  /** Drops its datagrams. */
  clear(): void {
    this.#count = 0;
    this.#used = 0;
  }
}
