/**
 * An IMAP mailbox as a source of mail.
 *
 * @module
 */

import { ReplyError } from "../../net/mod.ts";
import type { ImapClient, ImapMailbox, SearchQuery } from "../../protocols/imap/mod.ts";
import type { ListedMail, MailSource } from "./fetch_mail.ts";

/**
 * Makes a source of a mailbox.
 *
 * @param client The client.
 * @param mailbox The open mailbox.
 * @param account The account, such as `ann@mail.example:143`; the same in each run.
 * @param query Which messages.
 * @returns The source.
 */
export function imapSource(
  client: ImapClient,
  mailbox: ImapMailbox,
  account: string,
  query: SearchQuery = {},
): MailSource {
  // Identifiers that were given anew are other messages.
  const prefix = `${account}/${encodeURIComponent(mailbox.name)} ${mailbox.uidValidity}.`;
  return {
    async list() {
      const messages: ListedMail[] = [];
      for await (
        const { uid, size = 0 } of mailbox.fetch(await mailbox.search(query), { size: true })
      ) {
        messages.push({ number: uid, bytes: size, key: `${prefix}${uid}` });
      }
      return messages;
    },
    async *texts(messages) {
      const byUid = new Map(messages.map((message) => [message.number, message]));
      for await (const { uid, text, flags, internalDate } of mailbox.texts([...byUid.keys()])) {
        const message = byUid.get(uid);
        if (message === undefined) continue;
        byUid.delete(uid);
        yield { message, text, refusal: undefined, facts: { flags, received: internalDate } };
      }
      for (const message of byUid.values()) {
        yield { message, text: nothing(), refusal: "the server did not send it" };
      }
    },
    async delete(messages) {
      try {
        await mailbox.delete(messages.map(({ number }) => number));
        return { deleted: messages.length, refusals: [] };
      } catch (error) {
        if (error instanceof ReplyError) return { deleted: 0, refusals: [error] };
        throw error;
      }
    },
    end: () => client.logout(),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
