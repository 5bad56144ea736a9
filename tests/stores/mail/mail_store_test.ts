import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { InjectionError } from "../../../src/net/mod.ts";
import { decodeFolderName, encodeFolderName } from "../../../src/net/internal.ts";
import {
  Maildir,
  type MailFolder,
  type MailQuota,
  type MailStore,
  MailStoreError,
  MemoryMail,
} from "../../../src/stores/mod.ts";
import { join, latin1 } from "../../support/bytes.ts";
import { inFolder } from "../../support/trees.ts";

const text = (content: string) => new TextEncoder().encode(content);

async function readAll(folder: MailFolder, uid: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of folder.read(uid)) pieces.push(piece.slice());
  return latin1(join(pieces));
}

/** Both kinds of store, each in a fresh place. */
const STORES: Record<
  string,
  (work: (make: (quota?: MailQuota) => MailStore, root: string) => Promise<void>) => Promise<void>
> = {
  MemoryMail: async (work) => {
    const made = new Map<string, MailStore>();
    await work((quota) => {
      const key = JSON.stringify(quota);
      const store = made.get(key) ?? new MemoryMail(quota);
      made.set(key, store);
      return store;
    }, "");
  },
  Maildir: (work) => inFolder((root) => work((quota) => new Maildir(root, quota), root)),
};

async function inboxOf(store: MailStore): Promise<MailFolder> {
  return (await (await store.account("ann")).folder("inbox"))!;
}

const rejectsWith = async (kind: string, act: () => Promise<unknown>) => {
  const error = await assertRejects(act, MailStoreError);
  assertEquals(error.kind, kind);
};

for (const [name, inStore] of Object.entries(STORES)) {
  Deno.test(`${name} keeps messages, their numbers, flags and dates`, () =>
    inStore(async (make) => {
      const inbox = await inboxOf(make());
      const received = new Date("2026-11-27T10:00:00Z");
      async function* pieces() {
        yield text("Subject: x\r\n");
        await Promise.resolve();
        yield text("\r\nhi\r\n");
      }
      const first = await inbox.append(pieces(), { received });
      assertEquals([first.uid, first.sizeBytes, [...first.flags]], [1, 18, []]);
      await inbox.append(text("two"), { flags: ["\\Seen", "$Forwarded"] });
      assertEquals(await readAll(inbox, 1), "Subject: x\r\n\r\nhi\r\n");
      await inbox.changeFlags([1], { mode: "set", flags: ["\\Answered", "\\Flagged", "own"] });
      // Another that opens the same folder sees the same.
      const again = await inboxOf(make());
      assertEquals(again.uidValidity, inbox.uidValidity);
      const list = await again.describe();
      assertEquals(list.map(({ uid, sizeBytes, flags }) => [uid, sizeBytes, [...flags].sort()]), [
        [1, 18, ["\\Answered", "\\Flagged", "own"]],
        [2, 3, ["$Forwarded", "\\Seen"]],
      ]);
      assertEquals(list[0]?.received, received);
      await again.remove([2, 7]);
      assertEquals((await inbox.list()).messages.map(({ uid }) => uid), [1]);
      assertEquals((await inbox.append(text("three"))).uid, 3);
      assertEquals((await again.list()).uidNext, 4);
      await rejectsWith("missing", () => readAll(inbox, 2));
      const none = await inbox.changeFlags([2], { mode: "set", flags: [] });
      assertEquals(none, { messages: [], refused: [] });
    }));

  Deno.test(`${name} has folders`, () =>
    inStore(async (make) => {
      const account = await make().account("ann");
      await account.create("Work");
      await account.create("Work/Dönе & co");
      const other = await account.create("Apart");
      await rejectsWith("exists", () => account.create("Work"));
      for (const bad of ["", "a//b", "/a", "a/", "..", "a/../b", "a\nb", "\ud800"]) {
        await rejectsWith("name", () => account.create(bad));
      }
      const work = (await account.folder("Work/Dönе & co"))!;
      await work.append(text("kept"));
      assertEquals(await account.folders(), ["INBOX", "Apart", "Work", "Work/Dönе & co"]);
      await rejectsWith("exists", () => account.rename("Work", "Apart"));
      await account.rename("Work", "Done");
      assertEquals(await account.folders(), ["INBOX", "Apart", "Done", "Done/Dönе & co"]);
      const moved = (await account.folder("Done/Dönе & co"))!;
      assertEquals([await readAll(moved, 1), moved.uidValidity], ["kept", work.uidValidity]);
      await account.delete("Apart");
      assertEquals(await account.folder("Apart"), undefined);
      await rejectsWith("missing", () => account.delete("Apart"));
      await rejectsWith("name", () => account.delete("INBOX"));
      // Another folder of the name is another folder.
      assertEquals((await account.create("Apart")).uidValidity > other.uidValidity, true);
      assertEquals(await account.usage(), { bytes: 4, messages: 1 });
    }));

  Deno.test(`${name} keeps within a quota`, () =>
    inStore(async (make) => {
      const inbox = await inboxOf(make({ maxBytes: 10, maxMessages: 2 }));
      await inbox.append(text("12345"));
      await rejectsWith("quota", () => inbox.append(text("123456")));
      await inbox.append(text("12345"));
      await rejectsWith("quota", () => inbox.append(text("")));
      await inbox.remove([1]);
      await inbox.append(text("12345"));
      assertEquals((await inbox.list()).messages.map(({ uid }) => uid).length, 2);
    }));

  Deno.test(`${name} keeps nothing of a message that breaks off`, () =>
    inStore(async (make) => {
      const inbox = await inboxOf(make());
      async function* broken() {
        yield text("half");
        await Promise.reject(new TypeError("gone"));
      }
      await assertRejects(() => inbox.append(broken()), TypeError);
      assertEquals([(await inbox.list()).messages.length, (await inbox.list()).uidNext], [0, 1]);
    }));
}

