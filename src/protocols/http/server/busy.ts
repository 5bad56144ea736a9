/**
 * The response to a client beyond the limit.
 *
 * @module
 */

const BODY = "There are too many clients. Try again in a moment.\n";

/**
 * A whole response, status 503 (RFC 9110, 15.6.4), to be sent before any request was read; the connection
 * ends with it.
 */
export const BUSY_RESPONSE: Uint8Array = new TextEncoder().encode(
  "HTTP/1.1 503 Service Unavailable\r\n" +
    "Retry-After: 1\r\n" +
    "Content-Type: text/plain\r\n" +
    `Content-Length: ${BODY.length}\r\n` +
    `Connection: close\r\n\r\n${BODY}`,
);
