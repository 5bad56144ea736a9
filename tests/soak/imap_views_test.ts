/** Two clients and a delivery work on one mailbox at once: at the end all see the same, and nothing is lost or doubled. */

import { assertEquals } from "@std/assert";
import { parseEndpoint } from "../../src/net/mod.ts";
import { ImapClient, type ImapMailbox } from "../../src/protocols/imap/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { Maildir, type MailFolder } from "../../src/stores/mod.ts";
import { serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";

/** How long they work, in milliseconds; `SOAK_SECONDS` makes it longer. */
const LONG_MS = Number(Deno.env.get("SOAK_SECONDS") ?? 8) * 1000;

const letter = (name: string) => new TextEncoder().encode(`Subject: ${name}\r\n\r\n${name}\r\n`);
const pick = <T>(list: readonly T[]): T | undefined =>
  list[Math.floor(Math.random() * list.length)];

/** Subjects and flags by identifiers, as a client sees them. */
async function viewOf(box: ImapMailbox): Promise<Map<number, string>> {
  const view = new Map<number, string>();
  for await (const { uid, flags, envelope } of box.fetch("1:*", { flags: true, envelope: true })) {
    view.set(uid, `${envelope!.subject} ${[...flags!].sort().join(" ")}`);
  }
  return view;
}

async function storedIn(folder: MailFolder): Promise<Map<number, string>> {
  const view = new Map<number, string>();
  for (const { uid, flags } of (await folder.list()).messages) {
    let text = "";
    for await (const piece of folder.read(uid)) text += new TextDecoder().decode(piece);
    view.set(uid, `${/Subject: (\S+)/.exec(text)![1]} ${[...flags].sort().join(" ")}`);
  }
  return view;
}

/** Does random work until the time is over; only messages of its own does a client move and remove. */
async function work(
  client: ImapClient,
  box: ImapMailbox,
  name: string,
  end: number,
  present: Set<string>,
): Promise<void> {
  const own = new Map<number, string>();
  for (let count = 0; performance.now() < end; count++) {
    const uid = pick([...own.keys()]);
    const step = uid === undefined ? 0 : count % 6;
    if (step < 2) {
      const subject = `${name}-${count}`;
      const stored = await client.append("INBOX", { content: letter(subject) });
      own.set(stored!.uids[0]!, subject);
      present.add(subject);
    } else if (step < 4) {
      // Flags of any message, also of those that another has just removed.
      const any = pick(await box.search());
      const flags = [pick(["\\Seen", "\\Flagged", "$x"])!];
      if (any !== undefined) await box.store(any, step === 2 ? { add: flags } : { remove: flags });
    } else if (step === 4) {
      await box.move(uid!, "other");
      own.delete(uid!);
    } else {
      await box.delete(uid!);
      present.delete(own.get(uid!)!);
      own.delete(uid!);
    }
  }
}

/** Delivers into the same Maildir, as another program does. */
async function deliver(inbox: MailFolder, end: number, present: Set<string>): Promise<void> {
  for (let count = 0; performance.now() < end; count++) {
    await inbox.append(letter(`d-${count}`));
    present.add(`d-${count}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (const model of ["multiplex", "prefork"]) {
  Deno.test(`two clients and a delivery work on one mailbox; all views agree (--model ${model})`, () =>
    inFolder(async (folder) => {
      const account = await new Maildir(folder).account("ann");
      const [inbox, other] = [(await account.folder("INBOX"))!, await account.create("other")];
      await using server = await serve([
        ...["imap", "--listen", "127.0.0.1:0", "--maildir", folder, "--any-password"],
        ...["--model", model],
      ]);
      const connect = (qresync: boolean) =>
        ImapClient.connect(parseEndpoint(server.endpoint), {
          credentials: { user: "ann", password: new Secret("x") },
          qresync,
        });
      await using one = await connect(false);
      await using two = await connect(true);
      const boxes = [await one.open("INBOX"), await two.open("INBOX")] as const;
      /** Subjects that must be in one of the mailboxes, once. */
      const present = new Set<string>();
      const end = performance.now() + LONG_MS;
      await Promise.all([
        work(one, boxes[0], "one", end, present),
        work(two, boxes[1], "two", end, present),
        deliver(inbox, end, present),
      ]);
      await one.noop();
      await two.noop();
      const stored = await storedIn(inbox);
      for (const box of boxes) {
        assertEquals(await viewOf(box), stored);
        assertEquals(box.exists, stored.size);
      }
      const subjects = [...stored.values(), ...(await storedIn(other)).values()]
        .map((line) => line.split(" ")[0]!);
      assertEquals(subjects.sort(), [...present].sort());
    }));
}
