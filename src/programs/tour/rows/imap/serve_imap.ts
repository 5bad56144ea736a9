/**
 * A row of the tour.
 *
 * @module
 */

import { parseEndpoint } from "../../../../net/mod.ts";
import { ImapClient, type MailboxChange } from "../../../../protocols/imap/mod.ts";
import { Secret } from "../../../../protocols/wire/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveImap } from "./_mailboxes.ts";

/** The row of 8.4. */
export const row: TourRow = {
  id: "8.4",
  program: "serve imap",
  checked: "two clients of one mailbox: new mail, flags, removals are seen at once; conversations",
  async run(tour) {
    const { where, account } = await serveImap(tour, [
      "Subject: plan\r\nMessage-ID: <1@x>\r\n\r\nyes?\r\n",
      "Subject: Re: plan\r\nMessage-ID: <2@x>\r\nReferences: <1@x>\r\n\r\nyes\r\n",
    ]);
    const connect = () =>
      ImapClient.connect(parseEndpoint(where), {
        network: tour.network,
        credentials: { user: "ann", password: new Secret("sesame") },
      });
    await using one = await connect();
    await using other = await connect();
    const [inbox, again] = [await one.open("INBOX"), await other.open("INBOX")];
    const seen: MailboxChange["kind"][] = [];
    again.onChange = ({ kind }) => seen.push(kind);
    await one.append("INBOX", { content: new TextEncoder().encode("Subject: new\r\n\r\nhi\r\n") });
    await inbox.store(2, { add: ["\\Flagged"] });
    await inbox.delete(1);
    // A delivery, not by a client.
    await (await account.folder("INBOX"))!.append(
      new TextEncoder().encode("Subject: by mail\r\n\r\n"),
    );
    await other.noop();
    expect(new Set(seen).size === 3, `only ${seen.join(", ")} were seen`);
    expect(again.exists === 3, `${again.exists} messages`);
    const [first] = await again.thread({ subject: "plan" });
    expect(first?.uid === 2, "another conversation");
    const { messages } = await (await account.folder("INBOX"))!.list();
    expect(messages.map(({ uid }) => uid).join() === "2,3,4", "other messages are left");
  },
};
