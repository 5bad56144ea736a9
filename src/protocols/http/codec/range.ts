/**
 * Parts of a file (RFC 9110 §14).
 *
 * @module
 */

/** From a byte on, up to but not with another. */
export interface ByteRange {
  /** The first byte. */
  readonly start: number;
  /** The byte behind the last. */
  readonly end: number;
}

/**
 * Reads a Range field. A request for several parts is answered with the whole, as RFC 9110 §14.2 allows.
 *
 * @param field The field's value; undefined if there is none.
 * @param size How large the file is, in bytes.
 * @returns The part; undefined for the whole; `unsatisfiable` if it lies behind the end.
 *
 * @example The last ten bytes
 * ```ts
 * import { parseRange } from "./range.ts";
 * const part = parseRange("bytes=-10", 100);
 * if (typeof part !== "object" || part.start !== 90) throw new Error("another part");
 * ```
 */
export function parseRange(
  field: string | undefined,
  size: number,
): ByteRange | undefined | "unsatisfiable" {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(field ?? "");
  if (match === null) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "") {
    if (last === "") return undefined;
    const count = Math.min(Number(last), size);
    return count === 0 ? "unsatisfiable" : { start: size - count, end: size };
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  if (last !== "" && Number(last) < start) return undefined;
  return start >= size ? "unsatisfiable" : { start, end };
}
