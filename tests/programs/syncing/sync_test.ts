import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ImapClient } from "../../../src/protocols/imap/mod.ts";
import { syncMailbox, type SyncOptions } from "../../../src/programs/syncing/mod.ts";
import { planSync } from "../../../src/programs/syncing/sync_plan.ts";
import { Secret } from "../../../src/protocols/wire/mod.ts";
import { SyncJournal } from "../../../src/stores/internal.ts";
import { type MailFolder, MemoryMail } from "../../../src/stores/mod.ts";
import { type ServedImap, servedImap } from "../../protocols/imap/server/served.ts";
import { inFolder } from "../../support/trees.ts";

const letter = (name: string) =>
  new TextEncoder().encode(`Subject: ${name}\r\nMessage-ID: <${name}@x>\r\n\r\n${name}\r\n`);

/** Two mailboxes, and a way to make them equal. */
interface Pair {
  readonly server: ServedImap;
  readonly there: MailFolder;
  readonly here: MailFolder;
  sync(options?: SyncOptions): Promise<string>;
}

async function withPair(act: (pair: Pair) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    await using server = servedImap();
    const there = await server.folder("INBOX");
    const here = (await (await new MemoryMail().account("x")).folder("INBOX"))!;
    const sync = async (options: SyncOptions = {}): Promise<string> => {
      await using client = await ImapClient.connect(server.endpoint, {
        network: server.network,
        credentials: { user: "ann", password: new Secret("sesame") },
      });
      const mailbox = await client.open("INBOX", { readOnly: !options.both });
      using journal = await SyncJournal.open(`${folder}/journal`);
      const { fetched, sent, removedHere, removedThere, flagged, held } = await syncMailbox(
        client,
        mailbox,
        here,
        journal,
        options,
      );
      return [fetched, sent, removedHere, removedThere, flagged, ...held].join(" ");
    };
    await act({ server, there, here, sync });
  });
}

/** Subjects and flags, sorted. */
async function content(folder: MailFolder): Promise<string[]> {
  const lines: string[] = [];
  for (const { uid, flags } of (await folder.list()).messages) {
    let text = "";
    for await (const piece of folder.read(uid)) text += new TextDecoder().decode(piece);
    lines.push([/Subject: (\S+)/.exec(text)![1], ...[...flags].sort()].join(" "));
  }
  return lines.sort();
}

const add = (flag: string) => ({ mode: "add", flags: [flag] }) as const;
const remove = (flag: string) => ({ mode: "remove", flags: [flag] }) as const;

Deno.test("a mailbox is fetched once, then only new messages and flags", () =>
  withPair(async ({ there, here, sync }) => {
    for (const name of ["a", "b", "c"]) await there.append(letter(name), { flags: ["\\Seen"] });
    assertEquals(await sync({ dryRun: true }), "3 0 0 0 0");
    assertEquals(await content(here), []);
    assertEquals(await sync(), "3 0 0 0 0");
    assertEquals(await content(here), await content(there));
    assertEquals(await sync(), "0 0 0 0 0");
    await there.append(letter("d"));
    await there.changeFlags([2], add("\\Flagged"));
    await there.changeFlags([3], remove("\\Seen"));
    await here.changeFlags([1], add("$own"));
    assertEquals(await sync(), "1 0 0 0 2");
    assertEquals(await content(here), ["a $own \\Seen", "b \\Flagged \\Seen", "c", "d"]);
    // Messages removed here are not fetched again; those removed there stay without --delete.
    await here.remove([4]);
    await there.remove([1]);
    assertEquals(await sync(), "0 0 0 0 0");
    assertEquals(await sync({ delete: true }), "0 0 1 0 0");
    assertEquals(await content(here), ["b \\Flagged \\Seen", "c"]);
    assertEquals((await content(there)).length, 3);
  }));

