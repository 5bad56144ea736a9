/**
 * HTTP/1.1 (RFC 9110, 9112).
 *
 * @module
 */

export { readBody } from "./codec/body.ts";
export { HttpHeaders } from "./codec/headers.ts";
export { HttpError } from "./codec/http_error.ts";
export type { BodyFraming, RequestHead, RequestLimits } from "./codec/request_head.ts";
export { type HttpAnswer, textAnswer } from "./codec/response.ts";
export {
  type Answered,
  type HttpHandler,
  type HttpSessionOptions,
  serveHttp,
} from "./server/server_session.ts";
