/** `ftp get` where a transfer was cut, or the partial file is of something else. */

import { assertEquals, assertMatch } from "@std/assert";
import { systemNetwork } from "../../../src/net/mod.ts";
import { netwright } from "../../support/netwright.ts";
import { OddFtp, type ServerReaction } from "../../support/odd_ftp.ts";
import { put, TestFolder } from "../../support/trees.ts";

const WHOLE = "0123456789".repeat(2000);

const FACTS: Readonly<Record<string, ServerReaction>> = {
  FEAT: async (session) =>
    await session.reply("211-here\r\n SIZE\r\n MDTM\r\n REST STREAM\r\n211 end\r\n"),
  SIZE: () => `213 ${WHOLE.length}`,
  MDTM: () => "213 20200205000000",
};

async function get(server: OddFtp, folder: string, words: readonly string[] = ["--continue"]) {
  const url = `ftp://127.0.0.1:${server.endpoint.port}/a`;
  return await netwright(["ftp", "get", ...words, "--to", `${folder}/a`, url]);
}

for (const [where, words] of [["a file", []], ["standard output", ["--to", "-"]]] as const) {
  Deno.test(`ftp get to ${where}: a cut transfer is noticed where the server has no SIZE`, async () => {
    await using folder = await TestFolder.make();
    using server = new OddFtp(
      { a: WHOLE },
      { RETR: (session) => session.send(WHOLE.slice(0, 5)) },
      systemNetwork(),
    );
    const url = `ftp://127.0.0.1:${server.endpoint.port}/a`;
    const to = words.length > 0 ? words : ["--to", `${folder.path}/a`];
    const { code, stderr } = await netwright(["ftp", "get", ...to, url]);
    assertEquals(code, 1);
    assertMatch(stderr, /transfer incomplete: received 5 of 20000 bytes/);
    assertEquals([...Deno.readDirSync(folder.path)].filter(({ name }) => name === "a"), []);
  });
}

/** Partial files, and from which offset the transfer must continue. */
const PARTS: Readonly<Record<string, readonly [part: string, offset: number | undefined]>> = {
  "the beginning of it": [WHOLE.slice(0, 10_000), 10_000 - 4096],
  "all of it": [WHOLE, WHOLE.length - 4096],
  "the beginning of another file": ["x".repeat(10_000), 0],
  "another file of the same size": [WHOLE.slice(0, -1) + "x", 0],
  "more than it": [WHOLE + "more", undefined],
};

for (const [name, [part, offset]] of Object.entries(PARTS)) {
  Deno.test(`ftp get --continue: the partial file is ${name}`, async () => {
    await using folder = await TestFolder.make();
    await put(`${folder.path}/.a.part`, part);
    using server = new OddFtp({ a: WHOLE }, FACTS, systemNetwork());
    const { code, stderr } = await get(server, folder.path);
    assertEquals([code, stderr], [0, `${folder.path}/a: 20000 bytes\n`]);
    assertEquals(Deno.readTextFileSync(`${folder.path}/a`), WHOLE);
    const restarts = server.received.filter((line) => line.startsWith("REST"));
    assertEquals(restarts.at(-1), offset ? `REST ${offset}` : restarts.at(-1));
    assertEquals(
      server.received.filter((line) => line.startsWith("RETR")).length,
      offset === 0 ? 2 : 1,
    );
  });
}

Deno.test("ftp get --continue: a file that changed after the partial file was written is fetched whole", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/.a.part`, WHOLE.slice(0, 10_000));
  await Deno.utime(`${folder.path}/.a.part`, new Date("2019-01-01"), new Date("2019-01-01"));
  using server = new OddFtp({ a: WHOLE }, FACTS, systemNetwork());
  assertEquals((await get(server, folder.path)).code, 0);
  assertEquals(server.received.filter((line) => line.startsWith("REST")), []);
});

Deno.test("ftp get --continue: a server without REST sends the whole file", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/.a.part`, WHOLE.slice(0, 10_000));
  using server = new OddFtp({ a: WHOLE }, { ...FACTS, REST: () => "502 no" }, systemNetwork());
  const { code, stderr } = await get(server, folder.path);
  assertEquals([code, stderr], [0, `${folder.path}/a: 20000 bytes\n`]);
  assertEquals(Deno.readTextFileSync(`${folder.path}/a`), WHOLE);
});
