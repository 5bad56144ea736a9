/** Nothing is lost: `imap sync` that is killed at any moment leaves every message on the server or here, and none twice. */

import { assertEquals } from "@std/assert";
import { Maildir, type MailFolder } from "../../src/stores/mod.ts";
import { netwright, serve, startNetwright } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";

/** `SOAK_ROUNDS` makes more of them. */
const ROUNDS = Number(Deno.env.get("SOAK_ROUNDS") ?? 8);
const COUNT = 150;

const letter = (name: string) =>
  new TextEncoder().encode(
    `Subject: ${name}\r\nMessage-ID: <${name}@x>\r\n\r\n${"x".repeat(3000)}\r\n`,
  );

async function subjects(folder: MailFolder): Promise<string[]> {
  const found: string[] = [];
  for (const { uid } of (await folder.list()).messages) {
    let text = "";
    for await (const piece of folder.read(uid)) text += new TextDecoder().decode(piece);
    found.push(/Subject: (\S+)/.exec(text)![1]!);
  }
  return found.sort();
}

Deno.test("imap sync --both, killed at any moment, loses and doubles nothing", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/mail`);
    await Deno.writeTextFile(`${folder}/secret`, "x\n");
    const inboxOf = async (user: string, root: string) =>
      (await (await new Maildir(root).account(user)).folder("INBOX"))!;
    const [there, here] = [await inboxOf("ann", `${folder}/mail`), await inboxOf("copy", folder)];
    await using server = await serve(
      ["imap", "--listen", "127.0.0.1:0", "--maildir", `${folder}/mail`, "--any-password"],
    );
    const words = [
      ...["imap", "sync", `imap://ann@${server.endpoint}`, "--maildir", `${folder}/copy`],
      ...["--password-file", `${folder}/secret`, "--both", "--delete"],
    ];
    const expected = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      for (let at = 0; at < COUNT; at++) {
        const name = `${round}-${at}`;
        await (at % 2 === 0 ? there : here).append(letter(name));
        expected.add(name);
      }
      // Some of the messages that are on both sides go, now here, now there.
      const side = round % 2 === 0 ? there : here;
      for (const { uid } of (await side.list()).messages.slice(0, round === 0 ? 0 : 5)) {
        let text = "";
        for await (const piece of side.read(uid)) text += new TextDecoder().decode(piece);
        await side.remove([uid]);
        expected.delete(/Subject: (\S+)/.exec(text)![1]!);
      }
      await using run = startNetwright(words, { runMs: 60_000 });
      // Connecting takes a third of a second.
      await new Promise((resolve) => setTimeout(resolve, 250 + Math.random() * 500));
      await run.stop("SIGKILL");
      const both = new Set([...await subjects(there), ...await subjects(here)]);
      assertEquals([...expected].filter((name) => !both.has(name)), [], "lost");
      for (const list of [await subjects(there), await subjects(here)]) {
        assertEquals(list.length, new Set(list).size, "doubled");
      }
      // The next run must have no complaint.
      const { code, stderr } = await netwright(words);
      assertEquals([code, stderr], [0, ""]);
    }
    assertEquals(await subjects(there), [...expected].sort());
    assertEquals(await subjects(here), [...expected].sort());
  }));
