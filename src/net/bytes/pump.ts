/**
 * Bulk transfers from a source to a sink.
 *
 * @module
 */

import type { Reader } from "../core/connection.ts";

/** Bytes that are read while as many are being written. */
const BUFFER_BYTES = 1024 * 1024;

/**
 * Reads all and writes it: one buffer is filled while the other is being written. What came before a failure is written.
 *
 * @param source Where the bytes come from.
 * @param write Takes each piece; its buffer is used again when that resolves.
 * @param expected How many bytes there will be; undefined if that is not known.
 * @throws What reading or writing throws.
 */
export async function pump(
  source: Reader,
  write: (piece: Uint8Array) => Promise<void>,
  expected: number | undefined,
): Promise<void> {
  const size = Math.min(BUFFER_BYTES, Math.max(1024, expected ?? BUFFER_BYTES));
  let filling: Uint8Array = new Uint8Array(size);
  let other: Uint8Array | undefined;
  let writing: Promise<void> | undefined;
  while (true) {
    const { size: count, failure } = await fill(source, filling);
    await writing;
    if (count > 0) {
      writing = write(filling.subarray(0, count));
      // A failure is thrown by the wait for it; until then it is nobody's.
      writing.catch(() => {});
    }
    if (failure !== undefined || count === 0) {
      // What came before the failure is kept for another attempt.
      await writing;
      if (failure !== undefined) throw failure;
      return;
    }
    [filling, other] = [other ?? new Uint8Array(size), filling];
  }
}

/** Fills a buffer as far as there are bytes at hand, so that writes are few. */
async function fill(
  source: Reader,
  buffer: Uint8Array,
): Promise<{ readonly size: number; readonly failure?: unknown }> {
  let size = 0;
  try {
    while (size < buffer.length / 2) {
      const count = await source.read(buffer.subarray(size));
      if (count === null) break;
      size += count;
    }
    return { size };
  } catch (failure) {
    return { size, failure };
  }
}
