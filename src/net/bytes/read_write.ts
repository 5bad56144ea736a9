/**
 * Reading all, and writing all.
 *
 * @module
 */

import { checkSize } from "./byte_reader.ts";
import { closeQuietly } from "../core/close.ts";
import type { Reader } from "../core/connection.ts";
import { Deadline, type WaitOptions } from "../core/deadline.ts";
import { LimitError } from "../core/errors.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** How much {@link readToEnd} takes, and how long. */
export interface ReadToEndOptions extends WaitOptions {
  /** Most bytes. @default {1048576} */
  readonly maxBytes?: number | undefined;
  /** The peer, for error messages. */
  readonly peer?: string | undefined;
}

/**
 * Reads all that comes until the end.
 *
 * @param source Where it comes from; it is closed if the time is over.
 * @param options Limits; the time is for the whole, default 60 seconds.
 * @returns The bytes.
 * @throws {LimitError} If there are more than `maxBytes`.
 * @throws {DisconnectedError} If the connection broke.
 * @throws {TimeoutError} If the end did not come in time.
 *
 * @example All that a connection says
 * ```ts
 * import { type Connection, readToEnd } from "@netwright/netwright/net";
 * async function textOf(connection: Connection): Promise<string> {
 *   return new TextDecoder().decode(await readToEnd(connection, { maxBytes: 1000 }));
 * }
 * ```
 */
export async function readToEnd(
  source: Reader & { close?(): void },
  options: ReadToEndOptions = {},
): Promise<Uint8Array> {
  const { maxBytes = 1024 * 1024, peer, signal, timeoutMs = 60_000 } = options;
  checkSize(maxBytes, "maxBytes");
  const context = { operation: "read", peer };
  using deadline = new Deadline({ signal, timeoutMs }, context);
  let buffer = new Uint8Array(Math.min(4096, maxBytes + 1));
  let length = 0;
  while (true) {
    if (length === buffer.length) {
      const larger = new Uint8Array(Math.min(buffer.length * 2, maxBytes + 1));
      larger.set(buffer);
      buffer = larger;
    }
    let count: number | null;
    try {
      count = await deadline.wait(source.read(buffer.subarray(length)), () => closeQuietly(source));
    } catch (error) {
      throw toNetwrightError(error, context);
    }
    if (count === null) return buffer.slice(0, length);
    length += count;
    if (length > maxBytes) {
      throw new LimitError(`more than ${maxBytes} bytes came`, { ...context, limit: maxBytes });
    }
  }
}

/**
 * Writes all of a buffer, however little each write takes.
 *
 * @param sink Where to.
 * @param bytes What.
 */
export async function writeAll(
  sink: { write(p: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += await sink.write(done === 0 ? bytes : bytes.subarray(done));
  }
}
