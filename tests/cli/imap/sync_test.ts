import { assertEquals, assertMatch } from "@std/assert";
import { type MailAccount, Maildir } from "../../../src/stores/mod.ts";
import { flagsOf, netwright, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const letter = (name: string) =>
  new TextEncoder().encode(`Subject: ${name}\r\nMessage-ID: <${name}@x>\r\n\r\n${name}\r\n`);

/** A server with mail of ann, and a folder for the copy. */
async function withServer(
  act: (
    account: MailAccount,
    sync: (...words: string[]) => Promise<{ code: number; stdout: string; stderr: string }>,
    copy: string,
  ) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/mail`);
    await Deno.writeTextFile(`${folder}/secret`, "x\n");
    const account = await new Maildir(`${folder}/mail`).account("ann");
    await using server = await serve(
      ["imap", "--listen", "127.0.0.1:0", "--maildir", `${folder}/mail`, "--any-password"],
    );
    const copy = `${folder}/copy`;
    const sync = async (...words: string[]) => {
      const all = [
        ...["imap", "sync", `imap://ann@${server.endpoint}`, "--maildir", copy],
        ...["--password-file", `${folder}/secret`, ...words],
      ];
      return await netwright(all, {
        flags: await flagsOf(all.filter((word) => word !== "--json")),
      });
    };
    await act(account, sync, copy);
  });
}

async function subjects(account: MailAccount, name: string): Promise<string[]> {
  const folder = (await account.folder(name))!;
  const found: string[] = [];
  for (const { uid, flags } of (await folder.list()).messages) {
    let text = "";
    for await (const piece of folder.read(uid)) text += new TextDecoder().decode(piece);
    found.push([/Subject: (\S+)/.exec(text)![1], ...[...flags].sort()].join(" "));
  }
  return found.sort();
}

Deno.test("imap sync copies all mailboxes into a Maildir, then only changes", () =>
  withServer(async (account, sync, copy) => {
    const inbox = (await account.folder("INBOX"))!;
    for (const name of ["a", "b"]) await inbox.append(letter(name), { flags: ["\\Seen"] });
    await (await account.create("Archive/2026 ä")).append(letter("c"));
    await account.create("Junk");
    const dry = await sync("--dry-run");
    assertEquals([dry.code, dry.stdout], [0, "INBOX\t2 fetched\nArchive/2026 ä\t1 fetched\n"]);
    assertEquals(await Deno.stat(copy).catch(() => "nothing"), "nothing");
    const first = await sync("--exclude", "J*");
    assertEquals([first.code, first.stdout], [0, "INBOX\t2 fetched\nArchive/2026 ä\t1 fetched\n"]);
    const local = await new Maildir(copy.replace(/\/copy$/, "")).account("copy");
    assertEquals(await local.folders(), ["INBOX", "Archive/2026 ä"]);
    assertEquals(await subjects(local, "INBOX"), ["a \\Seen", "b \\Seen"]);
    assertEquals((await sync("--exclude", "J*")).stdout, "");
    await inbox.changeFlags([1], { mode: "add", flags: ["\\Flagged"] });
    await inbox.remove([2]);
    const second = await sync("--mailbox", "IN*", "--delete", "--json");
    assertEquals(JSON.parse(second.stdout), {
      ...{ mailbox: "INBOX", fetched: 0, sent: 0, removedHere: 1, removedThere: 0, flagged: 1 },
      ...{ held: [], dryRun: false },
    });
    assertEquals(await subjects(local, "INBOX"), ["a \\Flagged \\Seen"]);
    // A Maildir is the copy of one account.
    await Deno.writeTextFile(`${copy}/netwright-sync/account`, "bob@mail.example:993\n");
    const { code, stderr } = await sync();
    assertEquals(code, 2);
    assertMatch(stderr, /the Maildir is a copy of bob@mail\.example:993, not of ann@127/);
  }));

