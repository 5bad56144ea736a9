/**
 * The message that a command reads: a file that it names, or standard input.
 *
 * @module
 */

import { ByteReader, type Capabilities, joinBytes, LimitError } from "../net/mod.ts";
import { openFile } from "../stores/mod.ts";
import type { Context } from "./context.ts";

/**
 * Tells what reading a message needs.
 *
 * @param file The file; undefined or `-` for standard input.
 * @returns The capabilities.
 */
export function inputCapabilities(file: string | undefined): Capabilities {
  return file === undefined || file === "-" ? {} : { read: [file] };
}

/**
 * Reads a message in pieces; each is valid until the next.
 *
 * @param file The file; undefined or `-` for standard input.
 * @param context Where standard input is.
 * @returns The pieces.
 * @throws {NetwrightError} If there is no such file.
 */
export async function openInput(
  file: string | undefined,
  context: Context,
): Promise<AsyncIterable<Uint8Array>> {
  if (file === undefined || file === "-") return new ByteReader(context.stdin).body();
  return (await openFile(file)).pieces;
}

/** Largest message that is held in memory, in bytes. */
const MAX_MESSAGE = 256 * 1024 * 1024;

/**
 * Reads a message to its end.
 *
 * @param pieces The message; a piece need not stay valid longer than until the next.
 * @returns All of it.
 * @throws {LimitError} If it is larger than 256 MiB.
 */
export async function wholeMessage(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const copies: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > MAX_MESSAGE) {
      throw new LimitError(`the message is larger than ${MAX_MESSAGE} bytes`, {
        operation: "read a message",
        limit: MAX_MESSAGE,
      });
    }
    copies.push(piece.slice());
  }
  return joinBytes(copies);
}
