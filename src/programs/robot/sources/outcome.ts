/**
 * Outcomes of requests, classified by the possible remedy.
 *
 * @module
 */

import {
  CapabilityError,
  ConnectError,
  DisconnectedError,
  NetwrightError,
  TimeoutError,
  TlsError,
} from "../../../net/mod.ts";

/** The outcome of a request. */
export type Outcome =
  /** The resource is there. */
  | "ok"
  /** It has not changed since the last crawl. */
  | "unchanged"
  /** It is somewhere else. */
  | "redirect"
  /** It is not there: 404, 410 and other errors of the request, or a name that does not exist. */
  | "dead"
  /** The server failed: 5xx, a connection refused, a malformed response. */
  | "failed"
  /** TLS could not be agreed on: a certificate that is not valid, most often. */
  | "insecure"
  /** The server does not show it to robots or strangers: 401, 402, 403, 407, 451, 999. */
  | "denied"
  /** The server limits requests: 429, 503 with `Retry-After`. */
  | "limited"
  /** No response in time. */
  | "timeout"
  /** `robots.txt` disallows it, or could not be read. */
  | "robots"
  /** It is an inner address that the user did not name, or outside of the folder. */
  | "outside"
  /** It looks made up without end. */
  | "trap";

/** How bad an outcome is for a link that leads to it. */
export type Severity = "error" | "unclear" | "warning" | "note";

/** Outcomes that are findings. */
export const OUTCOME_SEVERITY: Readonly<Partial<Record<Outcome, Severity>>> = {
  dead: "error",
  failed: "error",
  insecure: "error",
  denied: "unclear",
  limited: "unclear",
  timeout: "unclear",
  robots: "note",
  outside: "unclear",
  trap: "warning",
};

/** An outcome, and the reason in one line. */
export interface Judgement {
  /** The outcome. */
  readonly outcome: Outcome;
  /** The reason; undefined on success. */
  readonly reason?: string | undefined;
}

const DENIED: ReadonlySet<number> = new Set([401, 402, 403, 407, 451, 999]);

/**
 * Judges a response.
 *
 * @param status The status code.
 * @param reason The reason phrase.
 * @param isAskedToWait Whether the response has a `Retry-After`.
 * @returns The outcome; redirects with a usable `Location` are the caller's.
 */
export function judgeStatus(status: number, reason: string, isAskedToWait: boolean): Judgement {
  const text = `${status} ${reason}`.trimEnd();
  if (status < 400) return { outcome: "ok" };
  if (status === 429 || (status === 503 && isAskedToWait)) {
    return { outcome: "limited", reason: text };
  }
  if (status === 408 || status === 504) return { outcome: "timeout", reason: text };
  if (DENIED.has(status)) return { outcome: "denied", reason: text };
  if (status < 500) return { outcome: "dead", reason: text };
  return { outcome: "failed", reason: text };
}

/**
 * Judges a failure.
 *
 * @param error The failure.
 * @returns The outcome.
 * @throws The error itself, if it is not a `NetwrightError`.
 */
export function judgeError(error: unknown): Judgement {
  if (!(error instanceof NetwrightError)) throw error;
  const { reason } = error;
  if (error instanceof CapabilityError) {
    const what = reason.replace(/^the peer named /, "");
    return { outcome: "outside", reason: `not requested: ${what} (--allow-host)` };
  }
  if (error instanceof TimeoutError) return { outcome: "timeout", reason };
  if (error instanceof TlsError) return { outcome: "insecure", reason };
  if (error instanceof ConnectError) {
    return error.kind === "name not found"
      ? { outcome: "dead", reason: "there is no such host" }
      : { outcome: "failed", reason };
  }
  return { outcome: "failed", reason };
}

/**
 * Checks whether another attempt may help.
 *
 * @param outcome The outcome.
 * @param status The status code, if there was a response.
 * @param error The failure, if there was none.
 * @returns Whether it may.
 */
export function mayPassLater(outcome: Outcome, status?: number, error?: unknown): boolean {
  if (outcome === "timeout" || outcome === "limited") return true;
  if (outcome !== "failed") return false;
  if (status !== undefined) return [500, 502, 503].includes(status);
  return error instanceof ConnectError || error instanceof DisconnectedError;
}
