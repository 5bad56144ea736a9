/** Refusals of our server, and data that it must not lose, line by line. */

import { assertEquals, assertMatch } from "@std/assert";
import { concat } from "../../../../src/net/internal.ts";
import { readToEnd, systemNetwork } from "../../../../src/net/mod.ts";
import { DiskTree, type FileTree, MemoryTree } from "../../../../src/stores/mod.ts";
import { RawSession, Served } from "../../../support/ftp_served.ts";
import { put, TestFolder } from "../../../support/trees.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const TREES: Readonly<Record<string, (folder: string) => FileTree>> = {
  memory: () => new MemoryTree(),
  disk: (folder) => new DiskTree(folder, { guarded: true }),
};

for (const [name, makeTree] of Object.entries(TREES)) {
  Deno.test(`two clients append to one file: all bytes of both are kept (${name})`, async () => {
    await using folder = await TestFolder.make();
    const tree = makeTree(folder.path);
    await using served = new Served({}, undefined, tree);
    using first = await RawSession.open(served);
    using second = await RawSession.open(served);
    const data = [await first.data(), await second.data()];
    for (const session of [first, second]) assertMatch(await session.say("APPE both"), /^150/);
    for (let round = 0; round < 20; round++) {
      for (const [index, connection] of data.entries()) await connection.write(encode(`${index}`));
    }
    for (const connection of data) connection.close();
    for (const session of [first, second]) assertMatch(await session.reply(), /^226/);
    const text = new TextDecoder().decode(
      concat(await Array.fromAsync(await tree.read(["both"], 0))),
    );
    assertEquals([...text].sort().join(""), "0".repeat(20) + "1".repeat(20));
  });
}

for (const [verb, replies] of [["ABOR", [/^426/, /^226/]], ["QUIT", [/^426/, /^221/]]] as const) {
  Deno.test(`${verb} ends a transfer that the client never connected for`, async () => {
    await using served = new Served({ dataMs: 600_000 });
    await served.tree.write(
      ["f"],
      (async function* () {
        yield encode("content");
      })(),
    );
    using session = await RawSession.open(served);
    await session.say("EPSV");
    assertMatch(await session.say("RETR f"), /^150/);
    assertMatch(await session.say(verb), replies[0]);
    assertMatch(await session.reply(), replies[1]);
  });
}

Deno.test("patterns are expanded, in LIST and NLST", async () => {
  await using served = new Served();
  for (const path of [["a.txt"], ["b.txt"], ["c.bin"], [".d.txt"]]) {
    await served.tree.write(path, (async function* () {})());
  }
  await served.tree.makeFolder(["sub"]);
  await served.tree.write(["sub", "e.txt"], (async function* () {})());
  using session = await RawSession.open(served);
  const list = async (line: string): Promise<string> => {
    const data = await session.data();
    assertMatch(await session.say(line), /^150/);
    const text = new TextDecoder().decode(await readToEnd(data));
    data.close();
    assertMatch(await session.reply(), /^226/);
    return text;
  };
  assertEquals(await list("NLST *.txt"), "a.txt\r\nb.txt\r\n");
  assertEquals(await list("NLST sub/*"), "sub/e.txt\r\n");
  assertEquals(await list("NLST sub"), "sub/e.txt\r\n");
  assertEquals(await list("NLST a.txt"), "a.txt\r\n");
  assertEquals(await list("NLST none*"), "");
  for (const path of ["*/", "*/../*", "*/*"]) {
    await session.say("EPSV");
    assertMatch(await session.say(`NLST ${path}`), /^550/);
  }
  assertMatch(await list("LIST ?.bin"), /^-.* c\.bin\r\n$/);
});

Deno.test("a client gets a reply when all data ports are taken, and continues", async () => {
  await using served = new Served({ passivePorts: [40_001, 40_001] });
  using first = await RawSession.open(served);
  using second = await RawSession.open(served);
  assertMatch(await first.say("EPSV"), /^229 /);
  for (const verb of ["EPSV", "PASV"]) {
    assertMatch(await second.say(verb), /^425 No port is free/);
  }
  assertMatch(await first.say("ABOR"), /^22/);
  assertMatch(await second.say("EPSV"), /^229 /);
});

Deno.test("what cannot be done is refused before the transfer begins", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/file`, "123456");
  await Deno.symlink("/etc", `${folder.path}/outside`);
  await Deno.symlink("file", `${folder.path}/link`);
  await using served = new Served(
    {},
    systemNetwork(),
    new DiskTree(folder.path, { guarded: true }),
  );
  using session = await RawSession.open(served);
  const CASES: readonly (readonly [lines: readonly string[], reply: RegExp])[] = [
    [["REST 2", "EPSV", "STOR new"], /^554 REST is behind/],
    [["REST 20", "EPSV", "STOR file"], /^554 REST is behind/],
    [["EPSV", "STOR outside/x"], /^55\d .*symbolic link/],
    [["EPSV", "STOR none/x"], /^550 No such file or folder/],
    [["EPSV", "STOR file/x"], /^550 /],
    [["EPSV", "RETR link"], /^550 It is a symbolic link/],
    [["EPSV", "STOR link"], /^550 It is a symbolic link/],
    [["PORT 127,0,0,1,4,1,5"], /^501/],
    [["PORT 127,0,0,1,4"], /^501/],
  ];
  for (const [lines, reply] of CASES) {
    let said = "";
    for (const line of lines) said = await session.say(line);
    assertMatch(said, reply, lines.join());
  }
});

Deno.test(
  "a FIFO is neither read nor replaced",
  { ignore: Deno.build.os === "windows" },
  async () => {
    await using folder = await TestFolder.make();
    await new Deno.Command("mkfifo", { args: [`${folder.path}/fifo`] }).output();
    await using served = new Served(
      {},
      systemNetwork(),
      new DiskTree(folder.path, { guarded: true }),
    );
    using session = await RawSession.open(served);
    await session.say("EPSV");
    assertMatch(await session.say("STOR fifo"), /^550 It is not a regular file/);
    assertMatch(await session.say("RETR fifo"), /^550 It is not a regular file/);
    assertEquals(Deno.lstatSync(`${folder.path}/fifo`).isFile, false);
  },
);

Deno.test("an unexpected error in a transfer is a reply, and reported with its cause", async () => {
  const errors: unknown[] = [];
  const tree = new MemoryTree();
  const write = (): Promise<void> => Promise.reject(new RangeError("odd"));
  const odd: FileTree = new Proxy(tree, {
    get(target, name) {
      if (name === "write") return write;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await using served = new Served({ onError: (error) => errors.push(error) }, undefined, odd);
  using session = await RawSession.open(served);
  const data = await session.data();
  assertMatch(await session.say("STOR x"), /^150/);
  data.close();
  assertMatch(await session.reply(), /^451/);
  assertEquals(errors.map(String), ["RangeError: odd"]);
  assertMatch(await session.say("NOOP"), /^200/);
});

Deno.test("EPSV offers the protocol of the control connection only (RFC 2428 §3)", async () => {
  await using served = new Served();
  using session = await RawSession.open(served);
  assertMatch(await session.say("EPSV 1"), /^229 /);
  for (const other of ["2", "3", "x"]) {
    assertMatch(await session.say(`EPSV ${other}`), /^522 .*\(1\)/);
  }
});
