/** Entries that a mirror does not understand must never count as absent: nothing is removed, and each name is reported. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { readToEnd, ReplyError } from "../../src/net/mod.ts";
import { DiskSide, FtpSide, mirror, type MirrorEvent } from "../../src/programs/mirror/mod.ts";
import { OddFtp, type ServerReaction } from "../support/odd_ftp.ts";
import { put, TestFolder } from "../support/trees.ts";

/** Listings of a server, and the expected report. */
const LISTINGS: Readonly<
  Record<string, readonly [listing: string | Uint8Array, reported: RegExp]>
> = {
  "lines of an unknown form": ["who|knows|this\r\n", /who\|knows\|this/],
  "a line that is cut": ["-rw-r--r-- 1 a b 1 Feb 28 2025 ke", /28 2025 ke/],
  "a name that is not UTF-8": [
    new Uint8Array([...new TextEncoder().encode("-rw-r--r-- 1 a b 1 Feb 28 2025 "), 0xe9, 13, 10]),
    /not UTF-8/,
  ],
  "an error in place of a listing": ["ls: cannot open directory\r\n", /ls: cannot open/],
};

async function run(
  server: OddFtp,
  folder: string,
  direction: "up" | "down",
): Promise<{ removed: number; failed: number; reported: string }> {
  const remote = new FtpSide("", () => server.connect());
  const local = new DiskSide(folder);
  const [from, to] = direction === "up" ? [local, remote] : [remote, local];
  const events: MirrorEvent[] = [];
  const summary = await mirror(from, to, {
    delete: true,
    tries: 1,
    pauseMs: 1,
    onEvent: (event) => events.push(event),
  });
  const reported = events.filter(({ action }) => action === "fail").map(({ reason }) => reason);
  return { removed: summary.removed, failed: summary.failed, reported: reported.join("\n") };
}

for (const direction of ["down", "up"] as const) {
  Deno.test(`--delete removes nothing where the server's listing is not understood: ${direction}`, async (t) => {
    for (const [name, [listing, reported]] of Object.entries(LISTINGS)) {
      await t.step(name, async () => {
        await using folder = await TestFolder.make();
        await put(`${folder.path}/here`, "here");
        using server = new OddFtp({ there: "there" }, { LIST: (session) => session.send(listing) });
        const result = await run(server, folder.path, direction);
        assertEquals(result.removed, 0);
        assert(result.failed > 0);
        assert(reported.test(result.reported), result.reported);
        assertEquals(Deno.readTextFileSync(`${folder.path}/here`), "here");
        assertEquals(server.files.get("there"), "there");
      });
    }
  });
}

Deno.test("a listing without a first reply does not empty the target", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/here`, "here");
  const LIST: ServerReaction = () => "226 done";
  using server = new OddFtp({}, { LIST });
  const remote = new FtpSide("", () => server.connect({ timeoutMs: 200 }));
  // The data connection is never closed: the listing cannot be known to be empty.
  const failure = await mirror(remote, new DiskSide(folder.path), { delete: true, tries: 1 })
    .then(() => undefined, (error) => error);
  assert(failure instanceof Error);
  assertEquals(Deno.readTextFileSync(`${folder.path}/here`), "here");
});

Deno.test({
  name: "local names that are not UTF-8 are reported, and keep --delete from removing their copies",
  // Earlier runtimes leave such names out of a folder's listing.
  ignore: Deno.build.os !== "linux" || !Deno.version.deno.startsWith("2.9."),
}, async () => {
  await using folder = await TestFolder.make();
  const program = "open(F, '>', \"$ARGV[0]/caf\\xe9\") or die; print F 'x'";
  const { success } = await new Deno.Command("perl", { args: ["-e", program, folder.path] })
    .output();
  assert(success);
  using server = new OddFtp({ "caf\u00e9": "copy", other: "other" });
  const result = await run(server, folder.path, "up");
  assertEquals([result.removed, result.failed > 0], [0, true]);
  assert(/not UTF-8: "caf/.test(result.reported), result.reported);
  assertEquals([...server.files.keys()].sort(), ["caf\u00e9", "other"]);
});

Deno.test("a truncated transfer is noticed by the size in the listing where the server has no SIZE", async () => {
  await using folder = await TestFolder.make();
  using server = new OddFtp({ a: "whole content" }, {
    RETR: (session) => session.send("whole"),
  });
  const result = await run(server, folder.path, "down");
  assert(result.failed > 0);
  assert(/5 of 13 bytes/.test(result.reported), result.reported);
  assertEquals([...Deno.readDirSync(folder.path)].filter(({ name }) => name === "a"), []);
});

for (const size of [5, 100_000]) {
  Deno.test(`an upload of which the server lost the end is reported: ${size} bytes`, async () => {
    await using folder = await TestFolder.make();
    await put(`${folder.path}/a`, "x".repeat(size));
    using server = new OddFtp({}, {
      FEAT: async (session) => await session.reply("211-here\r\n SIZE\r\n211 end\r\n"),
      async STOR(session, path) {
        await session.reply("150 send it\r\n");
        await readToEnd(await session.data());
        session.server.files.set(path.replace(/^\//, ""), "xx");
        return "226 done";
      },
      SIZE: (session, path) => `213 ${session.server.files.get(path.replace(/^\//, ""))?.length}`,
    });
    const { failed, reported } = await run(server, folder.path, "up");
    assertEquals(failed, 1);
    assert(reported.includes(`2 of ${size} bytes arrived`), reported);
  });
}

