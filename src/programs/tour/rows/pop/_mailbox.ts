/**
 * A mailbox of a row.
 *
 * @module
 */

import { handlePop3 } from "../../../../protocols/pop3/mod.ts";
import { type MailFolder, MemoryMail } from "../../../../stores/mod.ts";
import type { TourContext } from "../../core/row.ts";

/**
 * Serves a mailbox by POP3; its user may log in by any name with the password `tanstaaf`.
 *
 * @param tour The means of the row.
 * @param texts Its messages.
 * @returns Where, and the folder behind it.
 */
export async function servePop3(
  tour: TourContext,
  texts: readonly string[],
): Promise<{ readonly where: string; readonly inbox: MailFolder }> {
  const account = await new MemoryMail().account("ann");
  const inbox = (await account.folder("INBOX"))!;
  for (const text of texts) await inbox.append(new TextEncoder().encode(text));
  const where = await tour.serveStream((connection) =>
    handlePop3(connection, {
      users: { password: () => Promise.resolve("tanstaaf") },
      insecureAuth: true,
      async open() {
        const messages = await inbox.describe();
        return {
          messages: messages.map(({ uid, sizeBytes }) => ({ sizeBytes, uid: `${uid}` })),
          read: (index) => inbox.read(messages[index]!.uid),
          delete: (indexes) => inbox.remove(indexes.map((index) => messages[index]!.uid)),
          close() {},
        };
      },
    })
  );
  return { where, inbox };
}
