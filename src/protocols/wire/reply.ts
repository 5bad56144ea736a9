/**
 * Replies: a status and lines of text, in the styles of the protocols that use them.
 *
 * @module
 */

import {
  DisconnectedError,
  escapeControls,
  LimitError,
  type LineReader,
  NetwrightError,
  ProtocolError,
  ReplyError,
  Tainted,
} from "../../net/mod.ts";

/**
 * How replies are written.
 *
 * - `smtp`: every line has the code, all but the last followed by `-` (RFC 5321 §4.2.1).
 * - `ftp`: the first line has the code and `-`, the last the code and a space; lines between are free
 *   (RFC 959 §4.2).
 * - `nntp`: one line with a code (RFC 3977 §3.2).
 * - `pop3`: one line, `+OK`, `-ERR`, or `+` for more to come (RFC 1939 §3, RFC 5034 §4).
 */
export type ReplyStyle = "smtp" | "ftp" | "nntp" | "pop3";

/** A code, or `+OK`, `-ERR` or `+`. */
export type ReplyCode = number | string;

/** A server's reply. */
export interface Reply {
  /** Its code. */
  readonly code: ReplyCode;
  /** The text of each line, without code. */
  readonly lines: readonly Tainted<string>[];
}

/** The kind of the next reply. */
export interface ReplyText {
  /** Its code. */
  readonly code: ReplyCode;
  /** The text of each line, without code. */
  readonly lines: readonly string[];
}

/** How much of a reply is taken. */
export interface ReplyLimits {
  /** Most lines. @default {1000} */
  readonly maxLines?: number | undefined;
  /** Most bytes of text. @default {262144} */
  readonly maxBytes?: number | undefined;
}

/**
 * Reads one reply, and no byte more.
 *
 * @param reader Where it comes from.
 * @param style How it is written.
 * @param limits How much is taken.
 * @param peer The peer, for error messages.
 * @returns The reply, good or bad; judging its code is the caller's job.
 * @throws {ProtocolError} If it is none; the session is over.
 * @throws {LimitError} If it is too long; the session is over.
 * @throws {DisconnectedError} If the connection ends before or within it.
 *
 * @example One line
 * ```ts
 * import type { LineReader } from "@netwright/netwright/net";
 * import { readReply } from "./reply.ts";
 * async function isReady(reader: LineReader): Promise<boolean> {
 *   return (await readReply(reader, "smtp")).code === 220;
 * }
 * ```
 */
export async function readReply(
  reader: LineReader,
  style: ReplyStyle,
  limits: ReplyLimits = {},
  peer?: string,
): Promise<Reply> {
  const { maxLines = 1000, maxBytes = 262_144 } = limits;
  const context = { operation: "read a reply", peer };
  const lines: Tainted<string>[] = [];
  let code: string | undefined;
  let size = 0;
  while (true) {
    const line = reader.takeLine() ?? await reader.readLine();
    if (line === undefined) {
      throw new DisconnectedError(
        code === undefined
          ? "the peer closed the connection instead of answering"
          : "the connection ended within a reply",
        context,
      );
    }
    size += line.length;
    const part = parseReplyLine(line, style, code);
    if (part === undefined) {
      const received = escapeControls(line, { maxLength: 200 });
      throw new ProtocolError(`malformed reply: "${received}"`, { ...context, received });
    }
    code ??= part.code;
    lines.push(new Tainted(part.text));
    if (part.last) return { code: /^\d/.test(code) ? Number(code) : code, lines };
    if (lines.length >= maxLines) {
      throw new LimitError(`a reply has more than ${maxLines} lines`, {
        ...context,
        limit: maxLines,
      });
    }
    if (size > maxBytes) {
      throw new LimitError(`a reply is longer than ${maxBytes} bytes`, {
        ...context,
        limit: maxBytes,
      });
    }
  }
}

