/**
 * Turns the runtime's errors into ours, in one place.
 *
 * @module
 */

import {
  CapabilityError,
  ConnectError,
  type ConnectErrorKind,
  DisconnectedError,
  type DisconnectReason,
  type ErrorContext,
  NetwrightError,
  TimeoutError,
  TlsError,
  UnsupportedError,
} from "./errors.ts";

/**
 * Converts an error of the runtime's network calls to a `NetwrightError`.
 *
 * @param error Anything that was thrown.
 * @param context The operation, and its peer.
 * @returns Our error with `error` as its cause. An error that is ours already, an abort's reason and
 *   anything unknown come back untouched.
 *
 * @example A reset
 * ```ts
 * import { DisconnectedError, toNetwrightError } from "@netwright/netwright/net";
 * const reset = new Deno.errors.ConnectionReset("reset by peer");
 * const error = toNetwrightError(reset, { operation: "read", peer: "a:7" });
 * if (!(error instanceof DisconnectedError && error.kind === "reset")) throw error;
 * ```
 */
export function toNetwrightError(error: unknown, context: ErrorContext): unknown {
  if (!(error instanceof Error) || error instanceof NetwrightError) return error;
  const full = { ...context, cause: error };
  if (error instanceof Deno.errors.NotCapable) {
    const flag = missingFlag(error.message);
    return new CapabilityError(notPermitted(flag), { ...full, flag });
  }
  const connect = connectFailure(error, context);
  if (connect !== undefined) {
    const [kind, reason, hint] = connect;
    return new ConnectError(reason, { hint, ...full, kind });
  }
  const disconnection = DISCONNECTIONS.find(([type]) => error instanceof type);
  if (disconnection !== undefined) {
    const [, kind, reason] = disconnection;
    return new DisconnectedError(reason, { ...full, kind });
  }
  if (error instanceof Deno.errors.TimedOut) return new TimeoutError("no answer in time", full);
  if (error instanceof Deno.errors.InvalidData) return new TlsError(error.message, full);
  if (error instanceof Deno.errors.NotSupported) return new UnsupportedError(error.message, full);
  const system = systemReason(error);
  return system === undefined ? error : new NetwrightError(system, full);
}

/**
 * Recognizes a full disk, or a quota of the system.
 *
 * @param error Anything that was thrown.
 * @returns Whether the disk was full.
 */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  if (code === "ENOSPC" || code === "EDQUOT") return true;
  return /\(os error (?:28|122)\)/.test(error.message) || isDiskFull(error.cause);
}

/**
 * Converts an error of the runtime's file calls, or of starting a program.
 *
 * @param error Anything that was thrown.
 * @param context The operation, and its file (`peer`).
 * @returns Our error with `error` as its cause, in the system's usual words. An error that is ours
 *   already, and errors that are not system errors, are returned unchanged.
 *
 * @example A folder
 * ```ts
 * import { toFileError } from "./system_errors.ts";
 * const cause = new Deno.errors.IsADirectory("Is a directory (os error 21): open '/tmp'");
 * const error = toFileError(cause, { operation: "read", peer: "/tmp" });
 * if (String(error) !== "NetwrightError: Cannot read: /tmp: is a directory") throw error;
 * ```
 */
export function toFileError(error: unknown, context: ErrorContext): unknown {
  if (!(error instanceof Error) || error instanceof NetwrightError) return error;
  const full = { ...context, cause: error };
  if (error instanceof Deno.errors.NotCapable) {
    const flag = missingFlag(error.message);
    return new CapabilityError(notPermitted(flag), { ...full, flag });
  }
  const reason = systemReason(error) ??
    FILE_REASONS.find(([type]) => error instanceof type)?.[1];
  return reason === undefined ? error : new NetwrightError(reason, full);
}

/** For errors of which the runtime does not give the system's own words. */
const FILE_REASONS: readonly [type: new (message?: string) => Error, reason: string][] = [
  [Deno.errors.NotFound, "no such file or directory"],
  [Deno.errors.PermissionDenied, "permission denied"],
  [Deno.errors.AlreadyExists, "file exists"],
  [Deno.errors.IsADirectory, "is a directory"],
  [Deno.errors.NotADirectory, "not a directory"],
  [Deno.errors.FilesystemLoop, "too many levels of symbolic links"],
  [Deno.errors.NotSupported, "operation not supported"],
];

/** The system's message, without its number and the runtime's remarks; undefined if it is not a system error. */
function systemReason({ message }: Error): string | undefined {
  const text = /^(?:.*: (?=[A-Z]))?(.+?) \(os error \d+\)/.exec(message)?.[1];
  return text === undefined ? undefined : text[0]!.toLowerCase() + text.slice(1);
}

const DISCONNECTIONS: readonly [
  type: new (message?: string) => Error,
  kind: DisconnectReason,
  reason: string,
][] = [
  [Deno.errors.ConnectionReset, "reset", "connection reset by the peer"],
  [Deno.errors.ConnectionAborted, "aborted", "connection aborted"],
  [Deno.errors.BrokenPipe, "broken pipe", "the peer has closed the connection"],
  [Deno.errors.UnexpectedEof, "closed", "the connection ended too early"],
  [Deno.errors.NotConnected, "closed", "the connection is closed"],
  [Deno.errors.Interrupted, "closed", "the connection was closed on this side"],
  [Deno.errors.BadResource, "closed", "the connection was closed on this side"],
];

function connectFailure(
  error: Error,
  { operation, peer }: ErrorContext,
): [kind: ConnectErrorKind, reason: string, hint?: string] | undefined {
  if (error instanceof Deno.errors.ConnectionRefused) {
    return ["refused", "connection refused", "is a server listening there?"];
  }
  if (error instanceof Deno.errors.AddrInUse) {
    return ["in use", "address already in use", "another program listens there; try another port"];
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return ["other", "the address is not one of this host"];
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    const port = Number(/:(\d+)$/.exec(peer ?? "")?.[1]);
    const opens = operation === "listen" || operation === "bind";
    return opens && port < 1024
      ? ["other", "permission denied", "ports below 1024 need privileges"]
      : ["other", "permission denied"];
  }
  const { message } = error;
  if (
    /unreachable|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|no route to host|(?:host|network) is down/i
      .test(message)
  ) {
    return ["unreachable", message.includes("etwork") ? "network unreachable" : "host unreachable"];
  }
  if (/lookup address|no records found|name resolution|getaddrinfo|not known/i.test(message)) {
    return ["name not found", "name not found", "is it spelled right?"];
  }
  if (error instanceof Deno.errors.NotFound) {
    return ["refused", operation === "listen" ? "no such folder" : "no such socket"];
  }
  return undefined;
}

function notPermitted(flag: string): string {
  return flag === "--allow-all"
    ? "the runtime requires every permission for it (--no-sandbox)"
    : `not permitted without ${flag}`;
}

function missingFlag(message: string): string {
  const kind = /--allow-(\w+)/.exec(message)?.[1] ?? "all";
  const what = /access to "([^"]*)"/.exec(message)?.[1];
  // The runtime requires every permission for /proc, /sys and /dev.
  return what === undefined || kind === "all" ? `--allow-${kind}` : `--allow-${kind}=${what}`;
}
