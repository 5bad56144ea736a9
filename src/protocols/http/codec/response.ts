/**
 * The responses of a server (RFC 9110 §15).
 *
 * @module
 */

/** The reason phrases of the codes that are used here. */
const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  417: "Expectation Failed",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
};

/** An answer. */
export interface HttpResponse {
  /** The status code. */
  readonly status: number;
  /** The fields beyond Date, Content-Length and Connection. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /**
   * The body: bytes, or pieces and how many bytes they are together. Pieces of unknown length go in chunks, to a client
   * of HTTP/1.0 until the connection ends.
   */
  readonly body:
    | Uint8Array
    | { readonly bytes: number | undefined; readonly pieces: AsyncIterable<Uint8Array> };
  /** Whether the connection ends after it. @default {false} */
  readonly close?: boolean | undefined;
}

/** Returns the reason phrase of a status code. */
export function reasonPhrase(status: number): string {
  return REASONS[status] ?? "";
}

/**
 * Makes an answer of one line of text.
 *
 * @param status The status code.
 * @param text The body; the phrase of the code if absent.
 * @param fields More fields.
 * @returns The answer.
 */
export function textResponse(
  status: number,
  text: string = `${status} ${reasonPhrase(status)}`,
  fields: HttpResponse["fields"] = [],
): HttpResponse {
  const type = ["Content-Type", "text/plain; charset=utf-8"] as const;
  return { status, fields: [type, ...fields], body: new TextEncoder().encode(`${text}\n`) };
}

/** Fields in wire format, by objects that are used again and again. */
const prepared = new WeakMap<HttpResponse["fields"], Prepared>();

interface Prepared {
  readonly text: string;
  /** The last whole response with these fields, and its parts. */
  last?: WrittenAnswer & Written;
}

/** The other parts of a response that its bytes depend on. */
interface Written {
  readonly status: number;
  readonly body: Uint8Array;
  readonly date: string;
  readonly connection: string | undefined;
}

/** A whole answer. */
export interface WrittenAnswer {
  /** Head and body. */
  readonly bytes: Uint8Array;
  /** How many bytes the head has. */
  readonly headBytes: number;
}

/**
 * Writes fields once, for many answers.
 *
 * @param fields Not to be changed afterwards.
 * @returns The same.
 * @throws {TypeError} If a field holds what would end it.
 */
export function prepareFields(fields: HttpResponse["fields"]): HttpResponse["fields"] {
  prepared.set(fields, { text: formatFields(fields) });
  return fields;
}

function formatFields(fields: HttpResponse["fields"]): string {
  let text = "";
  for (const [name, value] of fields) {
    if (!/^[\t -~]*$/.test(value)) throw new TypeError(`the field ${name} holds a bad character`);
    text += `${name}: ${value}\r\n`;
  }
  return text;
}

/**
 * Writes the head of an answer.
 *
 * @param answer The answer.
 * @param date The value of its Date field.
 * @param connection The value of the Connection field; none if absent.
 * @param chunked Whether a body of unknown length goes in chunks. @default {false}
 * @returns The head with its empty line; ASCII, as its fields must be.
 * @throws {TypeError} If a field holds what would end it.
 */
export function formatAnswerHead(
  { status, fields, body }: HttpResponse,
  date: string,
  connection?: "close" | "keep-alive",
  chunked: boolean = false,
): string {
  let text = `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\nDate: ${date}\r\n`;
  text += prepared.get(fields)?.text ?? formatFields(fields);
  // An answer without a body by its nature has no length (RFC 9110 §8.6).
  if (status !== 204 && status !== 304) {
    const bytes = body instanceof Uint8Array ? body.length : body.bytes;
    if (bytes !== undefined) text += `Content-Length: ${bytes}\r\n`;
    else if (chunked) text += "Transfer-Encoding: chunked\r\n";
  }
  if (connection !== undefined) text += `Connection: ${connection}\r\n`;
  return `${text}\r\n`;
}

/**
 * Writes head and body of an answer that is in memory. With prepared fields the bytes are kept, and given
 * again as long as nothing has changed: for a second at most, for there is a date in them.
 *
 * @param answer The answer.
 * @param body Its body.
 * @param date As for {@link formatAnswerHead}.
 * @param connection As for {@link formatAnswerHead}.
 * @returns The bytes, not to be changed.
 * @throws {TypeError} If a field holds what would end it.
 */
export function encodeResponse(
  answer: HttpResponse,
  body: Uint8Array,
  date: string,
  connection?: "close" | "keep-alive",
): WrittenAnswer {
  const { status, fields } = answer;
  const known = prepared.get(fields);
  const last = known?.last;
  if (
    last !== undefined && last.body === body && last.date === date && last.status === status &&
    last.connection === connection
  ) return last;
  const head = formatAnswerHead(answer, date, connection);
  const bytes = joinHead(head, body);
  const written = { bytes, headBytes: head.length, status, body, date, connection };
  if (known !== undefined) known.last = written;
  return written;
}

/**
 * Joins a head, which is ASCII, and a body in one piece.
 *
 * @param head The head.
 * @param body The body.
 * @returns Both.
 */
export function joinHead(head: string, body: Uint8Array = NOTHING): Uint8Array {
  const whole = new Uint8Array(head.length + body.length);
  encoder.encodeInto(head, whole);
  whole.set(body, head.length);
  return whole;
}

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();
