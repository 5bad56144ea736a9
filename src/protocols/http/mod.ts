/**
 * HTTP/1.1 (RFC 9110, 9112).
 *
 * @module
 */

export { readBody } from "./codec/body.ts";
export { HttpHeaders } from "./codec/headers.ts";
export { HttpError } from "./codec/http_error.ts";
export type { BodyFraming, RequestHead, RequestLimits } from "./codec/request_head.ts";
export { type HttpResponse, textResponse } from "./codec/response.ts";
export {
  type AccessRecord,
  handleHttp,
  type HttpHandler,
  type HttpSessionOptions,
} from "./server/server_session.ts";
export { type FetchHandler, httpHandler, type HttpService } from "./server/http_handler.ts";
