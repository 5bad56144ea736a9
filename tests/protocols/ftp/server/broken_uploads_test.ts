/** Uploads that break off: old files stay, new ones can be resumed, and no session hangs. */

import { assertEquals, assertMatch } from "@std/assert";
import { secure, systemNetwork, writeAll } from "../../../../src/net/mod.ts";
import { DiskTree, type FileTree, MemoryTree } from "../../../../src/stores/mod.ts";
import { certificates } from "../../../support/certificates.ts";
import { RawSession, Served } from "../../../support/ftp_served.ts";
import { put, TestFolder } from "../../../support/trees.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function textOf(tree: FileTree, name: string): Promise<string> {
  let text = "";
  for await (const piece of await tree.read([name], 0)) text += new TextDecoder().decode(piece);
  return text;
}

async function once(content: string, tree: FileTree, name: string): Promise<void> {
  await tree.write(
    [name],
    (async function* () {
      yield encode(content);
    })(),
  );
}

const TREES: Readonly<Record<string, (folder: string) => FileTree>> = {
  memory: () => new MemoryTree(),
  disk: (folder) => new DiskTree(folder, { guarded: true }),
};

for (const [name, makeTree] of Object.entries(TREES)) {
  Deno.test(`a client that is killed replaces no file, and a new one can be resumed (${name})`, async () => {
    await using folder = await TestFolder.make();
    const tree = makeTree(folder.path);
    await once("old, complete", tree, "old");
    let received = Promise.withResolvers<void>();
    await using served = new Served({ onBusy: () => received.resolve() }, undefined, tree);
    for (const file of ["old", "new"]) {
      received = Promise.withResolvers();
      using session = await RawSession.open(served);
      const data = await session.data();
      assertMatch(await session.say(`STOR ${file}`), /^150/);
      await writeAll(data, encode("first half, "));
      await received.promise;
      // The system closes both at once; the end of the data is often seen first.
      data.close();
      session[Symbol.dispose]();
    }
    await served.ended(2);
    assertEquals(await textOf(tree, "old"), "old, complete");
    assertEquals(await textOf(tree, "new"), "first half, ");
    assertEquals(served.transfers.map(({ complete }) => complete), [false, false]);

    using session = await RawSession.open(served);
    await session.say("TYPE I");
    assertEquals(await session.say("SIZE new"), "213 12");
    const data = await session.data();
    assertMatch(await session.say("REST 12"), /^350/);
    assertMatch(await session.say("STOR new"), /^150/);
    await writeAll(data, encode("second half"));
    data.close();
    assertMatch(await session.reply(), /^226/);
    assertEquals(await textOf(tree, "new"), "first half, second half");
  });
}

Deno.test("data inside TLS that end without close_notify are not a whole file", async (t) => {
  const { ca, server } = await certificates();
  const tls = { role: "client", hostname: "localhost", caCerts: [ca] } as const;
  await using folder = await TestFolder.make();
  await put(`${folder.path}/file`, "old, complete");
  const tree = new DiskTree(folder.path, { guarded: true });
  await using served = new Served({ tls: server }, undefined, tree);
  for (const how of ["announced", "cut between records", "cut within a record"]) {
    await t.step(how, async () => {
      using session = await RawSession.open(served);
      await session.startTls(tls);
      await session.say("PBSZ 0");
      assertMatch(await session.say("PROT P"), /^200/);
      const plain = await session.data();
      assertMatch(await session.say("STOR file"), /^150/);
      const data = await secure(plain, tls);
      await writeAll(data, encode("new, complete"));
      if (how === "announced") await data.closeWrite();
      if (how === "cut within a record") await writeAll(plain, Uint8Array.of(23, 3, 3, 1));
      if (how !== "announced") plain.close();
      assertMatch(await session.reply(), how === "announced" ? /^226/ : /^426/);
      data.close();
      assertEquals(await textOf(tree, "file"), how === "announced" ? "new, complete" : "old");
      await put(`${folder.path}/file`, "old");
    });
  }
});

Deno.test("names that are not UTF-8, or hold NUL, are refused: no two become one", async () => {
  await using folder = await TestFolder.make();
  const tree = new DiskTree(folder.path, { guarded: true });
  await once("kept", tree, "gr\ufffdn");
  await using served = new Served({}, systemNetwork(), tree);
  using session = await RawSession.open(served);
  for (const verb of ["STOR", "RETR", "DELE", "SIZE", "MKD", "RNFR", "CWD", "APPE"]) {
    for (const byte of [0xe4, 0xf6, 0xff, 0]) {
      const line = [...encode(`${verb} gr`), byte, ...encode("n\r\n")];
      assertMatch(await session.sayBytes(Uint8Array.from(line)), /^501 /);
      if (verb === "APPE") break;
    }
    using again = await RawSession.open(served);
    await again.say("TYPE I");
    assertEquals(await again.say("SIZE gr\ufffdn"), "213 4");
  }
  assertEquals(await textOf(tree, "gr\ufffdn"), "kept");
});