Deno.test("imap sync --both sends new messages, also mailboxes; removals are held back", () =>
  withServer(async (account, sync, copy) => {
    const inbox = (await account.folder("INBOX"))!;
    await inbox.append(letter("a"));
    await sync("--both");
    // A delivery by another program.
    await Deno.writeTextFile(`${copy}/new/1.P1.other`, "Subject: here\nMessage-ID: <h@x>\n\nhi\n");
    const local = await new Maildir(copy.replace(/\/copy$/, "")).account("copy");
    await (await local.create("Own")).append(letter("own"), { flags: ["\\Draft"] });
    const { code, stdout } = await sync("--both");
    assertEquals([code, stdout], [0, "INBOX\t1 sent\nOwn\t1 sent\n"]);
    assertEquals(await subjects(account, "INBOX"), ["a", "here"]);
    assertEquals(await subjects(account, "Own"), ["own \\Draft"]);
    assertEquals((await sync("--both", "--delete")).stdout, "");
    const here = (await local.folder("INBOX"))!;
    await here.remove((await here.list()).messages.map(({ uid }) => uid));
    const held = await sync("--both", "--delete");
    assertEquals([held.code, held.stdout], [4, ""]);
    assertMatch(
      held.stderr,
      /INBOX: no messages are left here: none of 2 is removed; --max-delete 2 /,
    );
    assertEquals((await subjects(account, "INBOX")).length, 2);
    const removed = await sync("--both", "--delete", "--max-delete", "2");
    assertEquals([removed.code, removed.stdout], [0, "INBOX\t2 removed there\n"]);
    assertEquals(await subjects(account, "INBOX"), []);
  }));

Deno.test("imap sync reports mistakes in its options", async () => {
  const mistakes: [words: string[], message: RegExp][] = [
    [["imap://x"], /--maildir DIR is missing/],
    [["imap://x", "--maildir", "m", "--max-delete", "3"], /--max-delete requires --delete/],
    [["imap://x/INBOX", "--maildir", "m", "--mailbox", "a"], /the URL names a mailbox already/],
  ];
  for (const [words, message] of mistakes) {
    const { code, stderr } = await netwright(["imap", "sync", ...words]);
    assertEquals(code, 2, stderr);
    assertMatch(stderr, message);
  }
});

Deno.test("imap sync: one bad mailbox or message does not stop the others, and a damaged journal doubles nothing", () =>
  withServer(async (account, sync, copy) => {
    for (const name of ["account", "lock", "я".repeat(60)]) {
      await (await account.create(name)).append(letter(`in-${name.slice(0, 7)}`));
    }
    const inbox = (await account.folder("INBOX"))!;
    for (const name of ["a", "b", "c"]) await inbox.append(letter(name));
    assertEquals((await sync("--both")).code, 0);
    assertEquals((await sync("--both")).stdout, "");
    // An empty file, and one with a wrong size in its name.
    await Deno.writeTextFile(`${copy}/new/1.empty`, "");
    await Deno.writeTextFile(`${copy}/cur/2.odd,S=500,W=600:2,`, "Subject: odd\n\nx\n");
    await Deno.writeTextFile(`${copy}/new/3.good`, "Subject: good\n\nx\n");
    await inbox.changeFlags([1], { mode: "add", flags: ["\\Flagged"] });
    const { code, stdout, stderr } = await sync("--both");
    assertEquals([code, stdout], [4, "INBOX\t2 sent\t1 flags changed\n"]);
    assertMatch(stderr, /^netwright: INBOX: message \d+ is not sent: a message must have a size/);
    await Deno.remove(`${copy}/new/1.empty`);
    const journal = `${copy}/netwright-sync/mailboxes/INBOX`;
    const lines = (await Deno.readTextFile(journal)).split("\n");
    for (const damaged of ["", lines.slice(0, 3).join("\n") + "\n"]) {
      await Deno.writeTextFile(journal, damaged);
      assertEquals((await sync("--both")).stdout, "");
      assertEquals(await subjects(account, "INBOX"), ["a \\Flagged", "b", "c", "good", "odd"]);
    }
    await Deno.writeTextFile(journal, "something else\n");
    const failed = await sync("--both");
    assertEquals(failed.code, 4);
    assertMatch(failed.stderr, /^netwright: INBOX: .*it is not a journal of imap sync/);
    const missing = await sync("--mailbox", "nosuch");
    assertEquals(missing.code, 1);
    assertMatch(missing.stderr, /no mailbox matches nosuch/);
  }));
