/**
 * File descriptors as numbers: only for those that a process inherits or that come from one.
 *
 * @module
 */

import { errno, libc } from "./libc.ts";
import { systemCallError } from "./system_call_error.ts";
import { O_CLOEXEC, O_NONBLOCK } from "./linux.ts";

const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const FD_CLOEXEC = 1;

/**
 * Makes a pipe that no process inherits.
 *
 * @returns Its two ends, both nonblocking.
 * @throws {SystemCallError} If no descriptors are left.
 */
export function makePipe(): [reading: number, writing: number] {
  const ends = new Int32Array(2);
  if (libc().pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
    throw systemCallError(errno(), { operation: "make a pipe" });
  }
  return [ends[0]!, ends[1]!];
}

/** Closes a descriptor; it must not be used any more, for its number is given out again. */
export function closeDescriptor(fd: number): void {
  libc().close(fd);
}

/** Sets whether processes that are started inherit a descriptor under its own number. */
export function setInherited(fd: number, inherited: boolean): void {
  libc().fcntl(fd, F_SETFD, inherited ? 0 : FD_CLOEXEC);
}

/** Sets whether calls on a descriptor wait; all who share it are concerned. */
export function setBlocking(fd: number, blocking: boolean): void {
  const flags = libc().fcntl(fd, F_GETFL, 0);
  libc().fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

const POLLERR = 8;
const POLLHUP = 16;

/**
 * Checks whether the peer of a connection has reset it. One that has only ended its own direction may still read.
 *
 * @param fd The descriptor of the connection.
 * @returns Whether it has.
 */
export function isReset(fd: number): boolean {
  // struct pollfd: these two are reported without being requested.
  const entry = new DataView(new ArrayBuffer(8));
  entry.setInt32(0, fd, true);
  libc().pollNow(new Uint8Array(entry.buffer), 1n, 0);
  return (entry.getInt16(6, true) & (POLLERR | POLLHUP)) !== 0;
}
