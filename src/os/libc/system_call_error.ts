/**
 * From error numbers to our errors.
 *
 * @module
 */

import {
  ConnectError,
  type ConnectErrorKind,
  DisconnectedError,
  type ErrorContext,
  NetwrightError,
} from "../../net/mod.ts";
import { findSystemErrors } from "../../reference/mod.ts";

/** Numbers that calling code decides by; Linux's. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  EAGAIN: 11,
  EACCES: 13,
  EPIPE: 32,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENETUNREACH: 101,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
  EINPROGRESS: 115,
} as const;

const CONNECT: ReadonlyMap<number, ConnectErrorKind> = new Map([
  [ERRNO.ECONNREFUSED, "refused"],
  [ERRNO.ENETUNREACH, "unreachable"],
  [ERRNO.EHOSTUNREACH, "unreachable"],
  [ERRNO.EADDRINUSE, "in use"],
  [ERRNO.EADDRNOTAVAIL, "other"],
]);

/**
 * Checks whether a call on a socket or pipe is to be made again once it is ready. Numbers that no such call
 * gives are among them: between the call and the reading of its number the runtime has made one of its own,
 * such as a look for a file that is not there.
 *
 * @param errno The number.
 * @returns Whether.
 */
export function isTryAgain(errno: number): boolean {
  return errno === ERRNO.EAGAIN || errno === ERRNO.EINTR || errno === 0 || errno === ERRNO.ENOENT;
}

/** An error of a system call, by its number. */
export class SystemCallError extends NetwrightError {
  /** The number. */
  readonly errno: number;

  /**
   * Describes a failed call.
   * @param errno The number.
   * @param context The circumstances.
   */
  constructor(errno: number, context: ErrorContext) {
    super(meaningOf(errno), context);
    this.errno = errno;
  }
}

/**
 * Makes the error of a failed call.
 *
 * @param errno Its number.
 * @param context The circumstances.
 * @returns A `ConnectError` or `DisconnectedError` where it is one, else a `SystemCallError`.
 */
export function systemCallError(errno: number, context: ErrorContext): NetwrightError {
  const kind = CONNECT.get(errno);
  const reason = meaningOf(errno).toLowerCase();
  if (kind !== undefined) return new ConnectError(reason, { ...context, kind });
  if (errno === ERRNO.ECONNRESET) {
    return new DisconnectedError(reason, { ...context, kind: "reset" });
  }
  if (errno === ERRNO.EPIPE) {
    return new DisconnectedError(reason, { ...context, kind: "broken pipe" });
  }
  return new SystemCallError(errno, context);
}

function meaningOf(errno: number): string {
  return findSystemErrors(String(errno))[0]?.meaning ?? `error ${errno}`;
}
