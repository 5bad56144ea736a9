/**
 * A POP3 mailbox as a source of mail.
 *
 * @module
 */

import { ReplyError, UnsupportedError } from "../../net/mod.ts";
import type { Pop3Client } from "../../protocols/pop3/mod.ts";
import type { ListedMail, MailSource } from "./fetch_mail.ts";

/**
 * Makes a source of a mailbox.
 *
 * @param client The mailbox, logged in.
 * @param account The account, such as `ann@mail.example:110`; the same in each run.
 * @returns The source; its list throws `UnsupportedError` if the server has no identifiers (UIDL).
 */
export function popSource(client: Pop3Client, account: string): MailSource {
  return {
    list: () => listMail(client, account),
    async *texts(messages) {
      const byNumber = new Map(messages.map((message) => [message.number, message]));
      for await (const { number, text, refusal } of client.retrieveAll(byNumber.keys())) {
        yield { message: byNumber.get(number)!, text, refusal: refusal?.reason };
      }
    },
    async delete(messages) {
      const refusals = await client.delete(messages.map(({ number }) => number));
      return { deleted: messages.length - refusals.length, refusals };
    },
    end: () => client.quit(),
  };
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
