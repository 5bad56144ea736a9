/** Servers with odd habits, most of them from the trackers of other clients. */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { toBytes } from "../../../../src/net/internal.ts";
import { DisconnectedError, ProtocolError, ReplyError, verbatim } from "../../../../src/net/mod.ts";
import { type FtpClient, Uploads } from "../../../../src/protocols/ftp/mod.ts";
import { OddFtp, type ServerReaction } from "../../../support/odd_ftp.ts";

async function names(client: FtpClient): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of client.list()) found.push(name.validate(verbatim));
  return found;
}

async function fetched(client: FtpClient, path: string): Promise<string> {
  return new TextDecoder().decode(await toBytes(client.fetch(path)));
}

Deno.test("data without a first reply is read: neither file nor listing counts as empty", async () => {
  const withoutFirst =
    (content: (argument: string) => string): ServerReaction => async (session, name) => {
      await session.reply("226 done\r\n");
      const data = await session.data();
      await data.write(new TextEncoder().encode(content(name)));
      data.close();
    };
  using server = new OddFtp({}, {
    RETR: withoutFirst((name) => `content of ${name}`),
    LIST: withoutFirst(() => "-rw-r--r-- 1 ann users 7 Feb 28 2025 a\r\n"),
  });
  await using client = await server.connect();
  assertEquals(await fetched(client, "a"), "content of a");
  assertEquals(await names(client), ["a"]);
});

Deno.test("a listing with lines that are not understood fails at its end, or reports them", async () => {
  using server = new OddFtp({}, {
    LIST: (session) => session.send("total 1\r\nwho knows\r\n-rw-r--r-- 1 a b 7 Feb 28 2025 a\r\n"),
  });
  await using client = await server.connect();
  await assertRejects(() => names(client), ProtocolError, "1 lines of the listing");
  const unknown: string[] = [];
  const entries = await Array.fromAsync(client.list("", {
    onUnknown: (line) => unknown.push(line.validate(verbatim)),
  }));
  assertEquals([entries.length, unknown], [1, ["who knows"]]);
  await assertRejects(() => client.stat("b"), ProtocolError, "it may be there");
  assertEquals((await client.stat("a"))?.size, 7);
});

Deno.test("a listing that is cut within a line does not give half a name", async () => {
  using server = new OddFtp({}, {
    LIST: (session) =>
      session.send("-rw-r--r-- 1 a b 7 Feb 28 2025 a\r\n-rw-r--r-- 1 a b 7 Feb 28 2025 na"),
  });
  await using client = await server.connect();
  const unknown: string[] = [];
  const entries = await Array.fromAsync(client.list("", {
    onUnknown: (line) => unknown.push(line.validate(verbatim)),
  }));
  assertEquals(entries.map(({ name }) => name.validate(verbatim)), ["a"]);
  assertEquals(unknown, ["-rw-r--r-- 1 a b 7 Feb 28 2025 na"]);
});

// FluentFTP#387
Deno.test("a transfer during which NOOP is swallowed succeeds", async (t) => {
  const habits = { swallowed: 0, "answered late": 1, "answered at once": 2 };
  for (const [name, habit] of Object.entries(habits)) {
    await t.step(name, async () => {
      let noops = 0;
      using server = new OddFtp({}, {
        NOOP: () => "200 fine",
        async RETR(session) {
          await session.reply("150 coming\r\n");
          const data = await session.data();
          await data.write(new TextEncoder().encode("be"));
          // As long as the transfer takes, commands are taken from the connection, or not.
          const buffer = new Uint8Array(100);
          for (noops = 0; noops < 2; noops++) {
            await session.connection.read(buffer);
            if (habit === 2) await session.reply("200 fine\r\n");
          }
          await data.write(new TextEncoder().encode("gin"));
          data.close();
          await session.reply("226 done\r\n");
          if (habit === 1) await session.reply("200 fine\r\n200 fine\r\n");
        },
      });
      await using client = await server.connect({ keepAliveMs: 20 });
      assertEquals(await fetched(client, "a"), "begin");
      assertEquals(noops, 2);
      assertEquals(await client.pwd(), "/");
    });
  }
});

Deno.test("active mode: that the server cannot connect is known at once, in its words", async (t) => {
  const words = ["425 Can't build data connection", "421 bye"];
  for (const [at, word] of words.entries()) {
    await t.step(word, async () => {
      using server = new OddFtp({ a: "text" }, {
        EPRT: () => "200 ok",
        RETR: async (session) => {
          await session.reply("150 opening\r\n");
          return word;
        },
        NOOP: () => "200 fine",
      });
      await using client = await server.connect({ mode: "active", connectTimeoutMs: 600_000 });
      const error = await assertRejects(() => fetched(client, "a"), ReplyError, word.slice(4));
      assertEquals(error.code, Number(word.slice(0, 3)));
      // The session continues.
      if (at === 0) await client.noop();
    });
  }
});

