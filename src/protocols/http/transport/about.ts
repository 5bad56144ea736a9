/**
 * Errors that say which resource they are about.
 *
 * @module
 */

import {
  DisconnectedError,
  LimitError,
  NetwrightError,
  ProtocolError,
  TimeoutError,
} from "../../../net/mod.ts";

const KINDS = [DisconnectedError, ProtocolError, TimeoutError] as const;

/**
 * Adds the resource to an error that names no peer.
 *
 * @param error The error.
 * @param operation What was being done.
 * @param peer The resource.
 * @returns An error of the same kind; others than those of reading and writing as they are.
 */
export function about(error: unknown, operation: string, peer: string): unknown {
  if (!(error instanceof NetwrightError)) return error;
  const { constructor, reason, hint } = error;
  const context = { operation, peer, hint, cause: error };
  if (error instanceof LimitError) {
    return new LimitError(reason, { ...context, limit: error.limit });
  }
  const Kind = KINDS.find((kind) => kind === constructor);
  return Kind === undefined ? error : new Kind(reason, context);
}
