/**
 * Many messages in one file (RFC 4155).
 *
 * @module
 */

/** A message of an mbox. */
export interface MboxMessage {
  /** The line that begins it, without `From ` and its end: usually the sender and when it came. */
  readonly from: string;
  /** The message, `>From ` unquoted; to be read before the next one, whose beginning is skipped to otherwise. */
  readonly text: AsyncIterable<Uint8Array>;
}

const FROM = new TextEncoder().encode("From ");
const LF = 10;
const CR = 13;
const QUOTE = 62;
/** Longest beginning of a line that is looked at: quotes before `From `. */
const MAX_QUOTES = 100;
/** Most bytes of a separating line. */
const MAX_FROM_BYTES = 1000;

/**
 * Divides an mbox into its messages: each begins with a line `From …` at the beginning or after an empty line. In it, a
 * line `>From ` loses its first `>` (the form that is called mboxrd).
 *
 * @param pieces The file, in pieces of any size.
 * @returns The messages in order. A file that does not begin with `From ` has one before the first, if it has any text.
 *
 * @example Count the messages
 * ```ts
 * import { splitMbox } from "@netwright/netwright/mime";
 * const file = [new TextEncoder().encode("From a\nSubject: 1\n\nx\n\nFrom b\nSubject: 2\n\ny\n")];
 * let count = 0;
 * for await (const { text } of splitMbox(file)) {
 *   for await (const _ of text);
 *   count++;
 * }
 * if (count !== 2) throw new Error(String(count));
 * ```
 */
export async function* splitMbox(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<MboxMessage> {
  const lines = linesOf(pieces);
  let next = await lines.next();
  while (!next.done && isEmpty(next.value)) next = await lines.next();
  while (!next.done) {
    let from = "";
    const isSeparated = isSeparator(next.value);
    if (isSeparated) {
      from = new TextDecoder().decode(next.value.subarray(FROM.length, MAX_FROM_BYTES)).trimEnd();
      next = await lines.next();
    }
    // The empty line before a separator, and that at the end of an mbox, are not of the message (RFC 4155).
    let held: Uint8Array | undefined;
    let isOver = false;
    const text = async function* (): AsyncGenerator<Uint8Array> {
      for (; !next.done; next = await lines.next()) {
        const line = next.value;
        if (isSeparator(line) && held !== undefined) {
          isOver = true;
          return;
        }
        if (held !== undefined) yield held;
        held = isEmpty(line) ? line : undefined;
        if (held === undefined) yield unquoted(line);
      }
      isOver = true;
      if (held !== undefined && !isSeparated) yield held;
    };
    yield { from, text: text() };
    // Unread text is skipped.
    for (; !isOver && !next.done; next = await lines.next()) {
      if (isSeparator(next.value) && held !== undefined) break;
      held = isEmpty(next.value) ? next.value : undefined;
    }
  }
}

/** Lines with their ends; of a very long one the further pieces come as lines of their own, which separate nothing. */
async function* linesOf(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array(0);
  /** Whether the line's beginning has gone already. */
  let isWithin = false;
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : joined(rest, piece);
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      yield isWithin ? marked(bytes.subarray(start, end + 1)) : bytes.subarray(start, end + 1);
      isWithin = false;
      start = end + 1;
    }
    const left = bytes.subarray(start);
    if (left.length > MAX_FROM_BYTES) {
      yield isWithin ? marked(left) : left;
      isWithin = true;
      rest = new Uint8Array(0);
    } else rest = left.slice();
  }
  if (rest.length > 0) yield isWithin ? marked(rest) : rest;
}

/** Pieces that do not begin a line. */
const within = new WeakSet<Uint8Array>();

function marked(bytes: Uint8Array): Uint8Array {
  within.add(bytes);
  return bytes;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function isSeparator(line: Uint8Array): boolean {
  return !within.has(line) && FROM.every((byte, at) => line[at] === byte);
}

function isEmpty(line: Uint8Array): boolean {
  return !within.has(line) && (line[0] === LF || line[0] === CR && line[1] === LF);
}

function unquoted(line: Uint8Array): Uint8Array {
  if (line[0] !== QUOTE || within.has(line)) return line;
  let quotes = 1;
  while (quotes < MAX_QUOTES && line[quotes] === QUOTE) quotes++;
  return FROM.every((byte, at) => line[quotes + at] === byte) ? line.subarray(1) : line;
}
