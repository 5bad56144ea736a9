import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  DisconnectedError,
  LimitError,
  memoryNetwork,
  NetwrightError,
  ProtocolError,
  ReplyError,
  TimeoutError,
  TlsError,
  UnsupportedError,
  UsageError,
} from "../../../src/net/mod.ts";
import {
  NntpClient,
  type NntpClientOptions,
  overviewOverConnections,
} from "../../../src/protocols/nntp/mod.ts";
import { Secret, Transcript } from "../../../src/protocols/wire/mod.ts";
import { MemoryNews, SpoolNews } from "../../../src/stores/mod.ts";
import { SCRIPTED, scriptedServer } from "../../support/scripted_server.ts";
import { article, servedNews, USERS } from "./served.ts";

const encode = (text: string) => [new TextEncoder().encode(text)];
const textOf = async (pieces: AsyncIterable<Uint8Array>) =>
  await new Response(ReadableStream.from(pieces)).text();

const CAPABILITIES = "101 list\nVERSION 2\nREADER\nOVER\nHDR\nPOST\n.\n";

/** Talks to a server that follows a script behind greeting and capabilities; gives what it received. */
async function scripted(
  script: readonly string[],
  act: (client: NntpClient) => Promise<unknown>,
  options: NntpClientOptions = {},
  begin: readonly string[] = ["200 hello\n", CAPABILITIES],
): Promise<string[]> {
  return await scriptedServer([...begin, ...script], async (network) => {
    await using client = await NntpClient.connect(SCRIPTED, {
      ...{ network, timeoutMs: 500, tls: "none" },
      ...options,
    });
    await act(client);
  });
}

const GROUP = "211 9 1 9 a.b\n";
const FORMAT = "215 order\nSubject:\nFrom:\nDate:\nMessage-ID:\nReferences:\n:bytes\n:lines\n.\n";

const overview = async (client: NntpClient) => {
  await client.selectGroup("a.b");
  return await Array.fromAsync(client.overview({ first: 1 }));
};
const one = (client: NntpClient) => textOf(client.article(1));
const LONG = "x".repeat(100_000);

/** Servers that lie, and what the client makes of them. */
const HOSTILE: readonly (readonly [
  what: string,
  script: readonly string[],
  act: (client: NntpClient) => Promise<unknown>,
  // deno-lint-ignore no-explicit-any
  error: new (...args: any[]) => Error,
])[] = [
  ["a reply that is none", ["hello\n"], (client) => client.date(), ProtocolError],
  ["a reply without end", [`211 ${LONG}`], (client) => client.selectGroup("a.b"), LimitError],
  ["a malformed group", ["211 x\n"], (client) => client.selectGroup("a.b"), ProtocolError],
  [
    "64-bit marks",
    ["211 1 1 18446744073709551615 a.b\n"],
    (client) => client.selectGroup("a.b"),
    ProtocolError,
  ],
  ["a malformed date", ["111 yesterday\n"], (client) => client.date(), ProtocolError],
  ["a line of a list without end", ["215 x\n" + LONG], (client) => client.list("MOTD"), LimitError],
  [
    "a list that is cut off",
    ["215 x\na\nb\n\f"],
    (client) => client.list("MOTD"),
    DisconnectedError,
  ],
  [
    "a list that is too long",
    ["215 x\n" + "a\n".repeat(2000) + ".\n"],
    (client) => client.list("MOTD"),
    LimitError,
  ],
  ["silence", ["-"], (client) => client.date(), TimeoutError],
  ["an article that is cut off", ["220 1 <1@x>\nSubject: x\n\nhal\f"], one, DisconnectedError],
  ["an article that is too large", ["220 1 <1@x>\n\n" + LONG + "\n.\n"], one, LimitError],
  ["another article than was asked for", ["220 2 <2@x>\nSubject: x\n.\n"], one, ProtocolError],
  ["another reply than was asked for", ["221 1 <1@x>\nSubject: x\n.\n"], one, ProtocolError],
  [
    "another identifier than was asked for",
    ["220 0 <2@x>\nx\n.\n"],
    (client) => textOf(client.article("<1@x>")),
    ProtocolError,
  ],
  ["something unasked", ["111 20260101000000\n400 bye\n"], async (client) => {
    await client.date();
    // It arrives with the reply before.
    await client.date();
  }, ProtocolError],
  ["a closed door", [""], (client) => client.date(), DisconnectedError],
];

