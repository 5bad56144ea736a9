/**
 * The message that a command reads: a file that it names, or standard input.
 *
 * @module
 */

import { splitMbox } from "../../mime/mod.ts";
import { ByteReader } from "../../net/mod.ts";
import { openFile } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import type { InputPlan } from "./options.ts";

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

/** A message of the input, and which it is; undefined if it is the only one. */
export interface NumberedMessage {
  /** From 1. */
  readonly number: number | undefined;
  /** The message, to be read before the next one. */
  readonly text: AsyncIterable<Uint8Array>;
}

/**
 * Opens a message, or with `--mbox` each message of a file.
 *
 * @param plan Where messages are.
 * @param context Where the command runs.
 * @returns The messages in order.
 * @throws As {@link openInput} does.
 */
export async function* openMessages(
  { file, mbox }: InputPlan,
  context: Context,
): AsyncGenerator<NumberedMessage> {
  const input = await openInput(file, context);
  if (!mbox) return yield { number: undefined, text: input };
  let number = 0;
  for await (const { text } of splitMbox(input)) yield { number: ++number, text };
}
