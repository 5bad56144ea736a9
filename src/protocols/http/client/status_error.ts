/**
 * Responses that are no success, as errors.
 *
 * @module
 */

import { escapeControls, ReplyError } from "../../../net/mod.ts";
import { reasonPhrase } from "../codec/response.ts";
import type { ClientResponse } from "./client_response.ts";

/**
 * Makes an error of a response.
 *
 * @param response A response whose status is none of success.
 * @returns The error; its code is the status.
 */
export function statusError(response: ClientResponse): ReplyError {
  const { status, reason, url, method } = response;
  const phrase = reasonPhrase(status) || escapeControls(reason, { maxLength: 100 });
  return new ReplyError(`${status} ${phrase}`.trimEnd(), {
    operation: method,
    peer: url,
    code: status,
  });
}