for (const [what, script, act, error] of HOSTILE) {
  Deno.test(`a hostile news server: ${what}`, async () => {
    await scripted(script, async (client) => {
      const thrown = await assertRejects(() => act(client), error);
      assert(thrown instanceof NetwrightError);
      assert(!/[\x00-\x1f]/.test(thrown.message), thrown.message);
      assertEquals(client.isClosed, true);
    }, { maxEntries: 1000, maxArticleBytes: 50_000 });
  });
}

Deno.test("articles that do not belong to their requests end the session", async () => {
  // One reply too many: without the check all later articles would be others.
  const both = "220 1 <1@x>\none\n.\n220 1 <1@x>\none\n.\n220 2 <2@x>\ntwo\n.\n";
  await scripted([both], async (client) => {
    const texts: string[] = [];
    await assertRejects(async () => {
      for await (const { text } of client.articles([1, 2])) texts.push(await textOf(text));
    }, ProtocolError);
    assertEquals(texts, ["one\r\n"]);
  });
});

Deno.test("plaintext behind the consent to STARTTLS ends the session (CVE-2012-3523, CVE-2020-14954)", async () => {
  const offer = "101 list\nVERSION 2\nREADER\nSTARTTLS\n.\n";
  await scriptedServer(["200 x\n", offer, "382 begin\n200 injected\n"], async (network) => {
    const error = await assertRejects(
      () => NntpClient.connect(SCRIPTED, { network, tls: "starttls", timeoutMs: 500 }),
      ProtocolError,
    );
    assert(/plaintext/.test(error.message), error.message);
  });
});

Deno.test("plaintext behind STARTTLS does not reach the server's session", async () => {
  const { certificates } = await import("../../support/certificates.ts");
  const { dial, LineReader, systemNetwork, writeAll } = await import("../../../src/net/mod.ts");
  const { server: tls } = await certificates();
  await using server = await servedNews({ tls }, systemNetwork());
  using connection = await dial(server.endpoint, { network: server.network });
  const reader = new LineReader(connection);
  await reader.readLine();
  await writeAll(connection, new TextEncoder().encode("STARTTLS\r\nPOST\r\n"));
  assertEquals(await reader.readLine(), "382 begin TLS negotiation");
  assertEquals(await reader.readLine().catch(() => undefined), undefined);
});

Deno.test("no password goes over a network in clear text, nor without the TLS that was demanded", async () => {
  const credentials = { user: "ann", password: new Secret("sesame") };
  const network = memoryNetwork();
  const listener = network.listen({ ...SCRIPTED, hostname: "192.0.2.7" });
  const serving = (async () => {
    for await (const connection of listener) {
      const { LineReader, writeAll } = await import("../../../src/net/mod.ts");
      const say = (text: string) =>
        writeAll(connection, new TextEncoder().encode(text.replaceAll("\n", "\r\n")));
      const reader = new LineReader(connection);
      await say("200 x\n");
      while (await reader.readLine().catch(() => undefined) !== undefined) await say(CAPABILITIES);
      connection.close();
    }
  })();
  const at = { ...SCRIPTED, hostname: "192.0.2.7" };
  const connect = (options: NntpClientOptions) =>
    NntpClient.connect(at, { network, credentials, timeoutMs: 500, ...options });
  await assertRejects(() => connect({}), TlsError, "does not offer STARTTLS");
  await assertRejects(() => connect({ tls: "none" }), UnsupportedError, "clear text");
  listener.close();
  await serving;
});