Deno.test("active mode: an empty file may be over before its connection is taken", async () => {
  using server = new OddFtp({}, {
    EPRT: (session, argument) => {
      session.from = argument.split("|")[3]!;
      return "200 ok";
    },
    RETR: async (session) => {
      await session.reply("150 opening\r\n150 still\r\n226 done\r\n");
      const connection = await server.network.connect({
        hostname: "127.0.0.1",
        port: Number(session.from),
      });
      connection.close();
    },
  });
  await using client = await server.connect({ mode: "active" });
  assertEquals(await fetched(client, "a"), "");
});

const EPSV_REFUSALS: Record<string, ServerReaction> = {
  "550": () => "550 not here",
  "503": () => "503 not now",
  "425": () => "425 cannot",
  "500": () => "500 what?",
};

Deno.test("EPSV that is refused, or answered as PASV, is not an end", async (t) => {
  for (const [name, EPSV] of Object.entries(EPSV_REFUSALS)) {
    await t.step(name, async () => {
      using server = new OddFtp({ a: "text" }, {
        EPSV,
        // With blanks behind the commas, as some write it.
        PASV: (_, port) =>
          `227 Entering (127, 0, 0, 1, ${Number(port) >> 8}, ${Number(port) & 255})`,
      });
      await using client = await server.connect();
      assertEquals(await fetched(client, "a"), "text");
      assertEquals(await fetched(client, "a"), "text");
    });
  }
});

Deno.test("decoration that is malformed is not known, and fails nothing", async () => {
  const sizes: Record<string, string> = { a: "5 bytes", b: "-1", c: "five", d: "5" };
  using server = new OddFtp({}, {
    SIZE: (_, name) => `213 ${sizes[name]}`,
    MDTM: () => "213 20180001224742",
    PWD: () => "257 / is the current folder",
  });
  await using client = await server.connect();
  assertEquals(await client.size("a"), 5);
  assertEquals(await client.size("b"), undefined);
  assertEquals(await client.size("c"), undefined);
  assertEquals(await client.size("d"), 5);
  assertEquals(await client.modified("a"), undefined);
  assertEquals(await client.pwd(), "/");
});

Deno.test("MLST in FEAT without MLSD, and an empty folder that is refused", async () => {
  using server = new OddFtp({}, {
    FEAT: async (session) => {
      await session.reply("211-here\r\n MLST type*;size*;\r\n211 end\r\n");
    },
    MLSD: () => "500 what?",
    LIST: () => "450 No files found",
  });
  await using client = await server.connect();
  assertEquals(await names(client), []);
  using other = new OddFtp({}, { LIST: () => "450 busy" });
  await using second = await other.connect();
  await assertRejects(() => names(second), ReplyError);
});

Deno.test("uploads continue where names with a dot in front, or renaming, are forbidden", async (t) => {
  const store = (client: FtpClient): Promise<void> => {
    const uploads = new Uploads();
    const content = [new TextEncoder().encode("new")];
    return uploads.store(client, "a", content).then((beside) =>
      uploads.rename(client, beside, "a")
    );
  };
  await t.step("no dot in front (pure-ftpd -x)", async () => {
    using server = new OddFtp({ a: "old" }, {
      STOR: (session, path) => path.startsWith(".") ? "553 prohibited" : accept(session, path),
    });
    await using client = await server.connect();
    await store(client);
    assertEquals([...server.files], [["a", "new"]]);
  });
  await t.step("nothing beside it", async () => {
    using server = new OddFtp({ a: "old" }, {
      STOR: (session, path) => path !== "a" ? "553 prohibited" : accept(session, path),
    });
    await using client = await server.connect();
    await store(client);
    assertEquals([...server.files], [["a", "new"]]);
  });
  await t.step("renaming does not replace (Windows)", async () => {
    using server = new OddFtp({ a: "old" }, {
      RNTO: (session, path) => {
        const { files } = session.server;
        if (files.has(path)) return "550 cannot create a file that is there";
        files.set(path, files.get(session.from)!);
        files.delete(session.from);
        return "250 renamed";
      },
    });
    await using client = await server.connect();
    await store(client);
    assertEquals([...server.files], [["a", "new"]]);
  });
});

