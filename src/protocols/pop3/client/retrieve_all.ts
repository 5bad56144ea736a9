/**
 * Several messages with few round trips.
 *
 * @module
 */

import type { ReplyError } from "../../../net/mod.ts";
import { toReplyError } from "../../wire/internal.ts";
import type { CommandLine } from "../../wire/mod.ts";
import type { Pop3Session } from "./session.ts";

/** Commands that are under way at once, if the server can. */
export const WINDOW = 32;

/** One of several messages that were requested. */
export interface RetrievedMessage {
  /** Its number in this session. */
  readonly number: number;
  /** Its text, lines ending with CRLF; to be read before the next message is taken. Empty if it was refused. */
  readonly text: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** The server's refusal; undefined if it sends the message. */
  readonly refusal: ReplyError | undefined;
}

/**
 * Requests messages, and yields them as they come.
 *
 * @param session The session.
 * @param waiting Numbers of the messages.
 * @param request Builds the request for a message.
 * @returns The messages, in this order.
 */
export async function* retrieveAll(
  session: Pop3Session,
  waiting: readonly number[],
  request: (number: number) => CommandLine,
): AsyncGenerator<RetrievedMessage> {
  const { channel, options } = session;
  const window = session.capabilities.has("PIPELINING") ? WINDOW : 1;
  const requested: number[] = [];
  let next = 0;
  session.assertIdle();
  session.isRetrieving = true;
  try {
    while (next < waiting.length || requested.length > 0) {
      if (requested.length <= window / 2 && next < waiting.length) {
        const more = waiting.slice(next, next + window - requested.length);
        next += more.length;
        requested.push(...more);
        await channel.sendWithoutWaiting(...more.map(request));
      }
      const reply = await channel.readReply();
      const number = requested[0]!;
      if (reply.code !== "+OK") {
        requested.shift();
        const refusal = toReplyError(reply, request(number).verb, channel.peer) as ReplyError;
        yield { number, text: (async function* () {})(), refusal };
        continue;
      }
      const text = channel.readText({ maxBytes: options.maxMessageBytes ?? 268_435_456 });
      // Leaving the loop over a text early must not end the session.
      const shown = { next: () => text.next() };
      yield { number, text: { [Symbol.asyncIterator]: () => shown }, refusal: undefined };
      // The unread rest.
      for await (const _ of text);
      requested.shift();
    }
  } finally {
    session.isRetrieving = false;
    if (requested.length > 0) channel.close();
  }
}