/** One line of a reply. */
export interface ReplyLine {
  /** Its code or status word. */
  readonly code: string;
  /** What follows the code. */
  readonly text: string;
  /** Whether the reply ends with it. */
  readonly last: boolean;
}

/**
 * Reads one line of a reply.
 *
 * @param line The line without its end.
 * @param style How it is written.
 * @param code The code of the lines before; undefined for the first.
 * @returns Code, text and whether it is the last; undefined if it does not fit.
 */
export function parseReplyLine(
  line: string,
  style: ReplyStyle,
  code: string | undefined,
): ReplyLine | undefined {
  if (style === "pop3") {
    const status = /^(\+OK|-ERR|\+)(?: (.*))?$/is.exec(line);
    return status === null
      ? undefined
      : { code: status[1]!.toUpperCase(), text: status[2] ?? "", last: true };
  }
  const [, digits, separator, text = ""] = /^([1-5]\d\d)(?:([ -])(.*))?$/s.exec(line) ?? [];
  if (style === "ftp" && code !== undefined) {
    return digits === code && separator !== "-"
      ? { code, text, last: true }
      : { code, text: digits === code ? text : line, last: false };
  }
  if (digits === undefined || digits !== (code ?? digits)) return undefined;
  if (style === "nntp") {
    return { code: digits, text: separator === "-" ? `-${text}` : text, last: true };
  }
  return { code: digits, text, last: separator !== "-" };
}

/**
 * Writes a reply.
 *
 * @param reply Its code and lines; at least one line, none with CR, LF or NUL.
 * @param style How to write it.
 * @returns Lines without CRLF.
 * @throws {RangeError} If the style allows one line and there are several.
 *
 * @example Two lines
 * ```ts
 * import { formatReply } from "./reply.ts";
 * const lines = formatReply({ code: 250, lines: ["hello", "SIZE 1000"] }, "smtp");
 * if (lines.join("|") !== "250-hello|250 SIZE 1000") throw new Error(lines.join("|"));
 * ```
 */
export function formatReply({ code, lines }: ReplyText, style: ReplyStyle): string[] {
  if (lines.length > 1 && (style === "nntp" || style === "pop3")) {
    throw new RangeError(`a reply in the style of ${style} has one line`);
  }
  const texts = lines.length === 0 ? [""] : lines;
  return texts.map((text, index) => {
    const last = index === texts.length - 1;
    // An empty challenge keeps its space (RFC 4954 §8, RFC 5034 §4).
    if (last) return text === "" && code !== 334 && code !== "+" ? `${code}` : `${code} ${text}`;
    if (style !== "ftp" || index === 0) return `${code}-${text}`;
    // A line between must not look like the last one; a space before it is what RFC 959 §4.2 asks for.
    return /^\d/.test(text) ? ` ${text}` : text;
  });
}

/**
 * Checks whether a reply is positive as far as its code shows: below 400, `+OK`, `+`.
 *
 * @param code The reply's code.
 * @returns Whether it is.
 */
export function isPositive(code: ReplyCode): boolean {
  return typeof code === "number" ? code < 400 : code !== "-ERR";
}

/**
 * Shows a reply in one line.
 *
 * @param reply The reply.
 * @returns Its code and text, cleaned, 500 characters at most.
 */
export function formatReplyForDisplay({ code, lines }: Reply): string {
  const text = lines.map((line) => line.forDisplay()).join(" ");
  return `${code} ${text}`.trimEnd().slice(0, 500);
}

/**
 * Makes the error of a refusal.
 *
 * @param reply The reply.
 * @param operation The operation: the verb.
 * @param peer The server.
 * @returns The error; its message quotes the reply, cleaned.
 */
export function toReplyError(reply: Reply, operation: string, peer: string): NetwrightError {
  return new ReplyError(formatReplyForDisplay(reply), {
    operation: operation.toUpperCase() === operation ? `complete ${operation}` : operation,
    peer,
    ...reply,
  });
}