Deno.test("Maildir finds messages of other programs, and understands their changes", () =>
  STORES.Maildir!(async (make, root) => {
    const inbox = await inboxOf(make());
    await inbox.append(text("ours"));
    await Deno.writeTextFile(`${root}/ann/new/1000000000.P1.other`, "theirs, older");
    await Deno.writeTextFile(`${root}/ann/cur/2000000000.P1.other,S=5:2,FS`, "later");
    const list = await inbox.describe();
    // Numbers follow the order in which messages were found.
    assertEquals(
      list.map(({ uid, sizeBytes, flags }) => [uid, sizeBytes, [...flags].sort().join()]),
      [
        [1, 4, ""],
        [2, 13, ""],
        [3, 5, "\\Flagged,\\Seen"],
      ],
    );
    await Deno.rename(
      `${root}/ann/new/1000000000.P1.other`,
      `${root}/ann/cur/1000000000.P1.other:2,RS`,
    );
    const [, second] = (await inbox.list()).messages;
    assertEquals([second?.uid, [...second!.flags].sort()], [2, ["\\Answered", "\\Seen"]]);
    await Deno.remove(`${root}/ann/cur/2000000000.P1.other,S=5:2,FS`);
    assertEquals((await inbox.list()).messages.length, 2);
    assertEquals((await inbox.list()).uidNext, 4);
  }));

Deno.test("Maildir gives messages of other programs with CRLF, whatever their files have", () =>
  STORES.Maildir!(async (make, root) => {
    const inbox = await inboxOf(make());
    await Deno.writeTextFile(`${root}/ann/new/1.P1.other`, "Subject: x\n\nhi\n");
    // Dovecot names the size of the file, and that with CRLF.
    await Deno.writeTextFile(`${root}/ann/cur/2.P1.other,S=15,W=18:2,S`, "Subject: x\n\nhi\n");
    await Deno.writeTextFile(`${root}/ann/cur/3.P1.other,S=4:2,`, "a\r\n\n");
    const sizes = (folder: MailFolder) =>
      folder.describe().then((list) => list.map(({ sizeBytes }) => sizeBytes));
    assertEquals(await sizes(inbox), [18, 18, 5]);
    for (const uid of [1, 2]) {
      assertEquals(await readAll(inbox, uid), "Subject: x\r\n\r\nhi\r\n");
    }
    assertEquals(await readAll(inbox, 3), "a\r\n\r\n");
    // What was counted is known to the next, and forgotten with the message.
    const list = `${root}/ann/netwright-uids`;
    assertEquals((await Deno.readTextFile(list)).match(/^S .*$/mg), [
      "S 18 1.P1.other",
      "S 5 3.P1.other,S=4",
    ]);
    await Deno.writeTextFile(list, (await Deno.readTextFile(list)).replace("S 18", "S 17"));
    assertEquals(await sizes(await inboxOf(make())), [17, 18, 5]);
    await inbox.remove([1]);
    assertEquals(await sizes(inbox), [18, 5]);
    assertEquals((await inbox.describe([3, 9, 2, 3])).map(({ uid }) => uid), [2, 3]);
  }));

