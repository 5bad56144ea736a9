/**
 * Bodies of requests.
 *
 * @module
 */

import type { RequestBody } from "./http_request.ts";

/**
 * Checks whether a body can be sent again.
 *
 * @param body The body.
 * @returns Whether it can.
 */
export function isRepeatable(body: RequestBody | undefined): boolean {
  return body === undefined || body instanceof Uint8Array || body.isRepeatable;
}

/**
 * Checks whether a body is so large that the server is asked before it is sent (RFC 9110 §10.1.1).
 *
 * @param body The body.
 * @returns Whether it is.
 */
export function isLarge(body: RequestBody | undefined): boolean {
  if (body === undefined) return false;
  const bytes = body instanceof Uint8Array ? body.length : body.bytes;
  return bytes === undefined || bytes > ASKED_BYTES;
}

/** Larger bodies are announced first. */
const ASKED_BYTES = 1024 * 1024;
/** Bytes of a body in memory that are written at once. */
const PIECE_BYTES = 256 * 1024;

/**
 * Gives a body in pieces.
 *
 * @param body The body.
 * @returns Its pieces.
 */
export async function* piecesOf(body: RequestBody): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Uint8Array)) return yield* body.open();
  for (let at = 0; at < body.length; at += PIECE_BYTES) yield body.subarray(at, at + PIECE_BYTES);
}
