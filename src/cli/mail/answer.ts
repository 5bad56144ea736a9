/**
 * The message that is replied to or forwarded, and the new text.
 *
 * @module
 */

import { withoutMboxLine } from "../../mime/internal.ts";
import { type Entity, type MessageDraft, parseMessage } from "../../mime/mod.ts";
import { toBytes } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";
import type { Context } from "../command/context.ts";
import type { AnsweredPlan } from "./options.ts";
import { draftWith, readText } from "./draft.ts";
import { MAX_MESSAGE, openInput } from "./input.ts";
import { textOf } from "./shown_message.ts";

/** A message to be answered. */
export interface Answered {
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** The same, read; messages within it stay whole. */
  readonly message: Entity;
  /** Its text; of HTML if it has no other. */
  readonly quoted: string;
  /** The answer, as the command line describes it. */
  readonly draft: MessageDraft;
}

/**
 * Reads the message and the new text: `--body`, or standard input if the message is a file.
 *
 * @param plan The message and the new text.
 * @param context Where standard input is.
 * @returns All of it.
 */
export async function readAnswered(
  { file, draft: plan }: AnsweredPlan,
  context: Context,
): Promise<Answered> {
  const bytes = await readMessage(file, context);
  const message = parseMessage(bytes, { wholeMessages: true });
  const silent = file === undefined || file === "-" || plan.body !== undefined ||
    plan.html !== undefined;
  const draft = await draftWith(plan, silent ? undefined : await readText(plan, context));
  return { bytes, message, quoted: await textOf(message), draft };
}

/**
 * Reads a message.
 *
 * @param file The file; undefined or `-` for standard input.
 * @param context Where standard input is.
 * @returns Its bytes.
 * @throws {UsageError} If there is nothing.
 */
export async function readMessage(
  file: string | undefined,
  context: Context,
): Promise<Uint8Array> {
  const bytes = withoutMboxLine(await toBytes(await openInput(file, context), MAX_MESSAGE));
  if (bytes.length === 0) throw new UsageError("the message is empty");
  return bytes;
}