Deno.test("Maildir lists, reads and removes messages while another program flags all of them", () =>
  STORES.Maildir!(async (make, root) => {
    const inbox = await inboxOf(make());
    const cur = `${root}/ann/cur`;
    const COUNT = 400;
    for (let at = 0; at < COUNT; at++) await Deno.writeTextFile(`${cur}/${at}.P1.host:2,`, `${at}`);
    const uids = (await inbox.list()).messages.map(({ uid }) => uid);
    // A process of its own: the system lists the folder while names change.
    const child = new Deno.Command("sh", {
      args: [
        "-c",
        'cd "$0" && while :; do for f in *; do b=${f%:2,*}; case $f in *S) mv "$f" "$b:2,";; *) mv "$f" "$b:2,S";; esac; done; done',
        cur,
      ],
      stderr: "null",
    }).spawn();
    try {
      for (let round = 0; round < 20; round++) {
        assertEquals((await inbox.describe()).map(({ uid }) => uid), uids);
        assertEquals(await readAll(inbox, uids[round]!), await readAll(inbox, uids[round]!));
      }
      await inbox.remove(uids.slice(0, 200));
      assertEquals((await inbox.list()).messages.map(({ uid }) => uid), uids.slice(200));
    } finally {
      child.kill();
      await child.status;
    }
    assertEquals((await inbox.list()).messages.map(({ uid }) => uid), uids.slice(200));
    assertEquals([...Deno.readDirSync(cur)].length, 200);
  }));

Deno.test("Maildir keeps the number of a message whose file has an odd name", () =>
  STORES.Maildir!(async (make, root) => {
    const inbox = await inboxOf(make());
    const names = ["1.a\n7 2.b", "=3.c", "4.d%0A", "5.\x1be"];
    for (const name of names) await Deno.writeTextFile(`${root}/ann/new/${name}`, "x");
    const first = (await inbox.list()).messages.map(({ uid }) => uid);
    assertEquals(first, [1, 2, 3, 4]);
    for (let round = 0; round < 2; round++) {
      assertEquals((await (await inboxOf(make())).list()).messages.map(({ uid }) => uid), first);
    }
    assertEquals((await inbox.list()).uidNext, 5);
  }));

Deno.test("Maildir makes the mail of a user anew whose folder was removed", () =>
  STORES.Maildir!(async (make, root) => {
    const store = make();
    await (await inboxOf(store)).append(text("gone"));
    await Deno.remove(`${root}/ann`, { recursive: true });
    assertEquals((await (await inboxOf(store)).list()).messages, []);
  }));

Deno.test("Maildir reads a message that another program has moved meanwhile", () =>
  STORES.Maildir!(async (make, root) => {
    const inbox = await inboxOf(make());
    await inbox.append(text("kept"));
    const [file] = [...Deno.readDirSync(`${root}/ann/new`)];
    await inbox.list();
    await Deno.rename(`${root}/ann/new/${file!.name}`, `${root}/ann/cur/${file!.name}:2,S`);
    assertEquals(await readAll(inbox, 1), "kept");
    await Deno.remove(`${root}/ann/cur/${file!.name}:2,S`);
    await rejectsWith("missing", () => readAll(inbox, 1));
  }));

for (const [name, inStore] of Object.entries(STORES)) {
  Deno.test(`${name} reserves a folder for one session`, () =>
    inStore(async (make) => {
      const [one, other] = [await inboxOf(make()), await inboxOf(make())];
      const held = await one.reserve();
      assertEquals([await one.reserve(), await other.reserve()], [undefined, undefined]);
      await other.append(text("while it is reserved"));
      held![Symbol.dispose]();
      using again = await other.reserve();
      assertEquals(again === undefined, false);
    }));
}

Deno.test("Maildir takes no user who would be elsewhere", () =>
  STORES.Maildir!(async (make, root) => {
    for (const user of ["..", ".", "", "a/b", "../x", "a\0", "/etc"]) {
      await assertRejects(() => make().account(user), InjectionError);
    }
    await Deno.symlink("/tmp", `${root}/link`);
    await assertRejects(() => make().account("link"), InjectionError);
  }));

