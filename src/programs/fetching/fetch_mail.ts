/**
 * Messages of a mailbox on a server, delivered once each (8.2 of the book's list).
 *
 * @module
 */

import type { ReplyError } from "../../net/mod.ts";
import type { DeliveredFacts, FetchJournal, MailDelivery } from "../../stores/internal.ts";

/** A message as the server lists it. */
export interface ListedMail {
  /** Its number in this session, or its identifier. */
  readonly number: number;
  /** Its size, in bytes. */
  readonly bytes: number;
  /** The key in the journal: the account and the identifier of the message. */
  readonly key: string;
}

/** The text of a message, or why there is none. */
export interface FetchedText {
  /** The message. */
  readonly message: ListedMail;
  /** Its text, lines ending with CRLF; to be read before the next one is taken. */
  readonly text: AsyncIterable<Uint8Array>;
  /** The server's refusal; undefined if it sends the message. */
  readonly refusal: string | undefined;
  /** Its flags and when the server received it, if the protocol has them. */
  readonly facts?: DeliveredFacts | undefined;
}

/** A mailbox on a server. */
export interface MailSource {
  /** Lists its messages, each with a key of its own that is the same in each run. */
  list(): Promise<readonly ListedMail[]>;
  /**
   * Streams texts.
   * @param messages The messages.
   * @returns Their texts, in an order of the server's.
   */
  texts(messages: readonly ListedMail[]): AsyncIterable<FetchedText>;
  /**
   * Deletes messages.
   * @param messages The messages.
   * @returns How many are deleted, and the refusals.
   */
  delete(
    messages: readonly ListedMail[],
  ): Promise<{ readonly deleted: number; readonly refusals: readonly ReplyError[] }>;
  /** Ends the session; only then are deletions certain. */
  end(): Promise<void>;
}

/** How {@link fetchMail} fetches. */
export interface FetchOptions {
  /** How long a message stays on the server after it was delivered, in milliseconds; for ever if absent. */
  readonly deleteAfterMs?: number | undefined;
  /** Maximum size of a message, in bytes; larger ones are skipped. @default {Infinity} */
  readonly maxBytes?: number | undefined;
  /** Maximum number of messages. @default {Infinity} */
  readonly maxMessages?: number | undefined;
  /** The journal. */
  readonly journal: FetchJournal;
  /** Opens the place of the messages, for these keys. */
  openDelivery(keys: readonly string[]): Promise<MailDelivery>;
  /** Called with each message that was delivered. */
  onDelivered?(message: ListedMail, path: string): Promise<void>;
  /** Called with each message that was not, and the reason. */
  onSkipped?(message: ListedMail, reason: string): Promise<void>;
  /** The time, in milliseconds since 1970. */
  now?: (() => number) | undefined;
}

/** The result of a run. */
export interface FetchSummary {
  /** Number of messages that were delivered now. */
  readonly delivered: number;
  /** Number of messages that had been delivered before. */
  readonly known: number;
  /** Number of messages that were not delivered: too large, or refused by the server. */
  readonly skipped: number;
  /** Number of messages that were deleted on the server. */
  readonly deleted: number;
  /** Refusals of the server to delete. */
  readonly refusals: readonly ReplyError[];
}

/**
 * Delivers the new messages of a mailbox, then deletes those on the server whose time has come, and ends the session.
 * Nothing is deleted before it is delivered, on the disk, and recorded; no message is delivered twice,
 * whenever a run is broken off.
 *
 * @param source The mailbox.
 * @param options The place of the messages, and the rules of deletion.
 * @returns The result.
 */
export async function fetchMail(source: MailSource, options: FetchOptions): Promise<FetchSummary> {
  const { journal, deleteAfterMs, maxBytes = Infinity, maxMessages = Infinity } = options;
  const now = options.now ?? Date.now;
  const messages = await source.list();
  const delivery = await options.openDelivery(messages.map(({ key }) => key));
  let [delivered, known, skipped] = [0, 0, 0];
  try {
    const requested: ListedMail[] = [];
    for (const message of messages) {
      const { key, bytes } = message;
      if (!journal.has(key) && delivery.has(key)) {
        // The run before was broken off between the delivery and its record.
        await delivery.sync();
        await journal.add(key, now());
        await delivery.recorded(key);
      }
      if (journal.has(key)) known++;
      else if (bytes > maxBytes) {
        skipped++;
        await options.onSkipped?.(message, `it is larger than ${maxBytes} bytes`);
      } else if (requested.length < maxMessages) requested.push(message);
    }
    try {
      for await (const { message, text, refusal, facts } of source.texts(requested)) {
        if (refusal !== undefined) {
          skipped++;
          await options.onSkipped?.(message, refusal);
          continue;
        }
        const { path } = await delivery.deliver(message.key, text, facts);
        await journal.add(message.key, now());
        await delivery.recorded(message.key);
        delivered++;
        await options.onDelivered?.(message, path);
      }
    } finally {
      await delivery.sync();
      await journal.sync();
    }
  } finally {
    delivery.close();
  }
  const expired = deleteAfterMs === undefined ? [] : messages.filter(({ key }) => {
    const fetched = journal.fetchedAt(key);
    return fetched !== undefined && fetched <= now() - deleteAfterMs;
  });
  const { deleted, refusals } = expired.length === 0
    ? { deleted: 0, refusals: [] }
    : await source.delete(expired);
  await journal.seen(messages.map(({ key }) => key), now());
  await source.end();
  return { delivered, known, skipped, deleted, refusals };
}
