/**
 * The message that a command reads: a file that it names, or standard input.
 *
 * @module
 */

import { ByteReader, type Capabilities } from "../net/mod.ts";
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
 * Reads a message in pieces that the caller owns.
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
export const MAX_MESSAGE: number = 256 * 1024 * 1024;