Deno.test("both ways: messages, flags and removals, also where both sides have changed", () =>
  withPair(async ({ there, here, sync }) => {
    for (const name of ["a", "b", "c"]) await there.append(letter(name));
    await here.append(letter("local"), { flags: ["\\Draft"] });
    const both = { both: true, delete: true };
    assertEquals(await sync(both), "3 1 0 0 0");
    assertEquals(await content(here), await content(there));
    assertEquals(await sync(both), "0 0 0 0 0");
    // Here it has 1 local, 2 a, 3 b, 4 c.
    await here.changeFlags([2], add("\\Seen"));
    await there.changeFlags([1], add("\\Flagged"));
    await there.changeFlags([2], add("\\Answered"));
    await here.remove([4]);
    await there.remove([4]);
    assertEquals(await sync(both), "0 0 1 1 2");
    assertEquals(await content(there), ["a \\Flagged \\Seen", "b \\Answered"]);
    assertEquals(await content(here), await content(there));
    assertEquals(await sync(both), "0 0 0 0 0");
  }));

Deno.test("an empty mailbox removes nothing, nor do too many removals", () =>
  withPair(async ({ there, here, sync }) => {
    for (let at = 0; at < 5; at++) await there.append(letter(`n${at}`));
    await sync();
    await there.remove([1, 2, 3, 4, 5]);
    assertEquals(
      await sync({ delete: true }),
      "0 0 0 0 0 no messages are left on the server: none of 5 is removed; --max-delete 5 removes them",
    );
    assertEquals((await content(here)).length, 5);
    await there.append(letter("again"));
    assertEquals(
      await sync({ delete: true, maxDelete: 4 }),
      "1 0 0 0 0 5 messages are gone on the server, more than 4: none is removed; --max-delete 5 removes them",
    );
    assertEquals(await sync({ delete: true, maxDelete: 5 }), "0 0 5 0 0");
    assertEquals(await content(here), ["again"]);
  }));

Deno.test("messages are found again when the server gives its identifiers anew", () =>
  withPair(async ({ here, sync, there }) => {
    for (const name of ["a", "b", "c"]) await there.append(letter(name));
    await sync();
    await here.append(letter("own"));
    // Another server with the same mail, in another order, but for one.
    const { messages } = await there.list();
    await there.remove(messages.map(({ uid }) => uid));
    (there as { uidValidity: number }).uidValidity = 99;
    for (const name of ["c", "new", "a"]) await there.append(letter(name), { flags: ["\\Seen"] });
    assertEquals(await sync({ delete: true }), "1 0 0 0 2");
    assertEquals(await content(here), ["a \\Seen", "b", "c \\Seen", "new \\Seen", "own"]);
    assertEquals(await sync({ delete: true }), "0 0 0 0 0");
  }));

Deno.test("a mailbox that is here already is not fetched again", () =>
  withPair(async ({ there, here, sync }) => {
    for (const name of ["a", "b", "b"]) await there.append(letter(name));
    await here.append(letter("b"));
    await here.append(letter("a"));
    assertEquals(await sync(), "1 0 0 0 0");
    assertEquals(await content(here), ["a", "b", "b"]);
  }));

