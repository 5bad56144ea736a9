/**
 * Where a line ends: pure searches over a buffer.
 *
 * @module
 */

const LF = 10;
const CR = 13;

/**
 * What ends a line.
 *
 * - `lf`: LF; a CR before it belongs to the ending.
 * - `crlf`: CRLF and nothing else; a bare CR or LF is an error (RFC 5321 §2.3.8).
 * - `any`: CRLF, LF or a lone CR.
 * - `paragraph`: one or more empty lines; those at the beginning are skipped.
 * - bytes: exactly these.
 */
export type LineEnding = "lf" | "crlf" | "any" | "paragraph" | Uint8Array;

/** A search, made once per reader. */
export interface Framing {
  /** Finds the first ending at or after `scanned`. */
  readonly find: (buffer: Uint8Array, start: number, end: number, scanned: number) => FoundLine;
  /** How many of the last bytes may be part of an ending that is not complete yet. */
  readonly lookBehind: number;
}

/** The result of a search. */
export interface FoundLine {
  /** Whether there is a whole line. */
  found: boolean;
  /** Where the line begins; bytes before it belong to the ending of the line before. */
  start: number;
  /** Where its content ends. */
  contentEnd: number;
  /** Where the next line begins. */
  next: number;
  /** The position at which the search continues when more bytes have arrived. */
  scanned: number;
  /** A bare CR or LF where that is not allowed. */
  bare: "CR" | "LF" | undefined;
}

/** Finds a line in `buffer` from `start` to `end`; bytes before `scanned` were searched before. */
export function findLine(
  framing: Framing,
  buffer: Uint8Array,
  start: number,
  end: number,
  scanned: number,
): FoundLine {
  return framing.find(buffer, start, end, scanned);
}

/**
 * Makes the search for a kind of ending.
 *
 * @param ending The kind.
 * @returns A search with a memory of its own, for one reader.
 * @throws {RangeError} If the bytes of a custom ending are none.
 */
export function framingOf(ending: LineEnding): Framing {
  switch (ending) {
    case "lf":
      return { find: findLf, lookBehind: 0 };
    case "crlf":
      return { find: findCrlf, lookBehind: 1 };
    case "any":
      return anyFraming();
    case "paragraph":
      // Of "x CR LF CR" all must stay: without the x, the rest would be empty lines at the beginning.
      return { find: findParagraph, lookBehind: 4 };
    default:
      if (ending.length === 0) throw new RangeError("a line ending needs at least one byte");
      return separatorFraming(ending.slice());
  }
}

function missing(start: number, scanned: number): FoundLine {
  return { found: false, start, contentEnd: 0, next: 0, scanned, bare: undefined };
}

function line(start: number, contentEnd: number, next: number): FoundLine {
  return { found: true, start, contentEnd, next, scanned: next, bare: undefined };
}

// The bytes after `end` are stale; an ending found there is none. Such a search is made once per read.
function findLf(buffer: Uint8Array, start: number, end: number, scanned: number): FoundLine {
  const at = buffer.indexOf(LF, scanned);
  if (at < 0 || at >= end) return missing(start, end);
  return line(start, at > start && buffer[at - 1] === CR ? at - 1 : at, at + 1);
}

function findCrlf(buffer: Uint8Array, start: number, end: number, scanned: number): FoundLine {
  const at = buffer.indexOf(LF, scanned);
  const stop = at < 0 || at >= end ? end : at;
  // The first CR must be the one before the LF, or the last byte that is here.
  for (let i = scanned; i < stop - 1; i++) {
    if (buffer[i] === CR) return { ...line(start, i, i + 1), found: false, bare: "CR" };
  }
  if (stop === end) return missing(start, Math.max(start, end - 1));
  if (at === start || buffer[at - 1] !== CR) {
    return { ...line(start, at, at + 1), found: false, bare: "LF" };
  }
  return line(start, at - 1, at + 1);
}

/** A CR ends its line at once; an LF right after it, however late it comes, belongs to it. */
function anyFraming(): Framing {
  let afterCr = false;
  const find = (
    buffer: Uint8Array,
    start: number,
    end: number,
    scanned: number,
  ): FoundLine => {
    let from = start;
    if (afterCr && start < end) {
      afterCr = false;
      if (buffer[start] === LF) from = start + 1;
    }
    for (let i = Math.max(from, scanned); i < end; i++) {
      const byte = buffer[i];
      if (byte !== LF && byte !== CR) continue;
      afterCr = byte === CR;
      return line(from, i, i + 1);
    }
    return missing(from, end);
  };
  return { find, lookBehind: 0 };
}

function separatorFraming(separator: Uint8Array): Framing {
  const first = separator[0]!;
  const find = (
    buffer: Uint8Array,
    start: number,
    end: number,
    scanned: number,
  ): FoundLine => {
    const last = end - separator.length;
    for (let at = buffer.indexOf(first, scanned); at >= 0 && at <= last;) {
      let same = 1;
      while (same < separator.length && buffer[at + same] === separator[same]) same++;
      if (same === separator.length) return line(start, at, at + separator.length);
      at = buffer.indexOf(first, at + 1);
    }
    return missing(start, Math.max(start, scanned, last + 1));
  };
  return { find, lookBehind: separator.length - 1 };
}

function findParagraph(buffer: Uint8Array, start: number, end: number, scanned: number): FoundLine {
  let from = start;
  while (from < end) {
    if (buffer[from] === LF) from++;
    else if (buffer[from] === CR && from + 1 < end && buffer[from + 1] === LF) from += 2;
    else break;
  }
  let at = buffer.indexOf(LF, Math.max(from, scanned));
  while (at >= 0 && at < end) {
    const second = buffer[at + 1] === CR && at + 1 < end ? at + 2 : at + 1;
    if (second >= end) return missing(from, at);
    if (buffer[second] === LF) {
      return line(from, at > from && buffer[at - 1] === CR ? at - 1 : at, second + 1);
    }
    at = buffer.indexOf(LF, at + 1);
  }
  return missing(from, Math.max(from, end));
}