Deno.test("the user's own files that look like parts are neither removed nor passed over without a word", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/song.instrumentalab.part`, "mine");
  await put(`${folder.path}/song.20240101120000.part`, "mine too");
  using server = new OddFtp({ song: "la" });
  const result = await mirror(new FtpSide("", () => server.connect()), new DiskSide(folder.path), {
    tries: 1,
  });
  assertEquals([result.failed, result.removed], [0, 0]);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), [
    "song",
    "song.20240101120000.part",
    "song.instrumentalab.part",
  ]);
});

Deno.test("a file whose listed time is not understood is compared by the time that the server reports", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/a`, "old....");
  await Deno.utime(`${folder.path}/a`, new Date("2023-01-01"), new Date("2023-01-01"));
  using server = new OddFtp({ a: "new...." }, {
    FEAT: async (session) => await session.reply("211-here\r\n SIZE\r\n MDTM\r\n211 end\r\n"),
    LIST: (session) => session.send("-rw-r--r-- 1 ann users 7 \u10d7\u10d4\u10d1  5 2025 a\r\n"),
    SIZE: () => "213 7",
    MDTM: () => "213 20250205000000",
  });
  const { failed } = await run(server, folder.path, "down");
  assertEquals(failed, 0);
  assertEquals(Deno.readTextFileSync(`${folder.path}/a`), "new....");
});

Deno.test("a listing that ends with an error reply after some lines is incomplete", async (t) => {
  const part = ["there", "one", "two"].map((name) => `-rw-r--r-- 1 a b 1 Feb 28 2025 ${name}\r\n`)
    .join("");
  const broken = (code: number): ServerReaction => async (session) => {
    await session.reply("150 here it comes\r\n");
    const data = await session.data();
    await data.write(new TextEncoder().encode(part));
    data.close();
    return `${code} broken`;
  };
  for (const code of [426, 451, 550]) {
    await t.step(String(code), async () => {
      await using folder = await TestFolder.make();
      await put(`${folder.path}/sub/here`, "here");
      let lists = 0;
      const LIST: ServerReaction = (session, argument) =>
        lists++ === 0
          ? session.send("drwxr-xr-x 1 a b 1 Feb 28 2025 sub\r\n")
          : broken(code)(session, argument);
      using server = new OddFtp({ "sub/there": "x", "sub/one": "x", "sub/two": "x" }, {
        LIST,
        PWD: () => '257 "/"',
        CWD: () => "250 there",
      });
      const { removed, failed } = await run(server, folder.path, "down");
      assertEquals([removed, failed > 0], [0, true]);
      assertEquals(Deno.readTextFileSync(`${folder.path}/sub/here`), "here");
    });
  }
});

