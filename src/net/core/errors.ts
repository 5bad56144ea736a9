/**
 * The errors of every room. Each has the operation (`operation`), its object (`peer`), the
 * failure (`reason`) and a remedy (`hint`), so that a command can print one line and a program
 * can decide with `instanceof`.
 *
 * @module
 */

import type { Tainted } from "./tainted.ts";

/** The circumstances of an error; every field is optional. */
export interface ErrorContext {
  /** The operation, as a verb that fits after "Cannot": `connect`, `read a line`. */
  readonly operation?: string | undefined;
  /** The peer, printed as an endpoint: `ftp.example.org:21`. */
  readonly peer?: string | undefined;
  /** A remedy for the user, without a final full stop. */
  readonly hint?: string | undefined;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/**
 * The base of all errors that Netwright throws on purpose.
 *
 * @example Distinguish our errors from others
 * ```ts
 * import { NetwrightError } from "@netwright/netwright/net";
 * const error = new NetwrightError("connection refused", { operation: "connect", peer: "a:7" });
 * if (error.message !== "Cannot connect: a:7: connection refused") throw error;
 * ```
 */
export class NetwrightError extends Error {
  /** What happened, without the peer and the operation. */
  readonly reason: string;
  /** The operation, if known. */
  readonly operation: string | undefined;
  /** The peer, if known. */
  readonly peer: string | undefined;
  /** A remedy, if there is one. */
  readonly hint: string | undefined;

  /**
   * Describes what happened.
   * @param reason What happened: `connection refused`. Text of the peer must be cleaned first.
   * @param context The circumstances.
   */
  constructor(reason: string, context: ErrorContext = {}) {
    super(
      describe(reason, context),
      context.cause === undefined ? undefined : { cause: context.cause },
    );
    this.name = new.target.name;
    this.reason = reason;
    this.operation = context.operation;
    this.peer = context.peer;
    this.hint = context.hint;
  }
}

function describe(reason: string, { operation, peer, hint }: ErrorContext): string {
  const parts = [];
  if (operation !== undefined) parts.push(`Cannot ${operation}`);
  if (peer !== undefined) parts.push(peer);
  parts.push(hint === undefined ? reason : `${reason} (${hint})`);
  return parts.join(": ");
}

/** Why a connection could not be made. */
export type ConnectErrorKind = "refused" | "unreachable" | "name not found" | "in use" | "other";

/** No connection could be made, or no address be listened on. */
export class ConnectError extends NetwrightError {
  /** The kind of failure, for programs that decide by it. */
  readonly kind: ConnectErrorKind;
  /**
   * Describes what happened.
   * @param reason What happened.
   * @param context The circumstances, and the kind of failure (default `other`).
   */
  constructor(reason: string, context: ErrorContext & { readonly kind?: ConnectErrorKind } = {}) {
    super(reason, context);
    this.kind = context.kind ?? "other";
  }
}

/** A name server could not or would not say whether there is a name: it may be there (RFC 1035 §4.1.1). */
export class DnsError extends NetwrightError {
  /** Name of the response code, such as `SERVFAIL` or `REFUSED`. */
  readonly rcode: string;
  /**
   * Describes what happened.
   * @param reason What happened.
   * @param context The circumstances, and the response code.
   */
  constructor(reason: string, context: ErrorContext & { readonly rcode: string }) {
    super(reason, context);
    this.rcode = context.rcode;
  }
}

/** A wait reached its deadline; what waited is closed or unusable unless its doc says otherwise. */
export class TimeoutError extends NetwrightError {}

/** How a connection ended before its time. */
export type DisconnectReason = "closed" | "reset" | "broken pipe" | "aborted";

/** The peer, or the network, ended the connection before the conversation was over. */
export class DisconnectedError extends NetwrightError {
  /** The kind of end. */
  readonly kind: DisconnectReason;
  /**
   * Describes what happened.
   * @param reason What happened.
   * @param context The circumstances, and the kind of end (default `closed`).
   */
  constructor(reason: string, context: ErrorContext & { readonly kind?: DisconnectReason } = {}) {
    super(reason, context);
    this.kind = context.kind ?? "closed";
  }
}

/** The peer broke the protocol; the session cannot go on. */
export class ProtocolError extends NetwrightError {
  /** The received data, cleaned for display and cut to a sensible length; empty if nothing. */
  readonly received: string;
  /**
   * Describes a mistake of the peer.
   * @param reason The mistake.
   * @param context The circumstances, and the received data, already cleaned.
   */
  constructor(reason: string, context: ErrorContext & { readonly received?: string } = {}) {
    super(reason, context);
    this.received = context.received ?? "";
  }
}

/** The peer understood and said no; the session stays usable. */
export class ReplyError extends NetwrightError {
  /** The reply code; for protocols without numbers its status word, such as `-ERR` or `NO`. */
  readonly code: number | string;
  /** The text of the reply, a line each. */
  readonly lines: readonly Tainted<string>[];
  /**
   * Describes the refusal.
   * @param reason The refusal in one cleaned line.
   * @param context The circumstances, the code and the lines.
   */
  constructor(
    reason: string,
    context: ErrorContext & {
      readonly code: number | string;
      readonly lines?: readonly Tainted<string>[];
    },
  ) {
    super(reason, context);
    this.code = context.code;
    this.lines = context.lines ?? [];
  }
}

/** Something grew past its limit: a line, a reply, a body, a count, a depth. */
export class LimitError extends NetwrightError {
  /** The limit that was passed, in the unit that `reason` names. */
  readonly limit: number;
  /**
   * Describes what grew.
   * @param reason What grew too large, and the limit with its unit.
   * @param context The circumstances and the limit.
   */
  constructor(reason: string, context: ErrorContext & { readonly limit: number }) {
    super(reason, context);
    this.limit = context.limit;
  }
}

/** A value for a command holds bytes that would change the command; nothing was sent. */
export class InjectionError extends NetwrightError {}

/** TLS could not be agreed on, or a certificate was not accepted. */
export class TlsError extends NetwrightError {}

/** The capabilities do not cover a request; no system call was made. */
export class CapabilityError extends NetwrightError {
  /** The missing flag, as Deno spells it: `--allow-net=example.org:21`. */
  readonly flag: string;
  /**
   * Describes a refused request.
   * @param reason The request.
   * @param context The circumstances and the missing flag.
   */
  constructor(reason: string, context: ErrorContext & { readonly flag: string }) {
    super(reason, context);
    this.flag = context.flag;
  }
}

/** This platform, or this kind of object, cannot do it. */
export class UnsupportedError extends NetwrightError {}

/** The user asked for something that makes no sense; exit status 2. */
export class UsageError extends NetwrightError {}
