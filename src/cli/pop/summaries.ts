/**
 * Summaries of the messages of a mailbox, for lists.
 *
 * @module
 */

import { Header, mailboxesOf } from "../../mime/mod.ts";
import { concat } from "../../net/internal.ts";
import type { Pop3Client, Pop3Size } from "../../protocols/pop3/mod.ts";

/** Maximum size of a header, in bytes. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024;

/** A message in a list. */
export interface MessageSummary {
  /** Its number. */
  readonly number: number;
  /** Its size, in bytes. */
  readonly bytes: number;
  /** When it was written; undefined if that is not known. */
  readonly date: Date | undefined;
  /** Who wrote it. */
  readonly from: string;
  /** Its subject. */
  readonly subject: string;
}

/**
 * Reads the headers of messages.
 *
 * @param client The mailbox.
 * @param messages The messages.
 * @returns A summary for each; without date, sender and subject if the server does not send its header.
 */
export async function* summariesOf(
  client: Pop3Client,
  messages: readonly Pop3Size[],
): AsyncGenerator<MessageSummary> {
  const sizes = new Map(messages.map(({ number, bytes }) => [number, bytes]));
  for await (const { number, text } of client.topAll(sizes.keys(), 0)) {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    // The rest of a header that is too large is skipped.
    for await (const piece of text) {
      bytes += piece.length;
      if (bytes <= MAX_HEADER_BYTES) pieces.push(piece);
    }
    yield summaryOf(number, sizes.get(number)!, Header.parse(concat(pieces)));
  }
}

/**
 * Summarizes a message by its header.
 *
 * @param number Its number.
 * @param bytes Its size, in bytes.
 * @param header Its header.
 * @returns The summary.
 */
export function summaryOf(number: number, bytes: number, header: Header): MessageSummary {
  return {
    number,
    bytes,
    date: header.date?.date,
    from: mailboxesOf(header.addresses("from"))
      .map(({ name, address }) => name ? `${name} <${address}>` : address).join(", "),
    subject: header.text("subject") ?? "",
  };
}