Deno.test("what cannot be removed to make room gets its name back", async () => {
  // A folder, on a server without MLST: it can be renamed, but DELE does not remove it.
  using server = new OddFtp({ a: "content of a folder" }, {
    RNTO: (session, path) => {
      const { files } = session.server;
      if (files.has(path)) return "550 It is there already.";
      files.set(path, files.get(session.from)!);
      files.delete(session.from);
      return "250 renamed";
    },
    DELE: () => "550 It is a folder.",
  });
  await using client = await server.connect();
  const uploads = new Uploads();
  const beside = await uploads.store(client, "a", [new TextEncoder().encode("new")]);
  await assertRejects(() => uploads.rename(client, beside, "a"), ReplyError, "It is a folder");
  assertEquals([...server.files].sort(), [[".a.part", "new"], ["a", "content of a folder"]]);
});

Deno.test("a folder is not renamed to make room, on a server without MLST either", async () => {
  const renamed: string[] = [];
  using server = new OddFtp({}, {
    CWD: () => "250 here you are",
    PWD: () => '257 "/" is here',
    RNFR: (session, path) => {
      renamed.push(path);
      session.from = path;
      return "350 to what?";
    },
    RNTO: () => "550 It is there already.",
  });
  await using client = await server.connect();
  const uploads = new Uploads();
  const beside = await uploads.store(client, "a", [new TextEncoder().encode("new")]);
  const error = await assertRejects(() => uploads.rename(client, beside, "a"), ReplyError);
  assertEquals(error.hint, "a folder has that name; a slash behind it stores into it");
  assertEquals(renamed, [".a.part"]);
});

Deno.test("whatever breaks while a file is replaced, the error says where the old one is", async () => {
  let renames = 0;
  using server = new OddFtp({ a: "old" }, {
    CWD: () => "550 it is a file",
    PWD: () => '257 "/" is here',
    RNTO: (session, path) => {
      const { files } = session.server;
      if (files.has(path) || ++renames > 1) return "550 no";
      files.set(path, files.get(session.from)!);
      files.delete(session.from);
      return "250 renamed";
    },
  });
  await using client = await server.connect();
  const uploads = new Uploads();
  const beside = await uploads.store(client, "a", [new TextEncoder().encode("new")]);
  const error = await assertRejects(() => uploads.rename(client, beside, "a"), ReplyError);
  assertMatch(error.hint ?? "", /^the old file is a\.old-\w{8}, the new one \.a\.part$/);
});

const accept: ServerReaction = async (session, path) => {
  await session.reply("150 send it\r\n");
  const data = await session.data();
  const buffer = new Uint8Array(100);
  let text = "";
  for (let count; (count = await data.read(buffer)) !== null;) {
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  session.server.files.set(path, text);
  return "226 done";
};

Deno.test("a server that renames nothing loses neither the old file nor the new one, however often", async (t) => {
  const habits: Readonly<Record<string, Readonly<Record<string, ServerReaction>>>> = {
    "RNFR refused": { RNFR: () => "550 no" },
    "RNTO not known": { RNTO: () => "502 what?" },
    "RNTO busy": { RNTO: () => "450 busy, try later" },
    "RNTO refused": { RNTO: () => "550 no" },
  };
  for (const [name, acts] of Object.entries(habits)) {
    await t.step(name, async () => {
      using server = new OddFtp({ a: "old" }, acts);
      await using client = await server.connect();
      for (let run = 0; run < 2; run++) {
        const uploads = new Uploads();
        const beside = await uploads.store(client, "a", [new TextEncoder().encode("new")]);
        const error = await assertRejects(() => uploads.rename(client, beside, "a"), ReplyError);
        assertEquals(error.hint, "the new file is .a.part; --direct stores in place");
        assertEquals([...server.files].sort(), [[".a.part", "new"], ["a", "old"]]);
      }
    });
  }
});

Deno.test("a server that takes -a for a file's name lists all the others as well", async () => {
  const line = (name: string): string => `-rw-r--r-- 1 a b 7 Feb 28 2025 ${name}\r\n`;
  using server = new OddFtp({}, {
    LIST: (session, argument) =>
      session.send(argument === "-a" ? line("-a") : line("-a") + line("b")),
  });
  await using client = await server.connect();
  assertEquals(await names(client), ["-a", "b"]);
});

Deno.test("an upload that the server cut short is noticed before it takes its place", async () => {
  using server = new OddFtp({ a: "old" }, {
    FEAT: async (session) => await session.reply("211-here\r\n SIZE\r\n211 end\r\n"),
    SIZE: (session, path) => `213 ${session.server.files.get(path)?.length}`,
    STOR: async (session, path) => {
      const said = await accept(session, path);
      session.server.files.set(path, session.server.files.get(path)!.slice(0, 1));
      return said;
    },
  });
  await using client = await server.connect();
  const uploads = new Uploads();
  const beside = await uploads.store(client, "a", [new TextEncoder().encode("new")]);
  await assertRejects(() => uploads.verify(client, beside, 3), DisconnectedError, "1 of 3 bytes");
  assertEquals(server.files.get("a"), "old");
});
