/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { formatHttpDate, parseHttpDate } from "./codec/date.ts";
export { parseRange } from "./codec/range.ts";
export { parseRequestHead, readRequestHead } from "./codec/request_head.ts";
export { prepareFields, reasonPhrase } from "./codec/response.ts";
export { decoded as decodeBody } from "./client/content_coding.ts";
export { drain } from "./client/drain.ts";
export { retryDelay } from "./client/retry.ts";
export { statusError } from "./client/status_error.ts";
export { readResponseHead, responseBody } from "./codec/response_head.ts";
export { BUSY_RESPONSE } from "./server/busy.ts";
