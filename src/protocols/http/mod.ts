/**
 * HTTP/1.1 (RFC 9110, 9112).
 *
 * @module
 */

export * from "./answer.ts";
export * from "./body.ts";
export * from "./busy.ts";
export * from "./date.ts";
export * from "./headers.ts";
export * from "./http_error.ts";
export * from "./range.ts";
export * from "./request_head.ts";
export * from "./response_head.ts";
export * from "./server_session.ts";