Deno.test("a folder in the place of a file is removed only when the file is there", async (t) => {
  const LIST: ServerReaction = (session) =>
    session.send("-rw-r--r-- 1 a b 5 Feb 28 2025 name\r\n-rw-r--r-- 1 a b 5 Feb 28 2025 other\r\n");
  const ACTS: Readonly<Record<string, Readonly<Record<string, ServerReaction>>>> = {
    "the file cannot be fetched": {
      LIST,
      RETR: async (session, path) => {
        if (path === "name") return "550 no";
        await session.send("other");
      },
    },
    "another file cannot be fetched": {
      LIST,
      RETR: async (session, path) => {
        if (path === "other") return "550 no";
        await session.send("name!");
      },
    },
    "a line is not understood": {
      LIST: (session) => session.send("-rw-r--r-- 1 a b 5 Feb 28 2025 name\r\n?|?\r\n"),
    },
  };
  for (const [name, acts] of Object.entries(ACTS)) {
    await t.step(name, async () => {
      await using folder = await TestFolder.make();
      await put(`${folder.path}/name/precious`, "precious");
      using server = new OddFtp({ name: "name!", other: "other" }, acts);
      const { removed, failed } = await run(server, folder.path, "down");
      assertEquals([removed, failed > 0], [0, true]);
      assertEquals(Deno.readTextFileSync(`${folder.path}/name/precious`), "precious");
    });
  }
  await t.step("a file inside of a folder that replaces a file cannot be fetched", async () => {
    await using folder = await TestFolder.make();
    await put(`${folder.path}/sub`, "precious");
    let lists = 0;
    using server = new OddFtp({}, {
      LIST: (session) =>
        session.send(
          lists++ === 0
            ? "drwxr-xr-x 1 a b 1 Feb 28 2025 sub\r\n"
            : "-rw-r--r-- 1 a b 5 Feb 28 2025 name\r\n",
        ),
      RETR: () => "550 no",
      PWD: () => '257 "/"',
      CWD: () => "250 there",
    });
    const { removed, reported } = await run(server, folder.path, "down");
    assertEquals(removed, 0);
    const kept = /the old entry is kept as (sub\.\w+\.old)/.exec(reported)?.[1];
    assertEquals(Deno.readTextFileSync(`${folder.path}/${kept}`), "precious");
  });
});

Deno.test("a deletion by an earlier try, whose reply was lost, counts as done", async (t) => {
  const refuse: ServerReaction = () => "550 no such file";
  using server = new OddFtp({ aside: "old", stays: "x" }, { RNFR: refuse, DELE: refuse });
  const session = await new FtpSide("", () => server.connect()).open();
  await t.step("a name that was changed", () => session.rename(["gone"], ["aside"]));
  await t.step("a file that was removed", () => session.remove(["gone"]));
  await t.step("but not if the file is still there", async () => {
    await assertRejects(() => session.rename(["stays"], ["aside"]), ReplyError);
    await assertRejects(() => session.rename(["gone"], ["nowhere"]), ReplyError);
    await assertRejects(() => session.remove(["stays"]), ReplyError);
  });
  await session[Symbol.asyncDispose]();
});

Deno.test("an old entry whose name cannot be given back is reported by its new name", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/name`, "new");
  const moved: string[] = [];
  let lists = 0;
  using server = new OddFtp({}, {
    LIST: (session) => session.send(lists++ === 0 ? "drwxr-xr-x 1 a b 5 Feb 28 2025 name\r\n" : ""),
    PWD: () => '257 "/"',
    CWD: () => "250 there",
    RNTO: (_, to) => {
      if (!to.endsWith(".old")) return "553 no";
      moved.push(to);
      return "250 ok";
    },
    RNFR: () => "350 to what?",
    STOR: () => "552 full",
    DELE: () => "550 no",
  });
  const { removed, reported } = await run(server, folder.path, "up");
  assertEquals([removed, moved.length], [0, 1]);
  assertMatch(
    reported,
    new RegExp(`the old entry is kept as ${moved[0]!.replace(/^\//, "")}: .*553 no`),
  );
});

Deno.test("leftovers of an interrupted replacement are removed by --delete, else reported", async (t) => {
  for (const isDeleting of [false, true]) {
    await t.step(`--delete ${isDeleting}`, async () => {
      await using source = await TestFolder.make();
      await using target = await TestFolder.make();
      await put(`${source.path}/a.txt`, "new");
      const left = `${target.path}/a.txt.0123456789abcd.old`;
      await put(`${left}/inner`, "old");
      await put(`${target.path}/other.0123456789abcd.old`, "the user's own");
      const events: MirrorEvent[] = [];
      const { removed } = await mirror(new DiskSide(source.path), new DiskSide(target.path), {
        delete: isDeleting,
        tries: 1,
        excluded: (path, kind) => kind === "file" && !/(?:^|\/)[^/]*\.txt$/.test(path),
        onEvent: (event) => events.push(event),
      });
      const isThere = await Deno.lstat(left).then(() => true, () => false);
      assertEquals([removed, isThere], isDeleting ? [2, false] : [0, true]);
      const skipped = events.filter(({ action }) => action === "skip").map(({ path }) => path);
      assertEquals(skipped, isDeleting ? [] : ["a.txt.0123456789abcd.old"]);
      await Deno.lstat(`${target.path}/other.0123456789abcd.old`);
    });
  }
});