Deno.test("Maildir survives a list of numbers that a crash left half written", () =>
  STORES.Maildir!(async (make, root) => {
    const inbox = await inboxOf(make());
    for (const content of ["a", "b"]) await inbox.append(text(content));
    const path = `${root}/ann/netwright-uids`;
    await Deno.truncate(path, (await Deno.stat(path)).size - 7);
    const again = await inboxOf(make());
    const list = (await again.list()).messages;
    assertEquals(list.map(({ uid }) => uid), [1, 2]);
    assertEquals((await again.append(text("c"))).uid, 3);
    assertEquals((await (await inboxOf(make())).list()).messages.map(({ uid }) => uid), [1, 2, 3]);
  }));

Deno.test("Maildir gives many writers, in several stores at once, numbers of their own", () =>
  STORES.Maildir!(async (make) => {
    const folders = await Promise.all([make(), make(), make()].map(inboxOf));
    const kept = await Promise.all(
      Array.from({ length: 60 }, (_, at) => folders[at % 3]!.append(text(`${at}`))),
    );
    assertEquals(
      kept.map(({ uid }) => uid).sort((a, b) => a - b),
      Array.from({ length: 60 }, (_, at) => at + 1),
    );
    for (const [at, { uid }] of kept.entries()) {
      assertEquals(await readAll(folders[0]!, uid), `${at}`);
    }
  }));

Deno.test("names of folders become modified UTF-7 and back", () => {
  for (
    const [name, expected] of [
      ["&", "&-"],
      ["Entwürfe", "Entw&APw-rfe"],
      ["日本語", "&ZeVnLIqe-"],
      [
        "a/b",
        "a/b",
      ],
    ]
  ) {
    assertEquals(encodeFolderName(name!), expected);
  }
  fc.assert(fc.property(fc.string({ unit: "binary" }), (name) => {
    const encoded = encodeFolderName(name.toWellFormed());
    assertEquals([/^[\x20-\x7e]*$/.test(encoded), decodeFolderName(encoded)], [
      true,
      name.toWellFormed(),
    ]);
  }));
  for (const bad of ["&", "&A", "&AGE-", "é", "&AAA", "&,-"]) {
    assertEquals(decodeFolderName(bad), undefined, bad);
  }
});

Deno.test("a Maildir's files have the time of their messages, which other programs read and set", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const inbox = (await (await new Maildir(folder).account("ann")).folder("INBOX"))!;
    const received = new Date("2020-02-03T04:05:06Z");
    await inbox.append(new TextEncoder().encode("Subject: x\r\n\r\nhi\r\n"), { received });
    const [file] = Array.from(Deno.readDirSync(`${folder}/ann/new`), ({ name }) => name);
    const path = `${folder}/ann/new/${file}`;
    assertEquals((await Deno.stat(path)).mtime, received);
    const other = new Date("2019-01-01T00:00:00Z");
    await Deno.utime(path, other, other);
    assertEquals((await inbox.describe())[0]?.received, other);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const [name, inStore] of Object.entries(STORES)) {
  Deno.test(`${name} moves messages, and changes flags of many, with modification sequences`, () =>
    inStore(async (make) => {
      const account = await make().account("ann");
      const [inbox, other] = [(await account.folder("INBOX"))!, await account.create("other")];
      const texts = ["a", "b", "c", "d"].map((content) => ({ text: text(content) }));
      await inbox.appendAll([{ ...texts[0]!, flags: ["own"] }, ...texts.slice(1)]);
      const before = await inbox.list();
      assertEquals(await inbox.list() === before, true);
      const { messages, refused } = await inbox.changeFlags([1, 2, 9], {
        mode: "add",
        flags: ["\\Seen"],
      });
      assertEquals(messages.map(({ uid, flags }) => [uid, [...flags].sort().join()]), [
        [1, "\\Seen,own"],
        [2, "\\Seen"],
      ]);
      assertEquals(refused, []);
      const after = await inbox.list();
      assertEquals(after.highestModseq > before.highestModseq, true);
      assertEquals(after.messages[2] === before.messages[2], true);
      const late = {
        mode: "remove",
        flags: ["\\Seen"],
        unchangedSince: before.highestModseq,
      } as const;
      assertEquals((await inbox.changeFlags([1, 3], late)).refused, [1]);
      assertEquals([...await inbox.move([3, 1, 9], other)], [[1, 1], [3, 2]]);
      assertEquals((await inbox.list()).messages.map(({ uid }) => uid), [2, 4]);
      const moved = await other.describe();
      assertEquals(moved.map(({ uid, flags }) => [uid, [...flags].sort().join()]), [
        [1, "\\Seen,own"],
        [2, ""],
      ]);
      assertEquals(await readAll(other, 2), "c");
      // Into itself: new numbers.
      assertEquals([...await inbox.move([2], inbox)], [[2, 5]]);
      const range = { start: 0, end: 0 };
      assertEquals((await Array.fromAsync(inbox.read(5, range))).join(), "");
      // Another that opens it sees the same sequences.
      const again = (await (await make().account("ann")).folder("INBOX"))!;
      const [own, others] = [await inbox.list(), await again.list()];
      assertEquals(
        own.messages.map(({ uid, modseq }) => [uid, modseq]),
        others.messages.map(({ uid, modseq }) => [uid, modseq]),
      );
      assertEquals([own.highestModseq, own.uidNext], [others.highestModseq, others.uidNext]);
    }));

  Deno.test(`${name} keeps all of several messages, or none, and subscriptions`, () =>
    inStore(async (make) => {
      const account = await make({ maxBytes: 10 }).account("ann");
      const inbox = (await account.folder("INBOX"))!;
      const letters = ["12345", "123456"].map((content) => ({ text: text(content) }));
      await rejectsWith("quota", () => inbox.appendAll(letters));
      assertEquals((await inbox.list()).messages, []);
      await inbox.append(text("1234567890"));
      await account.subscribe("b/c", true);
      await account.subscribe("inbox", true);
      await account.subscribe("x", true);
      await account.subscribe("x", false);
      assertEquals(await account.subscriptions(), ["INBOX", "b/c"]);
      await rejectsWith("name", () => account.subscribe("a//b", true));
    }));
}

