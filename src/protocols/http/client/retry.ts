/**
 * When a request is tried again, and how long is waited before.
 *
 * @module
 */

import { ConnectError, DisconnectedError, TimeoutError } from "../../../net/mod.ts";
import { parseHttpDate } from "../codec/date.ts";
import type { HttpHeaders } from "../codec/headers.ts";
import { isIdempotent } from "../transport/http_request.ts";

/** Responses that may be other ones soon. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];
/** The first wait, in milliseconds; each next one is twice as long. */
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;
/** Larger values of `Retry-After` mean the same: never. */
const MAX_SECONDS = 1e9;

/**
 * Checks whether a response may be another one soon.
 *
 * @param method The request's method.
 * @param status The status code.
 * @returns Whether the request may be tried again.
 */
export function isPassing(method: string, status: number): boolean {
  // Who is told to come later may do so with any method: nothing was done.
  return status === 429 || status === 503 ||
    (isIdempotent(method) && PASSING.includes(status));
}

/**
 * Checks whether a failure may pass.
 *
 * @param method The request's method.
 * @param error The failure.
 * @returns Whether the request may be tried again.
 */
export function mayPass(method: string, error: unknown): boolean {
  if (error instanceof ConnectError) {
    return error.kind === "refused" || error.kind === "unreachable";
  }
  const isUnsure = error instanceof TimeoutError || error instanceof DisconnectedError;
  return isUnsure && isIdempotent(method);
}

/**
 * Says how long to wait before an attempt.
 *
 * @param attempt Which one; the first one that is a repetition is 1.
 * @param headers The response before, whose `Retry-After` counts; undefined if there was none.
 * @param now The time now.
 * @returns Milliseconds.
 */
export function retryDelay(
  attempt: number,
  headers: HttpHeaders | undefined,
  now: Date = new Date(),
): number {
  const field = headers?.get("retry-after") ?? "";
  if (/^\d+$/.test(field)) return Math.min(Number(field), MAX_SECONDS) * 1000;
  const date = parseHttpDate(field, now);
  if (date !== undefined) return Math.max(0, date.getTime() - now.getTime());
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  // Clients that failed together do not come again together.
  return longest / 2 + Math.random() * longest / 2;
}
