/**
 * HTTP/1.1 (RFC 9110, 9112).
 *
 * @module
 */

export * from "./codec/response.ts";
export * from "./codec/body.ts";
export * from "./server/busy.ts";
export * from "./codec/date.ts";
export * from "./codec/headers.ts";
export * from "./codec/http_error.ts";
export * from "./codec/range.ts";
export * from "./codec/request_head.ts";
export * from "./codec/response_head.ts";
export * from "./server/server_session.ts";