Deno.test("Maildir reports changes by this process, and by others", () =>
  STORES.Maildir!(async (make, root) => {
    const [one, other] = [await inboxOf(make()), await inboxOf(make())];
    let told = Promise.withResolvers<void>();
    using _watch = one.onChange(() => told.resolve());
    await one.append(text("a"));
    await told.promise;
    told = Promise.withResolvers();
    await other.append(text("b"));
    await told.promise;
    told = Promise.withResolvers();
    await Deno.writeTextFile(`${root}/ann/new/1.P1.other`, "c");
    await told.promise;
    assertEquals((await one.list()).messages.length, 3);
  }));

Deno.test("Maildir sees what other programs flag as changes, also those made while it did not run", () =>
  STORES.Maildir!(async (make, root) => {
    const inbox = await inboxOf(make());
    await inbox.append(text("a"), { flags: ["\\Seen"] });
    const { highestModseq } = await inbox.list();
    const [file] = [...Deno.readDirSync(`${root}/ann/cur`)];
    await Deno.rename(
      `${root}/ann/cur/${file!.name}`,
      `${root}/ann/cur/${file!.name}F`.replace("SF", "FS"),
    );
    const again = await (await inboxOf(make())).list();
    assertEquals([...again.messages[0]!.flags].sort(), ["\\Flagged", "\\Seen"]);
    assertEquals(again.messages[0]!.modseq > highestModseq, true);
  }));

Deno.test("Maildir has letters for 26 keywords at a time, and uses those again that no message has", () =>
  STORES.Maildir!(async (make) => {
    const inbox = await inboxOf(make());
    await inbox.append(text("a"));
    for (let at = 0; at < 26; at++) {
      await inbox.changeFlags([1], { mode: "set", flags: [`k${at}`] });
    }
    assertEquals((await inbox.list()).takesKeywords, true);
    const all = Array.from({ length: 26 }, (_, at) => `k${at}`);
    await inbox.changeFlags([1], { mode: "set", flags: all });
    assertEquals((await inbox.list()).takesKeywords, false);
    await inbox.changeFlags([1], { mode: "add", flags: ["more"] });
    assertEquals((await inbox.list()).messages[0]!.flags.has("more"), false);
    await inbox.changeFlags([1], { mode: "remove", flags: ["K3"] });
    await inbox.changeFlags([1], { mode: "add", flags: ["more"] });
    const { flags } = (await (await inboxOf(make())).list()).messages[0]!;
    assertEquals([flags.has("more"), flags.has("k3"), flags.size], [true, false, 26]);
  }));

