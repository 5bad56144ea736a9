/** Our client and our server, on a network in memory. */

import { assertEquals, assertRejects } from "@std/assert";
import {
  CapabilityError,
  overrideNetwork,
  ReplyError,
  systemNetwork,
  verbatim,
} from "../../../src/net/mod.ts";
import {
  FtpClient,
  type FtpClientOptions,
  type FtpServerOptions,
} from "../../../src/protocols/ftp/mod.ts";
import { command, Transcript } from "../../../src/protocols/wire/mod.ts";
import { certificates } from "../../support/certificates.ts";
import { Served } from "../../support/ftp_served.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of pieces) text += decoder.decode(piece, { stream: true });
  return text;
}

async function names(client: FtpClient, path = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, kind, size } of client.list(path)) {
    found.push(`${kind} ${name.validate(verbatim)} ${size ?? "-"}`);
  }
  return found;
}

const WAYS: [
  name: string,
  client: Partial<FtpClientOptions>,
  server?: Partial<FtpServerOptions>,
][] = [
  ["passive", {}],
  ["active", { mode: "active" }],
];

for (const [name, options] of WAYS) {
  Deno.test(`a session with ${name} data connections`, async () => {
    await using served = new Served();
    await using client = await served.connect(options, "ann");
    await client.makeFolder("a/b c/d", { parents: true });
    await client.makeFolder("a/b c/d", { parents: true });
    await client.store("a/b c/ \"x'é -> ", [encode("hello "), encode("world")]);
    assertEquals(await names(client, "a/b c"), ["file  \"x'é ->  11", "folder d -"]);
    assertEquals(await textOf(client.fetch("a/b c/ \"x'é -> ")), "hello world");
    await client.cd("a/b c");
    assertEquals(await client.pwd(), "/a/b c");
    await client.rename(" \"x'é -> ", "d/-y");
    assertEquals(await client.size("d/-y"), 11);
    assertEquals(await client.size("d/none"), undefined);
    const time = new Date("2020-02-29T12:34:56Z");
    await client.setModified("d/-y", time);
    assertEquals(await client.modified("d/-y"), time);
    await client.chmod("d/-y", 0o640);
    const entry = await client.stat("d/-y");
    assertEquals([entry?.mode, entry?.size, entry?.modified], [0o640, 11, time]);
    assertEquals(await client.stat("d/none"), undefined);
    await client.store("d/ends with spaces  ", []);
    const spaced = await client.stat("d/ends with spaces  ");
    assertEquals(spaced?.name.validate((text) => text.endsWith("with spaces  ")), true);
    assertEquals(await textOf(client.fetch("d/-y", { offset: 6 })), "world");
    await client.store("d/-y", [encode("!")], { append: true });
    await client.store("d/-y", [encode("W")], { offset: 6 });
    assertEquals(await textOf(client.fetch("d/-y")), "hello W");
    await client.cd("..");
    await client.removeFolder("b c", { recursive: true });
    assertEquals(await names(client), []);
    assertEquals(
      served.transfers.map(({ verb, bytes, complete }) => `${verb} ${bytes} ${complete}`),
      [
        "STOR 11 true",
        "RETR 11 true",
        "STOR 0 true",
        "RETR 5 true",
        "APPE 1 true",
        "STOR 1 true",
        "RETR 7 true",
      ],
    );
  });
}

Deno.test("anonymous users only read, strangers not even that", async () => {
  await using served = new Served();
  await served.tree.write(
    ["x"],
    (async function* () {
      yield encode("x");
    })(),
  );
  await using client = await served.connect();
  assertEquals(await textOf(client.fetch("x")), "x");
  const acts = [
    () => client.store("y", [encode("y")]),
    () => client.remove("x"),
    () => client.makeFolder("z"),
    () => client.rename("x", "y"),
    () => client.send(command`MFMT 20200101000000 x`),
  ];
  for (const act of acts) assertEquals((await assertRejects(act, ReplyError)).code, 550);
  assertEquals(await names(client), ["file x 1"]);
  const error = await assertRejects(() => client.login("ann", "wrong"), ReplyError);
  assertEquals(error.code, 530);
  await assertRejects(() => client.pwd(), ReplyError, "530");
});

Deno.test("a listing for people where the server has no MLSD", async () => {
  await using served = new Served();
  await using client = await served.connect({}, "ann");
  await client.makeFolder("a");
  await client.store("a/ f", [encode("12345")]);
  // Replies of a server without MLSD.
  (await client.features() as Map<string, string>).delete("MLST");
  assertEquals(await names(client, "a"), ["file  f 5"]);
  assertEquals((await client.stat("a/ f"))?.size, 5);
  assertEquals((await client.stat("a/none"))?.size, undefined);
  assertEquals(await client.pwd(), "/");
});