Deno.test("logins by every way, and compression, against our server", async () => {
  await using server = await servedNews({
    users: { password: (user) => Promise.resolve(USERS[user]) },
    loginFor: "everything",
  });
  const ways = [undefined, "USER", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"];
  for (const mechanism of ways) {
    for (const [user, password] of Object.entries(USERS)) {
      await using client = await NntpClient.connect(server.endpoint, {
        network: server.network,
        credentials: { user, password: new Secret(password) },
        mechanism,
        compress: user === "bob",
        tls: "none",
      });
      assertEquals((await client.selectGroup("local.test")).count, 0);
      assertEquals(client.isCompressed, user === "bob");
      await client.quit();
    }
    const wrong = () =>
      NntpClient.connect(server.endpoint, {
        network: server.network,
        credentials: { user: "ann", password: new Secret("wrong") },
        mechanism,
        tls: "none",
      });
    assertEquals((await assertRejects(wrong, ReplyError)).code, 481);
  }
  assertEquals(server.errors, []);
});

Deno.test("no transcript shows a password", async () => {
  await using server = await servedNews({
    users: { password: (user) => Promise.resolve(USERS[user]) },
  });
  const lines: string[] = [];
  for (const mechanism of ["USER", "PLAIN"]) {
    const transcript = new Transcript((_, text) => lines.push(text));
    await using client = await NntpClient.connect(server.endpoint, {
      network: server.network,
      credentials: { user: "ann", password: new Secret("sesame") },
      mechanism,
      transcript,
      tls: "none",
    });
    await client.quit();
  }
  assert(!lines.join().includes("sesame") && !lines.join().includes(btoa("\0ann\0sesame")));
});

Deno.test("a session in pieces of one byte: posting, reading, offering", async () => {
  await using server = await servedNews({ feeding: true }, memoryNetwork({ maxReadBytes: 1 }));
  await using client = await NntpClient.connect(server.endpoint, { network: server.network });
  await client.post(encode(article({}, ".dot\n..\n.")));
  assertEquals(await client.date(), new Date("2026-11-30T12:00:00Z"));
  await client.selectGroup("local.test");
  assertEquals(await textOf(client.body(1)), ".dot\r\n..\r\n.\r\n");
  const fed = (id: string) => ({
    messageId: `<${id}@b.example>`,
    text: () => encode(`Path: b!x\n${article({ "Message-ID": `<${id}@b.example>` })}`),
  });
  const results = await Array.fromAsync(client.offer([fed("1"), fed("2"), fed("1")]));
  assertEquals(results.map(({ outcome }) => outcome), ["taken", "taken", "rejected"]);
  const texts: string[] = [];
  for await (const { text, refusal } of client.articles([1, 7, 2], "body")) {
    texts.push(refusal === undefined ? await textOf(text) : `${refusal.code}`);
  }
  assertEquals(texts, [".dot\r\n..\r\n.\r\n", "423", "Hello\r\n"]);
  const stopped: unknown[] = [];
  for await (const { reference } of client.articles([1, 2, 3])) {
    stopped.push(reference);
    await assertRejects(() => client.date(), TypeError, "articles are being retrieved");
    break;
  }
  assertEquals([stopped, client.isClosed], [[1], true]);
});

Deno.test("arguments that would break out of their line, or name nothing, are refused before they are sent", async () => {
  const received = await scripted([], async (client) => {
    const bad = "a.b\r\nQUIT";
    for (
      const act of [
        () => client.selectGroup(bad),
        () => client.listGroup(bad),
        () => Array.fromAsync(client.listActive(bad)),
        () => Array.fromAsync(client.overview("<a\r\n@b>")),
        () => Array.fromAsync(client.overview({ first: -1 })),
        () => Array.fromAsync(client.header("a: b", { first: 1 })),
        () => textOf(client.article("x")),
        () => textOf(client.article(1.5)),
        () => client.newNews(bad, new Date()),
        () => client.list("x y"),
        () => client.listGroup(undefined, { first: 1 }),
      ]
    ) await assertRejects(act as () => Promise<unknown>, UsageError);
  });
  assertEquals(received, ["CAPABILITIES"]);
});

/** Situations from public trackers; the client's side. */
const TRACKERS: readonly (readonly [
  what: string,
  begin: readonly string[],
  script: readonly string[],
  act: (client: NntpClient) => Promise<unknown>,
  result: unknown,
])[] = [
  [
    "neomutt#338: a server of RFC 977 answers 500 to CAPABILITIES (leafnode)",
    ["200 Leafnode NNTP Daemon\n", "500 unknown command\n", "500 unknown command\n"],
    [GROUP, FORMAT, "224 x\n1\tS\ta@b\tx\t<1@x>\t\t1\t1\n.\n"],
    async (client) => [client.mayPost, (await overview(client)).length],
    [true, 1],
  ],
  [
    "nntpit#3: MODE READER is answered 501, the low water mark is 0",
    ["200 nntpit ready.\n", "500 x\n", "501 Unknown MODE.\n"],
    ["211 7 0 6 a.b\n"],
    (client) => client.selectGroup("a.b"),
    { name: "a.b", count: 7, low: 0, high: 6 },
  ],
  [
    "inn#122: XOVER of a range without articles is answered 224 and nothing",
    ["200 x\n", CAPABILITIES],
    [GROUP, FORMAT, "224 x\n.\n"],
    overview,
    [],
  ],
  [
    "inn#122: or 420, as RFC 2980 says",
    ["200 x\n", CAPABILITIES],
    [GROUP, FORMAT, "420 no articles\n"],
    overview,
    [],
  ],
  [
    "pynab#109 (nntplib): a field behind the usual ones comes without its name",
    ["200 x\n", CAPABILITIES],
    [
      GROUP,
      FORMAT.replace(".\n", "Xref:full\n.\n"),
      "224 x\n1\tS\ta@b\tx\t<1@x>\t\t1\t1\tserver a.b:1\n2\tT\n.\n",
    ],
    async (client) => (await overview(client)).map(({ subject, places }) => [subject, places.size]),
    [["S", 0], ["T", 0]],
  ],
  [
    "sinntp#9, cpython#76031 (nntplib): a line of an overview is longer than 2048 bytes",
    ["200 x\n", CAPABILITIES],
    [GROUP, FORMAT, `224 x\n1\tS\ta@b\tx\t<1@x>\t${"<r@x> ".repeat(5000)}\t1\t1\n.\n`],
    async (client) => (await overview(client))[0]!.references.length,
    5000,
  ],
  [
    "lbbs#58: lines of an overview end with LF",
    ["200 x\n", CAPABILITIES],
    [GROUP, FORMAT, "224 x\n1\tS\ta@b\tx\t<1@x>\t\t1\t1\n.\n"],
    async (client) => (await overview(client)).map(({ lines }) => lines),
    [1],
  ],
  [
    "nntpchan#167: a row of an overview holds a line break",
    ["200 x\n", CAPABILITIES],
    [GROUP, FORMAT, "224 x\n1\tS\ta@b\tx\t<1\n@x>\t\t1\t1\n2\tT\ta@b\tx\t<2@x>\t\t1\t1\n.\n"],
    async (client) => (await overview(client)).map(({ number }) => number),
    [1, 2],
  ],
  [
    "newsflash-plus#103: overviews of articles below the low water mark",
    ["200 x\n", CAPABILITIES],
    ["211 1 100 200 a.b\n", FORMAT, "224 x\n7\tS\ta@b\tx\t<1@x>\t\t1\t1\n.\n"],
    async (client) => (await overview(client)).map(({ number }) => number),
    [7],
  ],
  [
    "nzbget#100: an article without an empty line between header and body",
    ["200 x\n", CAPABILITIES],
    ["220 1 <1@x>\nSubject: x\n=ybegin line=128 size=1 name=a\n.\n"],
    one,
    "Subject: x\r\n=ybegin line=128 size=1 name=a\r\n",
  ],
  [
    "sabnzbd#2605: lines that begin with a dot (yEnc and uuencode) come whole",
    ["200 x\n", CAPABILITIES],
    ["222 1 <1@x>\n..x\n...\n..\n.\n"],
    (client) => textOf(client.body(1)),
    ".x\r\n..\r\n.\r\n",
  ],
  [
    "sabnzbd#1543: 400 in the middle of a session is the server's farewell, told in its words",
    ["200 x\n", CAPABILITIES],
    ["400 idle timeout\n\f"],
    (client) => client.date().catch((error) => error.message),
    "Cannot complete DATE: 127.0.0.1:25: 400 idle timeout",
  ],
  [
    "cpython#82100 (nntplib): a refusal of one article is not the end",
    ["200 x\n", CAPABILITIES],
    ["430 no such article\n", "111 20260101000000\n"],
    async (
      client,
    ) => [await one(client).catch(({ code }) => code), (await client.date()).getTime()],
    [430, Date.UTC(2026, 0, 1)],
  ],
];

for (const [what, begin, script, act, result] of TRACKERS) {
  Deno.test(what, async () => {
    let seen: unknown;
    await scripted(script, async (client) => seen = await act(client), {}, begin);
    assertEquals(seen, result);
  });
}

Deno.test("nzbget#428: a server that asks for no password gets none", async () => {
  const credentials = { user: "ann", password: new Secret("x") };
  const begin = ["200 x\n", CAPABILITIES, "281 ok\n", CAPABILITIES];
  const received = await scripted([], () => Promise.resolve(), { credentials }, begin);
  assertEquals(received, ["CAPABILITIES", "AUTHINFO USER ann", "CAPABILITIES"]);
});

Deno.test("go-nntp#2: MODE READER that requires a login does not keep the client from logging in", async () => {
  const credentials = { user: "ann", password: new Secret("x") };
  const begin = ["200 x\n", "500 x\n", "480 log in\n", "381 x\n", "281 ok\n", "500 x\n"];
  const received = await scripted(
    [GROUP],
    (client) => client.selectGroup("a.b"),
    { credentials },
    begin,
  );
  assertEquals(received.slice(2), [
    ...["AUTHINFO USER ann", "AUTHINFO PASS x", "CAPABILITIES", "GROUP a.b"],
  ]);
});

/** Situations from public trackers; the server's side. */
Deno.test("cyrus-imapd#1174: GROUP of a group that is not there leaves the selected one", async () => {
  const { talk } = await import("./served.ts");
  await using server = await servedNews();
  const replies = await talk(
    server,
    "POST",
    article(),
    "GROUP local.test",
    "GROUP no",
    "LISTGROUP no",
    "STAT",
  );
  assertEquals(replies.slice(2), [
    ...["211 1 1 1 local.test", "411 no such group", "411 no such group", "223 1 <1@a.example>"],
  ]);
});

Deno.test("cyrus-imapd#738, nntpit#12, inn#286: years of two digits, OVER without a range, fields with a dot", async () => {
  const { talk } = await import("./served.ts");
  await using server = await servedNews();
  const dotted = article({ "..X": "1" });
  const replies = await talk(
    server,
    ...[
      "POST",
      dotted,
      "GROUP local.test",
      "NEWNEWS * 261130 000000",
      "XOVER",
      "HDR .X 1",
      "HEAD 1",
    ],
  );
  assertEquals(replies[3], "230 new articles|<1@a.example>|.");
  assert(replies[4]!.startsWith("224 overview follows|1\tHi\t"));
  assertEquals(replies[5], "225 header follows|1 1|.");
  assert(replies[6]!.includes("|..X: 1|"));
});

Deno.test("sonews#68: numbers go on when all articles of a group are removed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const store of [new MemoryNews(), await SpoolNews.open(folder)]) {
      await using server = await servedNews({ store });
      await using client = await NntpClient.connect(server.endpoint, { network: server.network });
      await client.post(encode(article()));
      await store.remove(["<1@a.example>"]);
      const { low, high, count } = await client.selectGroup("local.test");
      assertEquals([low, high, count], [2, 1, 0]);
      await client.post(encode(article({ "Message-ID": "<2@a.example>" })));
      assertEquals((await client.selectGroup("local.test")).low, 2);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the overview of a large group, requests ahead, and over several connections", async () => {
  await using server = await servedNews();
  const connect = () => NntpClient.connect(server.endpoint, { network: server.network });
  {
    await using client = await connect();
    for (let at = 1; at <= 57; at++) {
      await client.post(encode(article({ "Message-ID": `<${at}@x>`, Subject: `number ${at}` })));
    }
  }
  await server.store.remove(["<20@x>", "<21@x>", "<22@x>", "<23@x>", "<24@x>"]);
  const expected = Array.from({ length: 57 }, (_, at) => at + 1).filter((at) => at < 20 || at > 24);
  await using client = await connect();
  await client.selectGroup("local.test");
  const ranges = Array.from({ length: 12 }, (_, at) => ({ first: at * 5, last: at * 5 + 4 }));
  const found: number[] = [];
  for await (const { range, records } of client.overviews(ranges)) {
    assert(records.every(({ number }) => number >= range.first && number <= range.last!));
    found.push(...records.map(({ number }) => number));
  }
  assertEquals(found, expected);
  assertEquals((await client.selectGroup("local.test")).count, 52);
  for (const connections of [1, 2, 3, 50]) {
    const records = overviewOverConnections(connect, "local.test", undefined, {
      connections,
      articlesAtOnce: 4,
    });
    assertEquals((await Array.fromAsync(records)).map(({ number }) => number), expected);
  }
  const part = overviewOverConnections(connect, "local.test", { first: 50, last: 52 });
  assertEquals((await Array.fromAsync(part)).length, 3);
  const empty = overviewOverConnections(connect, "local.old");
  assertEquals(await Array.fromAsync(empty), []);
  await assertRejects(
    () => Array.fromAsync(overviewOverConnections(connect, "local.no")),
    ReplyError,
  );
  for await (const { number } of overviewOverConnections(connect, "local.test")) {
    if (number > 3) break;
  }
  assertEquals(server.errors, []);
});

