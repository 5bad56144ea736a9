/**
 * Texts that a server keeps, on their way to a client.
 *
 * @module
 */

import type { CommandSession } from "./command_session.ts";
import type { ShortReply } from "./command_server.ts";

/** The replies to a request for a text. */
export interface StoredTextReplies {
  /** The reply before the text. */
  readonly found: ShortReply;
  /** The reply if it cannot be read. */
  readonly unreadable: ShortReply;
  /** Called if it cannot be read, or not to its end. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Replies, and sends a text that ends with a dot. The reply waits until the first piece has been read.
 *
 * @param session The session.
 * @param text Its pieces; lines end with CRLF or LF.
 * @param replies The replies.
 * @returns `broken` if the text broke off in the middle, so that the connection must end.
 */
export async function replyWithStoredText(
  session: CommandSession,
  text: AsyncIterable<Uint8Array>,
  { found, unreadable, onError }: StoredTextReplies,
): Promise<"sent" | "unreadable" | "broken"> {
  const pieces = text[Symbol.asyncIterator]();
  let first: IteratorResult<Uint8Array>;
  try {
    first = await pieces.next();
  } catch (error) {
    onError?.(error);
    await session.reply(...unreadable);
    return "unreadable";
  }
  let failure: { readonly error: unknown } | undefined;
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (let next = first; !next.done; next = await pieces.next()) yield next.value;
    } catch (error) {
      failure = { error };
      throw error;
    } finally {
      await pieces.return?.();
    }
  };
  await session.reply(...found);
  try {
    await session.writeText(whole());
  } catch (error) {
    if (failure === undefined) throw error;
    onError?.(failure.error);
    return "broken";
  }
  return "sent";
}

/**
 * Sends lines as a text that ends with a dot.
 *
 * @param session The session.
 * @param lines The lines, without their ends.
 */
export async function writeLines(
  session: CommandSession,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  await session.writeText(encodeLines(lines));
}

/**
 * Encodes lines, in pieces of a fitting size.
 *
 * @param lines The lines, without their ends.
 * @returns Their bytes.
 */
export async function* encodeLines(
  lines: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const line of lines) {
    text += `${line}\r\n`;
    if (text.length < 16_384) continue;
    yield encoder.encode(text);
    text = "";
  }
  yield encoder.encode(text);
}
