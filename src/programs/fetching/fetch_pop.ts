/**
 * Messages of a POP3 mailbox, delivered once each (8.2 of the book's list).
 *
 * @module
 */

import { ReplyError, UnsupportedError } from "../../net/mod.ts";
import type { Pop3Client } from "../../protocols/pop3/mod.ts";
import type { FetchJournal, MailDelivery } from "../../stores/internal.ts";

/** A message as the server lists it. */
export interface ListedMail {
  /** Its number in this session. */
  readonly number: number;
  /** Its size, in bytes. */
  readonly bytes: number;
  /** The key in the journal: the account and the identifier of the message. */
  readonly key: string;
}

/** How {@link fetchPop} fetches. */
export interface FetchOptions {
  /** The account, such as `ann@mail.example:110`; the same in each run. */
  readonly account: string;
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
 * @param client The mailbox.
 * @param options The place of the messages, and the rules of deletion.
 * @returns The result.
 * @throws {UnsupportedError} If the server has no identifiers (UIDL).
 */
export async function fetchPop(client: Pop3Client, options: FetchOptions): Promise<FetchSummary> {
  const { journal, deleteAfterMs, maxBytes = Infinity, maxMessages = Infinity } = options;
  const now = options.now ?? Date.now;
  const messages = await listMail(client, options.account);
  const delivery = await options.openDelivery(messages.map(({ key }) => key));
  let [delivered, known, skipped] = [0, 0, 0];
  try {
    const requested = new Map<number, ListedMail>();
    for (const message of messages) {
      const { key, number, bytes } = message;
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
      } else if (requested.size < maxMessages) requested.set(number, message);
    }
    try {
      for await (const { number, text, refusal } of client.retrieveAll(requested.keys())) {
        const message = requested.get(number)!;
        if (refusal !== undefined) {
          skipped++;
          await options.onSkipped?.(message, refusal.reason);
          continue;
        }
        const { path } = await delivery.deliver(message.key, text);
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
  const refusals = await client.delete(expired.map(({ number }) => number));
  await journal.seen(messages.map(({ key }) => key), now());
  await client.quit();
  return { delivered, known, skipped, deleted: expired.length - refusals.length, refusals };
}

async function listMail(client: Pop3Client, account: string): Promise<ListedMail[]> {
  const sizes = await client.list();
  const context = { operation: "fetch mail", peer: account };
  let uids: Map<number, string>;
  try {
    uids = new Map((await client.uidl()).map(({ number, uid }) => [number, uid]));
  } catch (error) {
    // Without identifiers, two messages could be taken for one.
    if (!(error instanceof ReplyError) || client.capabilities.has("UIDL")) throw error;
    throw new UnsupportedError("the server has no identifiers of messages (UIDL)", {
      ...context,
      cause: error,
    });
  }
  const copies = new Map<string, number>();
  return sizes.map(({ number, bytes }) => {
    const uid = uids.get(number);
    if (uid === undefined) {
      throw new UnsupportedError(
        `the server lists message ${number} without an identifier (UIDL)`,
        context,
      );
    }
    // Some servers give one identifier to several messages, which need not be the same.
    const copy = (copies.get(uid) ?? 0) + 1;
    copies.set(uid, copy);
    return { number, bytes, key: `${account} ${uid}${copy === 1 ? "" : `+${copy}`}` };
  });
}
