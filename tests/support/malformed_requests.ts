/**
 * Requests that two programs could read differently, or that are none; for the parser and for the server.
 *
 * @module
 */

const HOST = "Host: a\r\n";

/** The defect, the whole request, and the expected status. */
export const MALFORMED_REQUESTS: readonly [name: string, wire: string, status: number][] = [
  // White space is space and tabulator only (gunicorn#3091, #3740).
  [
    "a no-break space behind a length",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\xa0\r\n\r\n`,
    400,
  ],
  ["one before it", `POST / HTTP/1.1\r\n${HOST}Content-Length: \xa05\r\n\r\n`, 400],
  [
    "a no-break space behind a coding",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\xa0\r\n\r\n`,
    400,
  ],
  ["a no-break space behind a host", "GET / HTTP/1.1\r\nHost: a\xa0\r\n\r\n", 400],
  ["a no-break space before the colon", `GET / HTTP/1.1\r\n${HOST}A\xa0: b\r\n\r\n`, 400],
  // The request line.
  ["a bare LF ends the request line", `GET / HTTP/1.1\n${HOST}\r\n`, 400],
  ["a lone CR in the request line", `GET /\rx HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["no version", `GET /\r\n${HOST}\r\n`, 400],
  ["no target", `GET HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["an empty target", `GET  HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["two spaces", `GET  / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a tab between", `GET\t/ HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a space before the method", ` GET / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a space behind the version", `GET / HTTP/1.1 \r\n${HOST}\r\n`, 400],
  ["a fourth word", `GET / HTTP/1.1 x\r\n${HOST}\r\n`, 400],
  ["a method that is not a token", `G(T / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a version in lower case", `GET / http/1.1\r\n${HOST}\r\n`, 400],
  ["a version without a dot", `GET / HTTP/11\r\n${HOST}\r\n`, 400],
  ["a version of two digits", `GET / HTTP/1.10\r\n${HOST}\r\n`, 400],
  ["a version with a sign", `GET / HTTP/+1.1\r\n${HOST}\r\n`, 400],
  ["HTTP/2", `GET / HTTP/2.0\r\n${HOST}\r\n`, 505],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505],
  ["HTTP/0.9", "GET /\r\n\r\n", 400],
  ["a NUL in the target", `GET /\0 HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["an escape in the target", `GET /\x1b[2J HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a byte over 127 in the target", `GET /\xe9 HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a target without a slash", `GET a HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a star that is no OPTIONS", `GET * HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a fragment", `GET /a#b HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["an absolute target without a host", `GET http:///a HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a target with a user", `GET http://u@a/ HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["another scheme", `GET file:///etc/passwd HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["CONNECT to a path", `CONNECT /a HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["CONNECT without a port", `CONNECT a HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a target that is too long", `GET /${"a".repeat(9000)} HTTP/1.1\r\n${HOST}\r\n`, 414],
  ["a request line without an end", `GET /${"a".repeat(20_000)}`, 414],
  ["TLS where it is plain", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400],
  ["another protocol", "EHLO a\r\n\r\n", 400],
  // Header fields.
  ["a bare LF ends a field", `GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n`, 400],
  ["a bare LF ends the head", `GET / HTTP/1.1\r\n${HOST}\n`, 400],
  ["a lone CR in a value", `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`, 400],
  ["a folded field", `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 400],
  ["a folded field with a tab", `GET / HTTP/1.1\r\n${HOST}X: a\r\n\tb\r\n\r\n`, 400],
  ["a space before the first field", `GET / HTTP/1.1\r\n Host: a\r\n\r\n`, 400],
  ["a space before the colon", `GET / HTTP/1.1\r\n${HOST}X : a\r\n\r\n`, 400],
  ["no colon", `GET / HTTP/1.1\r\n${HOST}X\r\n\r\n`, 400],
  ["no name", `GET / HTTP/1.1\r\n${HOST}: a\r\n\r\n`, 400],
  ["a name that is not a token", `GET / HTTP/1.1\r\n${HOST}X[]: a\r\n\r\n`, 400],
  ["a name with a byte over 127", `GET / HTTP/1.1\r\n${HOST}X\xe9: a\r\n\r\n`, 400],
  ["a NUL in a value", `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, 400],
  ["a DEL in a value", `GET / HTTP/1.1\r\n${HOST}X: a\x7fb\r\n\r\n`, 400],
  ["too many fields", `GET / HTTP/1.1\r\n${HOST}${"X: y\r\n".repeat(101)}\r\n`, 431],
  ["fields that are too large", `GET / HTTP/1.1\r\n${HOST}X: ${"y".repeat(20_000)}\r\n\r\n`, 431],
  ["fields without an end", `GET / HTTP/1.1\r\n${HOST}X: ${"y".repeat(20_000)}`, 431],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["two Hosts", `GET / HTTP/1.1\r\n${HOST}Host: b\r\n\r\n`, 400],
  ["the same Host twice", `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, 400],
  ["a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400],
  ["a Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400],
  ["a Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400],
  // Where the body ends.
  [
    "both length fields",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    "both length fields, the other way round",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    "two lengths",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
    400,
  ],
  ["the same length twice", `POST / HTTP/1.1\r\n${HOST}Content-Length: 3, 3\r\n\r\nabc`, 400],
  ["a length with a sign", `POST / HTTP/1.1\r\n${HOST}Content-Length: +3\r\n\r\nabc`, 400],
  ["a negative length", `POST / HTTP/1.1\r\n${HOST}Content-Length: -3\r\n\r\nabc`, 400],
  ["a length in hexadecimal", `POST / HTTP/1.1\r\n${HOST}Content-Length: 0x3\r\n\r\nabc`, 400],
  ["an empty length", `POST / HTTP/1.1\r\n${HOST}Content-Length:\r\n\r\nabc`, 400],
  [
    "a length beyond all",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: ${"9".repeat(30)}\r\n\r\n`,
    400,
  ],
  ["an unknown coding", `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n`, 501],
  [
    "chunked is not last",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, gzip\r\n\r\n`,
    400,
  ],
  ["chunked twice", `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, chunked\r\n\r\n`, 400],
  [
    "a coding that only looks so",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n`,
    400,
  ],
  ["a coding in quotes", `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: "chunked"\r\n\r\n`, 400],
  [
    "two fields of codings",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
    400,
  ],
  ["codings in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
];

const CHUNKED = `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;

/** Requests whose heads are well and whose bodies are not. */
export const MALFORMED_BODIES: readonly [name: string, wire: string, status: number][] = [
  ["a size that is not a number", `${CHUNKED}x\r\n\r\n`, 400],
  ["a size with a sign", `${CHUNKED}+3\r\nabc\r\n0\r\n\r\n`, 400],
  ["a size with 0x", `${CHUNKED}0x3\r\nabc\r\n0\r\n\r\n`, 400],
  ["a size with a space before", `${CHUNKED} 3\r\nabc\r\n0\r\n\r\n`, 400],
  ["an empty size", `${CHUNKED}\r\nabc\r\n0\r\n\r\n`, 400],
  ["a size beyond all", `${CHUNKED}fffffffff\r\n`, 400],
  ["a size that is too large", `${CHUNKED}ffffffff\r\n`, 413],
  ["a bare LF behind a size", `${CHUNKED}3\nabc\r\n0\r\n\r\n`, 400],
  ["a lone CR in an extension", `${CHUNKED}3;a\rb\r\nabc\r\n0\r\n\r\n`, 400],
  ["a chunk that is too long", `${CHUNKED}3\r\nabcd\r\n0\r\n\r\n`, 400],
  ["a chunk with a bare LF", `${CHUNKED}3\r\nabc\n0\r\n\r\n`, 400],
  ["an extension without an end", `${CHUNKED}3;${"a".repeat(3000)}`, 400],
  ["a trailer that is none", `${CHUNKED}0\r\nGET / HTTP/1.1\r\n\r\n`, 400],
  ["trailers without an end", `${CHUNKED}0\r\n${"X: y\r\n".repeat(3000)}`, 400],
  ["a length that is too large", `POST / HTTP/1.1\r\n${HOST}Content-Length: 99999999\r\n\r\n`, 413],
];