Deno.test("text goes with the line ends of each side", async () => {
  await using served = new Served();
  await using client = await served.connect({}, "ann");
  await client.store("t", [encode("a\nb\r"), encode("\nc\n")], { text: true });
  assertEquals(await textOf(client.fetch("t")), "a\nb\nc\n");
  assertEquals(await textOf(client.fetch("t", { text: true })), "a\nb\nc\n");
});

Deno.test("a download that is left early ends, and the session continues", async () => {
  await using served = new Served();
  await using client = await served.connect({}, "ann");
  await client.store("big", Array.from({ length: 100 }, () => new Uint8Array(65_536)));
  for await (const piece of client.fetch("big")) if (piece.length > 0) break;
  await client.noop();
  assertEquals(await client.size("big"), 6_553_600);
  assertEquals(served.transfers.at(-1)?.complete, false);
});

Deno.test("an upload whose data fails leaves the old file", async () => {
  await using served = new Served();
  await using client = await served.connect({}, "ann");
  await client.store("x", [encode("old")]);
  await assertRejects(
    () =>
      client.store(
        "x",
        (async function* () {
          yield encode("ne");
          throw new RangeError("the disk broke");
        })(),
      ),
    RangeError,
  );
  assertEquals(await textOf(client.fetch("x")), "old");
});

for (const mode of ["passive", "active"] as const) {
  Deno.test(`inside TLS, explicit, with ${mode} data connections protected`, async () => {
    const { server: tls, ca } = await certificates();
    await using served = new Served({ tls, requireTls: true }, systemNetwork());
    const trust = { caCerts: [ca] };
    const endpoint = { ...served.endpoint, hostname: "localhost" };
    await using client = await served.connect({ tls: "starttls", trust, endpoint, mode }, "ann");
    const big = new Uint8Array(2_000_000).fill(7);
    await client.store("x", [big]);
    let bytes = 0;
    for await (const piece of client.fetch("x")) bytes += piece.length;
    assertEquals(bytes, big.length);
    await assertRejects(() => served.connect({}, "ann"), ReplyError, "530");
  });
}

Deno.test("size and time of a file come with the data connection, once it is known how those are made", async () => {
  for (const mode of ["passive", "active"] as const) {
    await using served = new Served();
    await served.tree.write(["a b"], ReadableStream.from([encode("hello")]));
    const said: string[] = [];
    const transcript = new Transcript((speaker, text) => {
      said.push(`${speaker} ${text.replace(/\d{4,}/g, "N").replace(/\|\d\|[^|]*\|/, "||")}`);
    });
    const client = await served.connect({ mode, transcript }, "ann");
    const { modified } = await client.facts("a b");
    await client.size("a b");
    for (const isFirst of [true, false]) {
      said.length = 0;
      const events: string[] = [];
      const pieces = client.fetch("a b", {
        onFacts: (facts) => {
          assertEquals(facts, { size: 5, modified });
          events.push("facts");
        },
      });
      for await (const piece of pieces) events.push(new TextDecoder().decode(piece));
      assertEquals(events, ["facts", "hello"]);
      const commands = said.filter((line) => line.startsWith("C ")).map((line) => line.slice(2, 6));
      if (mode === "active") assertEquals(commands, ["SIZE", "MDTM", "EPRT", "RETR"]);
      else if (isFirst) assertEquals(commands, ["SIZE", "MDTM", "EPSV", "RETR"]);
      else {
        assertEquals(commands, ["EPSV", "SIZE", "MDTM", "RETR"]);
        // All three were asked before the first was answered.
        assertEquals(said.slice(0, 4).map((line) => line[0]).join(""), "CCCS");
      }
    }
    await client.quit();
  }
});

Deno.test("data connections go to the address that the session is with, or by name where only that may be used", async () => {
  for (const mayUseAddress of [true, false]) {
    await using served = new Served();
    await served.tree.write(["a"], ReadableStream.from([encode("hello")]));
    const asked: string[] = [];
    const network = overrideNetwork(served.network, {
      connect: (options) => {
        const { hostname = "", port } = options as Deno.ConnectOptions;
        asked.push(hostname);
        if (hostname !== "ftp.example" && !mayUseAddress) {
          throw new CapabilityError("out of scope", { flag: `--allow-net=${hostname}` });
        }
        return served.network.connect({ hostname: "127.0.0.1", port });
      },
    });
    const endpoint = { ...served.endpoint, hostname: "ftp.example" };
    const client = await FtpClient.connect(endpoint, { network, user: "ann", password: "secret" });
    for (let n = 0; n < 2; n++) assertEquals(await textOf(client.fetch("a")), "hello");
    await client.quit();
    const [name, address] = ["ftp.example", "127.0.0.1"];
    assertEquals(asked, mayUseAddress ? [name, address, address] : [name, address, name, name]);
  }
});
