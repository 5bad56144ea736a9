/**
 * The view of one client: messages by their places, which change only with a report to the client (RFC 9051 §5.2).
 *
 * @module
 */

import type { ListedMessage, MailFolder, MailListing } from "../../../stores/mod.ts";
import { MessageReader } from "../message/message_reader.ts";

/** Changes since the last report. */
export interface ViewChanges {
  /** Places of removed messages, the last first, so that none changes the next; and their numbers. */
  readonly removed: readonly { readonly place: number; readonly uid: number }[];
  /** Whether there are new messages. */
  readonly hasNew: boolean;
  /** Messages with other flags, by their places. */
  readonly changed: readonly { readonly place: number; readonly message: ListedMessage }[];
}

const NO_CHANGES: ViewChanges = { removed: [], hasNew: false, changed: [] };

/** A selected mailbox. */
export class MailboxView {
  readonly folder: MailFolder;
  readonly isReadOnly: boolean;
  /** Reads its messages. */
  readonly reader: MessageReader;
  #listing: MailListing;
  #messages: ListedMessage[];
  /** Whether messages are in the view that are gone. */
  #hasGone = false;
  /** The result of the last search that was saved (RFC 9051 §6.4.4.1), as identifiers. */
  saved: ReadonlySet<number> = new Set();

  constructor(folder: MailFolder, isReadOnly: boolean, listing: MailListing) {
    this.folder = folder;
    this.isReadOnly = isReadOnly;
    this.reader = new MessageReader(folder);
    this.#listing = listing;
    this.#messages = [...listing.messages];
  }

  /** Messages by their places, from 0. */
  get messages(): readonly ListedMessage[] {
    return this.#messages;
  }

  /** The last listing. */
  get listing(): MailListing {
    return this.#listing;
  }

  /** The place of a message, from 0; -1 if the client does not know it. */
  placeOf(uid: number): number {
    const place = firstAtLeast(this.#messages, uid);
    return this.#messages[place]?.uid === uid ? place : -1;
  }

  /**
   * Takes over the current content of the folder.
   * @param listing Its content.
   * @param mayRemove Whether places may change now.
   */
  update(listing: MailListing, mayRemove: boolean): ViewChanges {
    if (listing === this.#listing && !(this.#hasGone && mayRemove)) return NO_CHANGES;
    const removed: { place: number; uid: number }[] = [];
    const changed: { place: number; message: ListedMessage }[] = [];
    const merged: ListedMessage[] = [];
    const fresh = listing.messages;
    let at = 0;
    this.#hasGone = false;
    for (const [place, known] of this.#messages.entries()) {
      // A message that was put in before this one cannot be new: numbers only grow.
      while (at < fresh.length && fresh[at]!.uid < known.uid) at++;
      const now = fresh[at];
      if (now?.uid !== known.uid) {
        if (mayRemove) removed.push({ place, uid: known.uid });
        else {
          this.#hasGone = true;
          merged.push(known);
        }
        continue;
      }
      at++;
      if (now !== known && now.modseq !== known.modseq) {
        changed.push({ place: merged.length, message: now });
      }
      merged.push(now);
    }
    const last = this.#messages.at(-1)?.uid ?? 0;
    const isNew = (message: ListedMessage) =>
      message.uid > last && message.uid >= this.#listing.uidNext;
    const before = merged.length;
    for (; at < fresh.length; at++) if (isNew(fresh[at]!)) merged.push(fresh[at]!);
    const hasNew = merged.length > before;
    this.#messages = merged;
    this.#listing = listing;
    removed.reverse();
    return { removed, hasNew, changed };
  }

  /** Takes over flags that the current command reports by itself. */
  set(messages: Iterable<ListedMessage>): void {
    for (const message of messages) {
      const place = this.placeOf(message.uid);
      if (place >= 0) this.#messages[place] = message;
    }
  }
}

/**
 * Finds the first message whose number is not smaller.
 *
 * @param messages Messages by their numbers.
 * @param uid The number.
 * @returns Its place; the number of messages if all are smaller.
 */
export function firstAtLeast(messages: readonly ListedMessage[], uid: number): number {
  let [low, high] = [0, messages.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (messages[middle]!.uid < uid) low = middle + 1;
    else high = middle;
  }
  return low;
}