Deno.test("the plan of any two mailboxes makes them equal, and the next has nothing to do", () => {
  const flags = fc.uniqueArray(fc.constantFrom<string>("\\Seen", "\\Flagged", "x"));
  const side = fc.dictionary(fc.integer({ min: 1, max: 12 }).map(String), flags);
  fc.assert(fc.property(side, side, side, (links, remote, local) => {
    const mapOf = (record: Record<string, string[]>) =>
      new Map(Object.entries(record).map(([uid, list]) => [Number(uid), new Set(list)]));
    const there = mapOf(remote);
    // Numbers here are those there plus 100, where they are linked.
    const here = new Map([...mapOf(local)].map(([uid, set]) => [uid + 100, set]));
    let known = Object.entries(links).map(([uid, list]) => ({
      remote: Number(uid),
      local: Number(uid) + 100,
      flags: new Set(list),
      there: new Set(list),
    }));
    const rules = { both: true, delete: true, maxDelete: 1000 };
    const plan = planSync(known, there, here, rules);
    const changed = (
      set: Set<string>,
      change: { add: readonly string[]; remove: readonly string[] },
    ) => {
      change.add.forEach((flag) => set.add(flag));
      change.remove.forEach((flag) => set.delete(flag));
    };
    for (const change of plan.flagsThere) {
      for (const { remote } of change.links) changed(there.get(remote)!, change);
    }
    for (const change of plan.flagsHere) {
      for (const { local } of change.links) changed(here.get(local)!, change);
    }
    for (const { local } of plan.removeHere) here.delete(local);
    for (const { remote } of plan.removeThere) there.delete(remote);
    const [fetched, sent] = [plan.fetch, plan.send];
    fetched.forEach((uid) => here.set(uid + 1000, new Set(there.get(uid))));
    sent.forEach((uid) => there.set(uid + 1000, new Set(here.get(uid))));
    const linked = (remote: number, local: number) => ({
      ...{ remote, local },
      ...{ flags: new Set(there.get(remote)), there: new Set(there.get(remote)) },
    });
    known = [
      ...known.filter(({ remote, local }) => there.has(remote) && here.has(local))
        .map((link) => link.remote).map((uid) =>
          linked(uid, known.find(({ remote }) => remote === uid)!.local)
        ),
      ...fetched.map((uid) => linked(uid, uid + 1000)),
      ...sent.map((uid) => linked(uid + 1000, uid)),
    ];
    assertEquals([there.size, known.length], [here.size, here.size]);
    for (const { remote, local } of known) assertEquals(there.get(remote), here.get(local));
    const again = planSync(known, there, here, rules);
    assertEquals({ ...again }, {
      ...{ fetch: [], send: [], removeHere: [], removeThere: [], gone: [], held: [] },
      ...{ flagsHere: [], flagsThere: [] },
    });
  }));
});

Deno.test("a message that the server refuses stays here, and the others are sent", () =>
  withPair(async ({ there, here, sync }) => {
    await here.append(letter("a"));
    await here.append(new Uint8Array(30_000_000).fill(65));
    await here.append(letter("b"));
    const result = await sync({ both: true });
    assertEquals(
      result.replace(/not \d+$/, "not N"),
      "0 2 0 0 0 message 2 is not sent: the server takes messages up to 26214400 bytes, not N",
    );
    assertEquals(await content(there), ["a", "b"]);
    assertEquals((await sync({ both: true })).slice(0, 9), "0 0 0 0 0");
  }));

Deno.test("a change here that was not sent by a one-way run is sent by the next one", () =>
  withPair(async ({ there, here, sync }) => {
    await there.append(letter("a"), { flags: ["\\Seen"] });
    await sync();
    await here.changeFlags([1], remove("\\Seen"));
    await there.changeFlags([1], add("\\Flagged"));
    assertEquals(await sync(), "0 0 0 0 1");
    assertEquals(await content(here), ["a \\Flagged"]);
    assertEquals(await sync({ both: true }), "0 0 0 0 1");
    assertEquals(await content(there), ["a \\Flagged"]);
    assertEquals(await sync({ both: true }), "0 0 0 0 0");
  }));

Deno.test("keywords are the same whatever their case", () =>
  withPair(async ({ there, here, sync }) => {
    await there.append(letter("a"), { flags: ["Junk"] });
    await here.append(letter("a"), { flags: ["junk"] });
    assertEquals(await sync({ both: true }), "0 0 0 0 0");
    await there.changeFlags([1], add("\\Seen"));
    assertEquals(await sync({ both: true }), "0 0 0 0 1");
    assertEquals(await content(there), ["a Junk \\Seen"]);
    assertEquals(await content(here), ["a \\Seen junk"]);
  }));

Deno.test("messages without identifiers are the same only if their texts are", () =>
  withPair(async ({ there, here, sync }) => {
    const cron = (body: string) => new TextEncoder().encode(`Subject: cron\r\n\r\n${body}\r\n`);
    for (const body of ["A", "B"]) await there.append(cron(body));
    await here.append(cron("C"));
    await here.append(cron("B"));
    assertEquals(await sync(), "1 0 0 0 0");
    assertEquals((await here.list()).messages.length, 3);
  }));
