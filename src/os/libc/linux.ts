/**
 * Numbers of Linux that several modules need; those of a single module are defined there.
 *
 * @module
 */

/** A stream socket. */
export const SOCK_STREAM = 1;
/** A socket for datagrams. */
export const SOCK_DGRAM = 2;
/** Made nonblocking. */
export const SOCK_NONBLOCK = 0o4000;
/** Made so that no process inherits it. */
export const SOCK_CLOEXEC = 0o2000000;
/** Calls on the file do not wait. */
export const O_NONBLOCK = 0o4000;
/** No process inherits the file. */
export const O_CLOEXEC = 0o2000000;
/** The file is read and written. */
export const O_RDWR = 2;
/** A terminal that is opened does not become that of the process. */
export const O_NOCTTY = 0o400;
/** Sending to a closed connection is an error, no signal. */
export const MSG_NOSIGNAL = 0x4000;
/** Options of all sockets. */
export const SOL_SOCKET = 1;
/** Options of TCP. */
export const SOL_TCP = 6;