Deno.test("Maildir reads its list of an earlier form, and begins anew with a folder made anew", () =>
  STORES.Maildir!(async (make, root) => {
    const inbox = await inboxOf(make());
    await inbox.append(text("a"));
    const [file] = [...Deno.readDirSync(`${root}/ann/new`)];
    await Deno.writeTextFile(`${root}/ann/netwright-uids`, `1 77 9\nK own\n4 ${file!.name}\n`);
    const old = await inboxOf(make());
    assertEquals([old.uidValidity, (await old.list()).messages.map(({ uid }) => uid)], [77, [4]]);
    assertEquals((await old.list()).uidNext, 9);
    await rejectsWith("missing", () => inbox.list());
    const account = await make().account("ann");
    const box = await account.create("box");
    await account.delete("box");
    await rejectsWith("missing", () => box.list());
    await (await account.create("box")).append(text("other"));
    await rejectsWith("missing", () => box.remove([1]));
    await Deno.mkdir(`${root}/ann/.cache`);
    await Deno.mkdir(`${root}/ann/.a..b/cur`, { recursive: true });
    assertEquals(await account.folders(), ["INBOX", "box"]);
  }));

Deno.test("Maildir has its keywords where Dovecot has them, and understands letters that get a meaning later", () =>
  STORES.Maildir!(async (make, root) => {
    await inboxOf(make());
    await Deno.writeTextFile(`${root}/ann/dovecot-keywords`, "0 $Work\n2 $Home\n");
    await Deno.writeTextFile(`${root}/ann/cur/1.P1.other:2,Sc`, "x");
    await Deno.writeTextFile(`${root}/ann/cur/2.P1.other:2,b`, "x");
    const inbox = await inboxOf(make());
    const flags = async (folder: MailFolder) =>
      (await folder.list()).messages.map((message) => [...message.flags].sort().join(" "));
    assertEquals(await flags(inbox), ["$Home \\Seen", ""]);
    const { highestModseq } = await inbox.list();
    // The letter of message 2 has a meaning that is not known here: it is given to no other.
    await inbox.changeFlags([1], { mode: "add", flags: ["own"] });
    const keywords = () => Deno.readTextFile(`${root}/ann/dovecot-keywords`);
    assertEquals(await keywords(), "0 $Work\n2 $Home\n3 own\n");
    await Deno.writeTextFile(`${root}/ann/dovecot-keywords`, "0 $Work\n1 $Junk\n2 $Home\n3 own\n");
    assertEquals(await flags(inbox), ["$Home \\Seen own", "$Junk"]);
    const after = await inbox.list();
    assertEquals(after.messages[1]!.modseq > highestModseq, true);
    assertEquals(await flags(await inboxOf(make())), ["$Home \\Seen own", "$Junk"]);
  }));

Deno.test({
  name: "Maildir on a full disk: messages are read and removed, and nothing is forgotten",
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0,
}, async () => {
  const root = await Deno.makeTempDir();
  const mount = (...args: string[]) => new Deno.Command("mount", { args }).output();
  const { success } = await mount("-t", "tmpfs", "-o", "size=400k", "none", root);
  try {
    if (!success) return;
    const inbox = await inboxOf(new Maildir(root));
    for (let at = 0; at < 20; at++) await inbox.append(text(`${at}`));
    const { messages } = await inbox.list();
    const filler = `${root}/filler`;
    await Deno.writeFile(filler, new Uint8Array(1_000_000)).catch(() => {});
    for (let at = 0; at < 30; at++) {
      await inbox.changeFlags([1 + at % 20], {
        mode: "add",
        flags: [at < 20 ? "\\Seen" : "\\Flagged"],
      });
    }
    assertEquals(await readAll(inbox, 7), "6");
    await assertRejects(() => inbox.append(text("x".repeat(10_000))), Error);
    await inbox.remove([3]);
    const left = messages.map(({ uid }) => uid).filter((uid) => uid !== 3);
    assertEquals((await inbox.list()).messages.map(({ uid }) => uid), left);
    await Deno.remove(filler);
    assertEquals((await inbox.append(text("again"))).uid > 20, true);
    const again = await (await inboxOf(new Maildir(root))).list();
    assertEquals(again.messages.length, 20);
    assertEquals(again.messages.slice(0, 19).map(({ uid }) => uid), left);
  } finally {
    await new Deno.Command("umount", { args: [root] }).output();
    await Deno.remove(root, { recursive: true });
  }
});