Deno.test("a hostile server cannot mix up requested overviews, nor fill the memory by a high number", async () => {
  const list = "224 x\n1\tS\ta@b\tx\t<1@x>\t\t1\t1\n.\n";
  await scripted([GROUP, FORMAT, list + list + list], async (client) => {
    await client.selectGroup("a.b");
    const ranges = [{ first: 1, last: 3 }, { first: 4, last: 6 }, { first: 7, last: 9 }];
    const seen: number[] = [];
    await assertRejects(async () => {
      for await (const { records } of client.overviews(ranges)) seen.push(records.length);
    }, ProtocolError);
    assertEquals([seen, client.isClosed], [[1], true]);
  });
  await scriptedServer(
    ["200 x\n", CAPABILITIES, "211 5 1 9007199254740991 a.b\n", FORMAT, "423 none\n"],
    async (network) => {
      const connect = () => NntpClient.connect(SCRIPTED, { network, tls: "none", timeoutMs: 300 });
      const options = { connections: 1 };
      await assertRejects(
        () => Array.fromAsync(overviewOverConnections(connect, "a.b", undefined, options)),
        TimeoutError,
      );
    },
  );
});

Deno.test({
  name: "no request leaves a file open",
  ignore: Deno.build.os !== "linux",
}, async () => {
  const { talk } = await import("./served.ts");
  const folder = await Deno.makeTempDir();
  try {
    const store = await SpoolNews.open(folder);
    await using server = await servedNews({ store });
    const open = () => [...Deno.readDirSync("/proc/self/fd")].length;
    const ask = (...lines: string[]) => talk(server, "GROUP local.test", ...lines);
    await talk(server, "POST", article(), "POST", article({ "Message-ID": "<2@a.example>" }));
    const before = open();
    for (let round = 0; round < 10; round++) {
      await ask(
        "HEAD 1",
        "BODY 1",
        "ARTICLE 1",
        "HDR x-none 1-",
        "HDR x-none <1@a.example>",
        "OVER 1-",
      );
      const cancel = article({
        "Message-ID": undefined,
        Control: "cancel <1@a.example>",
        From: "eve@e.example",
      });
      await ask("POST", cancel);
    }
    assert(open() - before < 5, `${open() - before} files are open`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
