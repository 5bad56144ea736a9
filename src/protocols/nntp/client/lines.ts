/**
 * Lists that a news server sends.
 *
 * @module
 */

import { escapeControls, LimitError, ProtocolError } from "../../../net/mod.ts";
import { TextLines } from "../../wire/internal.ts";
import type { CommandLine } from "../../wire/mod.ts";
import type { NntpSession } from "./session.ts";

/** Longest line of a list, in characters: an overview holds all references of an article. */
const MAX_LINE_LENGTH = 65_536;
/** Maximum number of lines of a list. */
const MAX_ENTRIES = 10_000_000;
/** Longest line on average, in bytes; for the limit of the whole. */
const MEAN_LINE_BYTES = 2048;

/**
 * Reads a list.
 *
 * @param session The session.
 * @param line The command.
 * @param code The code of consent.
 * @returns Its lines, as many at once as have come.
 * @throws {ReplyError} If the server refuses.
 * @throws {LimitError} If it is too long; the session is over then.
 */
export async function* readBatches(
  session: NntpSession,
  line: CommandLine,
  code: number,
): AsyncGenerator<readonly string[]> {
  session.assertIdle();
  await session.channel.send(line, [code]);
  yield* textBatches(session, line.verb);
}

/** The lines of the text that follows the last reply. */
async function* textBatches(session: NntpSession, verb: string): AsyncGenerator<readonly string[]> {
  const { channel, options: { maxEntries = MAX_ENTRIES } } = session;
  const lines = new TextLines({ encoding: "utf-8", maxLineLength: MAX_LINE_LENGTH });
  let count = 0;
  const maxBytes = Math.min(Number.MAX_SAFE_INTEGER, maxEntries * MEAN_LINE_BYTES);
  try {
    for await (const piece of channel.readText({ maxBytes })) {
      lines.add(piece);
      const batch = lines.take();
      count += batch.length;
      if (count > maxEntries) {
        throw new LimitError(`the list has more than ${maxEntries} lines`, {
          operation: `complete ${verb}`,
          peer: channel.peer,
          limit: maxEntries,
        });
      }
      yield batch;
    }
  } catch (error) {
    // The rest of the text would be taken for replies.
    if (error instanceof LimitError) channel.close();
    throw error;
  }
}

/**
 * Reads a list whose lines are all of one kind.
 *
 * @param session The session.
 * @param line The command.
 * @param code The code of consent.
 * @param parse Parses a line; undefined if it is malformed.
 * @returns The entries. Malformed lines are reported to the session's `onMalformed` and left out.
 * @throws As {@link readBatches} does.
 */
export function readEntries<T>(
  session: NntpSession,
  line: CommandLine,
  code: number,
  parse: (line: string) => T | undefined,
): AsyncIterableIterator<T> {
  return flattened(batchesOf(session, line, code, parse));
}

/**
 * Reads a list as {@link readEntries} does, as many entries at once as have come.
 *
 * @param session The session.
 * @param line The command.
 * @param code The code of consent.
 * @param parse Parses a line; undefined if it is malformed.
 * @returns The entries.
 */
export async function* batchesOf<T>(
  session: NntpSession,
  line: CommandLine,
  code: number,
  parse: (line: string) => T | undefined,
): AsyncGenerator<readonly T[]> {
  session.assertIdle();
  await session.channel.send(line, [code]);
  yield* readLists(session, line.verb, parse);
}

/**
 * Reads the list that follows the last reply, as {@link batchesOf} does.
 *
 * @param session The session.
 * @param verb The command.
 * @param parse Parses a line; undefined if it is malformed.
 * @returns The entries.
 */
export async function* readLists<T>(
  session: NntpSession,
  verb: string,
  parse: (line: string) => T | undefined,
): AsyncGenerator<readonly T[]> {
  for await (const batch of textBatches(session, verb)) {
    const entries: T[] = [];
    for (const text of batch) {
      const entry = parse(text);
      if (entry !== undefined) entries.push(entry);
      else if (text !== "") session.options.onMalformed?.(escapeControls(text, { maxLength: 500 }));
    }
    yield entries;
  }
}

/**
 * Gives entries one by one: a generator for each would be several times as slow.
 *
 * @param batches The entries.
 * @returns Each of them.
 */
export function flattened<T>(batches: AsyncGenerator<readonly T[]>): AsyncIterableIterator<T> {
  let batch: readonly T[] = [];
  let next = 0;
  const more = async (): Promise<IteratorResult<T>> => {
    while (next >= batch.length) {
      const { value, done } = await batches.next();
      if (done) return { done: true, value: undefined };
      [batch, next] = [value, 0];
    }
    return { done: false, value: batch[next++]! };
  };
  return {
    next: () =>
      next < batch.length ? Promise.resolve({ done: false, value: batch[next++]! }) : more(),
    async return() {
      [batch, next] = [[], 0];
      await batches.return(undefined);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * Makes the error of a reply that cannot be understood, and ends the session.
 *
 * @param session The session.
 * @param text The reply.
 * @param verb The command.
 * @returns The error.
 */
export function malformedReply(session: NntpSession, text: string, verb: string): ProtocolError {
  const { channel } = session;
  channel.close();
  const received = escapeControls(text, { maxLength: 200 });
  return new ProtocolError(`malformed response to ${verb}: "${received}"`, {
    operation: `complete ${verb}`,
    peer: channel.peer,
    received,
  });
}
