/**
 * Four bytes that count seconds since 1900 (RFC 868).
 *
 * @module
 */

/** Seconds from 1900 to 1970. */
const EPOCH_1900 = 2_208_988_800;
/** Seconds after which the four bytes begin anew. */
const ERA = 2 ** 32;

/**
 * Writes a time.
 *
 * @param date The time; fractions of a second are cut.
 * @returns Four bytes, the most significant first; they begin anew in 2036.
 */
export function encodeTime(date: Date): Uint8Array {
  const seconds = Math.floor(date.getTime() / 1000) + EPOCH_1900;
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, ((seconds % ERA) + ERA) % ERA);
  return bytes;
}

/**
 * Reads a time.
 *
 * @param bytes Four bytes.
 * @param near A time near the result, which determines the era. @default {now}
 * @returns The time within 68 years of `near`.
 * @throws {RangeError} If there are not four bytes.
 *
 * @example The RFC's own example
 * ```ts
 * import { decodeTime } from "./codec.ts";
 * const bytes = new Uint8Array(4);
 * new DataView(bytes.buffer).setUint32(0, 2_524_521_600);
 * const date = decodeTime(bytes);
 * if (date.toISOString() !== "1980-01-01T00:00:00.000Z") throw new Error(date.toISOString());
 * ```
 */
export function decodeTime(bytes: Uint8Array, near: Date = new Date()): Date {
  if (bytes.length !== 4) throw new RangeError(`a time has 4 bytes, not ${bytes.length}`);
  const seconds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) - EPOCH_1900;
  const eras = Math.round((near.getTime() / 1000 - seconds) / ERA);
  return new Date((seconds + eras * ERA) * 1000);
}
