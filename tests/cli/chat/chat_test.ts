/** `netwright chat` and `serve chat` as processes: by lines, and at a terminal. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ChatTalk } from "../../../src/cli/chat/talk.ts";
import type { ChatClient } from "../../../src/protocols/chat/mod.ts";
import { LineReader, LineWriter, UsageError } from "../../../src/net/mod.ts";
import { atTerminal } from "../../support/at_terminal.ts";
import { freeDatagramPort } from "../../support/ports.ts";
import { flagsOf, netwright, serve, startNetwright } from "../../support/netwright.ts";

const CHAT = ["chat", "--listen", "127.0.0.1:0"];

Deno.test("chat by lines: messages, news, errors", async (t) => {
  await using server = await serve(CHAT);
  const say = (nickname: string, stdin: string, ...more: string[]) =>
    netwright(["chat", `${nickname}@${server.endpoint}`, "--wait", "0.3", ...more], { stdin });
  await t.step("a conversation with oneself", async () => {
    const { code, stdout, stderr } = await say(
      "ann",
      "/join pets\nhello all\n/msg ann to\x1b[2J me\n/users\n/join Nowhere\n/p\n",
    );
    assertEquals(code, 2);
    assertMatch(stderr, /unknown command \/p; \/help lists all/);
    assert(!stdout.includes("not delivered"), stdout);
  });
  await t.step("the same without the mistake", async () => {
    const { code, stdout, stderr } = await say(
      "ann",
      "/join pets\nhello all\n/msg ann to\x1b[2J me\n/users\n/join Nowhere\n/chan\n/part\n",
    );
    assertEquals([code, stderr], [0, ""]);
    assertEquals(
      stdout.replaceAll(/\d+:\d\d:\d\d/g, "TIME"),
      [
        "-- you are in Pets with 1 in all: Friends with fur and feathers",
        "[Pets] ann: hello all",
        "*ann* to\\x1b[2J me",
        "   ann                    TIME  Pets",
        "-- no channel named Nowhere",
        "   CurrentEvents            0  What happens in the world",
        "   Weather                  0  Rain or shine",
        "   Gardening                0  For those with green thumbs",
        "   Hobbies                  0  Whatever fills the evenings",
        "   Pets                     1  Friends with fur and feathers",
        "-- you left Pets",
        "",
      ].join("\n"),
    );
  });
  await t.step(
    "acts, private messages, ignored users; all of it in a log",
    async () => {
      const folder = await Deno.makeTempDir();
      const stdin =
        "/me waves\n/query ann\nsecret\n/me nods\n/query\nback\n/topic\n/ignore bob\nx\n";
      const words = ["chat", `ann@${server.endpoint}`, "--wait", "0.3", "--join", "Pets"];
      words.push("--log", `${folder}/log`);
      const { code, stdout, stderr } = await netwright(words, {
        stdin,
        flags: await flagsOf(words),
      });
      assertEquals(code, 0, stderr);
      assertEquals(stdout.split("\n"), [
        "-- you are in Pets with 1 in all: Friends with fur and feathers",
        "[Pets] * ann waves",
        "*ann* secret",
        "* *ann* nods",
        "[Pets] ann: back",
        "[Pets] ann: x",
        "",
      ]);
      assertMatch(stderr, /\nbob is ignored\n$/);
      const log = await Deno.readTextFile(`${folder}/log`);
      assertEquals(log.replace(/^[\d-]+T[\d:.]+Z /gm, "").split("\n").sort(), [
        "",
        "* *ann* nods",
        "*ann* secret",
        "-- you are in Pets with 1 in all: Friends with fur and feathers",
        "-> ann /me nods",
        "-> ann secret",
        "[Pets] * ann waves",
        "[Pets] ann: back",
        "[Pets] ann: x",
      ]);
      await Deno.remove(folder, { recursive: true });
    },
  );
  await t.step("as JSON", async () => {
    const { stdout } = await say("ann", "hello\n", "--json", "--join", "Weather");
    const news = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(news.map(({ kind, channel, text }) => [kind, channel, text]), [
      ["entered", "Weather", undefined],
      ["message", "Weather", "hello"],
    ]);
  });
  await t.step("no name, no server", async () => {
    const nameless = await netwright(["chat", server.endpoint]);
    assertEquals(nameless.code, 2);
    assertMatch(nameless.stderr, /say who you are/);
    const nobody = await netwright(["chat", "ann@127.0.0.1:9", "--timeout", "0.2"]);
    assertEquals(nobody.code, 1);
    assertMatch(nobody.stderr, /^netwright: chat: 127\.0\.0\.1:9: no chat server answers/);
  });
});

Deno.test("chat by lines fails if a line was not delivered, or a channel not entered", async (t) => {
  await t.step("no such channel", async () => {
    await using server = await serve(CHAT);
    const words = ["chat", `ann@${server.endpoint}`, "--wait", "0.1", "--join", "Nope"];
    const { code, stdout, stderr } = await netwright(words);
    assertEquals([code, stdout], [1, "-- no channel named Nope\n"]);
    assertMatch(stderr, /: the channel Nope was not entered$/m);
  });
  await t.step("a server that goes away", async () => {
    await using server = await serve(CHAT);
    const words = ["chat", `ann@${server.endpoint}`, "--timeout", "1.5", "--join", "Pets"];
    await using ann = startNetwright(words);
    assertMatch(await ann.line() ?? "", /^-- you are in Pets/);
    await server.stop("SIGKILL");
    const writer = ann.child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("one\ntwo\n"));
    await writer.close();
    assertEquals((await ann.child.status).code, 1);
    assertEquals(await ann.line(), "-- not delivered: one");
    assertEquals(await ann.line(), "-- not delivered: two");
    assertMatch(await ann.stderr, /: 2 lines were not delivered$/m);
  });
});

Deno.test("channels that are groups: sandboxed and in place, by multicast or from the server", async () => {
  const groups = ["--multicast", "--multicast-port", `${freeDatagramPort()}`];
  const words = (endpoint: string, ...more: string[]) => [
    ...["chat", `ann@${endpoint}`, "--join", "Pets", "--wait", "0.3", ...more],
  ];
  const entered = "-- you are in Pets with 1 in all: Friends with fur and feathers\n" +
    "[Pets] ann: hello\n";
  for (const inPlace of [false, true]) {
    const server = [...CHAT, ...groups];
    await using running = await serve(
      server,
      inPlace ? { flags: await flagsOf(["serve", ...server]) } : {},
    );
    const receiving = words(running.endpoint, "--multicast");
    const flags = inPlace ? { flags: await flagsOf(receiving) } : {};
    const { code, stdout, stderr } = await netwright(receiving, { stdin: "hello\n", ...flags });
    assertEquals([code, stdout, stderr], [0, entered, ""]);
    const deaf = await netwright(words(running.endpoint), { stdin: "hello\n" });
    assertMatch(
      deaf.stdout,
      /^-- lines in Pets go to 225\.1\.0\.5; use --multicast to receive them\n/,
    );
  }
  const nowhere = await netwright(["serve", ...CHAT, "--multicast", "--interface", "eth0"]);
  assertEquals(nowhere.code, 2);
  assertMatch(nowhere.stderr, /--interface takes an IPv4 address of this host, not eth0/);
  const gone = await netwright(["serve", ...CHAT, "--multicast", "--interface", "192.0.2.99"]);
  assertEquals(gone.code, 1);
  assertMatch(gone.stderr, /192\.0\.2\.99/);
});

Deno.test("users may connect and type lines", async () => {
  const words = [...CHAT, "--lines", "127.0.0.1:0"];
  for (const inPlace of [false, true]) {
    await using server = await serve(
      words,
      inPlace ? { flags: await flagsOf(["serve", ...words]) } : {},
    );
    const lines = /lines at ([\d.:]+)/.exec((await server.errorLine())!)![1]!;
    using connection = await Deno.connect({ port: Number(lines.split(":")[1]) });
    const [reader, writer] = [new LineReader(connection), new LineWriter(connection)];
    assertEquals(await reader.readLine(), "-- please type your nickname");
    for (const line of ["ann", "/join Pets"]) await writer.writeLine(line);
    assertMatch((await reader.readLine())!, /^-- you are ann/);
    assertMatch((await reader.readLine())!, /^-- you are in Pets with 1 in all/);
    const { stdout } = await netwright(
      ["chat", `bob@${server.endpoint}`, "--join", "Pets", "--wait", "0.3"],
      { stdin: "hello\n" },
    );
    assertMatch(stdout, /you are in Pets with 2 in all.*\n\[Pets\] bob: hello\n$/);
    for (const line of ["-- bob enters Pets", "[Pets] bob: hello", "-- bob leaves Pets"]) {
      assertEquals(await reader.readLine(), line);
    }
    // HUP begins anew, on the same port.
    server.child.kill("SIGHUP");
    assertEquals(await reader.readLine(), undefined);
  }
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const inUse = await netwright(["serve", ...CHAT, "--lines", `127.0.0.1:${taken.addr.port}`]);
  assertEquals([inUse.code, inUse.stdout], [1, ""]);
  assertMatch(inUse.stderr, /^netwright: serve: 127\.0\.0\.1:\d+: address already in use/m);
  const bad = await netwright(["serve", ...CHAT, "--lines", "unix:/nowhere"]);
  assertEquals(bad.code, 2);
  assertMatch(bad.stderr, /--lines takes HOST:PORT/);
});

Deno.test("channels of one's own, and users who fall silent", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/channels.yaml`,
      "Tools: What we work with\nFood: What we eat\n",
    );
    await using server = await serve([
      ...CHAT,
      ...["--channels", `${folder}/channels.yaml`, "--idle-timeout", "0.4", "--verbose"],
    ]);
    const ask = netwright(["chat", `bob@${server.endpoint}`, "--wait", "0.3"], {
      stdin: "/channels\n",
    });
    assertMatch((await ask).stdout, /^ +Tools +0 +What we work with\n +Food +0 +What we eat\n$/);
    // A client that leaves without logging off.
    const silent = startNetwright(["chat", `carl@${server.endpoint}`, "--join", "Food"]);
    assertMatch((await silent.line())!, /you are in Food/);
    silent.child.kill("SIGKILL");
    await silent.child.status;
    await silent[Symbol.asyncDispose]();
    for (let line = ""; !line.includes("carl fell silent");) line = (await server.errorLine())!;
    // At HUP it reads the channels again; clients log in again, or are asked to.
    await Deno.writeTextFile(`${folder}/channels.yaml`, "Music: Songs and sounds\n");
    server.child.kill("SIGHUP");
    for (let line = ""; !line.includes("reloaded");) line = (await server.errorLine())!;
    const again = await netwright(["chat", `bob@${server.endpoint}`, "--wait", "0.3"], {
      stdin: "/channels\n",
    });
    assertMatch(again.stdout, /^ +Music +0 +Songs and sounds\n$/);
    await Deno.writeTextFile(`${folder}/bad.yaml`, "two words: x\n");
    const bad = await netwright(["serve", ...CHAT, "--channels", `${folder}/bad.yaml`]);
    assertEquals(bad.code, 2);
    assertMatch(bad.stderr, /must map titles of one word/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "chat at a terminal: lines above the one that is typed, completion, bell, Control-C",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using server = await serve(CHAT);
    const words = ["chat", `ann@${server.endpoint}`, "--join", "Weather"];
    await using ann = await atTerminal(words, {}, "; stty -a");
    await ann.until("you are in Weather");
    await ann.until("Weather> ");
    await ann.type("half a li");
    await ann.until("half a li");
    const bob = startNetwright(["chat", `bobby@${server.endpoint}`, "--join", "Weather"]);
    await ann.until("bobby enters Weather");
    // The edited line is drawn again below the new text.
    await ann.until("Weather> half a li");
    await ann.type("ne\r");
    await bob.line();
    assertEquals(await bob.line(), "[Weather] ann: half a line");
    await ann.type("bo\tgood morning\r");
    await bob.line();
    await ann.until("bobby: good morning");
    const writer = bob.child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("/private ann psst\n"));
    await ann.until("\x07");
    await ann.until("*bobby* psst");
    await ann.type("/jo\tPe");
    await ann.until("/join Pe");
    await ann.type("ts\r");
    await ann.until("Pets> ");
    await writer.close();
    await bob.child.status;
    await bob[Symbol.asyncDispose]();
    await ann.type("x\x03\x03");
    await ann.until("stopped by SIGINT");
    await ann.until("icanon");
    assert(!ann.text().includes("-icanon"));
  },
});

Deno.test("ChatTalk completes commands, channels and nicknames, and knows beginnings of commands", () => {
  const asked: string[] = [];
  const client = {
    channels: ["Pets"],
    nickname: "me",
    ask: (request: string, text = "") => asked.push(`${request} ${text}`),
  } as unknown as ChatClient;
  const talk = new ChatTalk(client);
  talk.learn({ kind: "message", channel: "Weather", from: "Zoë", text: "" });
  talk.learn({ kind: "joined", channel: "Pets", nickname: "bob" });
  talk.learn({ kind: "user", nickname: "bobby", seconds: 1, channels: [] });
  const cases: readonly [
    before: string,
    length: number,
    insert: string,
    shown: readonly string[],
  ][] = [
    ["/jo", 3, "/join ", ["/join"]],
    ["/p", 2, "/p", ["/part", "/private", "/public"]],
    ["/join we", 2, "Weather ", ["Weather"]],
    ["/private b", 1, "bob", ["bob", "bobby"]],
    ["z", 1, "Zoë: ", ["Zoë"]],
    ["hello q", 1, "q", []],
  ];
  for (const [before, length, insert, shown] of cases) {
    assertEquals(talk.complete(before), { length, insert, shown });
  }
  for (const line of ["hello", " /JOIN Pets ", "/u", "/msg bob hi there", "/part", ""]) {
    talk.say(line);
  }
  assertEquals(asked, [
    "sendPublic hello",
    "joinRequest Pets",
    "listUsers ",
    "sendPrivate bob hi there",
    "partRequest ",
  ]);
  for (const line of ["/", "/nothing", "/join", "/private bob"]) {
    let failure: unknown;
    try {
      talk.say(line);
    } catch (error) {
      failure = error;
    }
    assert(failure instanceof UsageError, line);
  }
  assertEquals(talk.say("/q"), { kind: "quit" });
  assertEquals(talk.say("/login ann"), { kind: "login", nickname: "ann" });
  assertEquals(talk.say("/nick ann"), { kind: "login", nickname: "ann" });
  assertEquals(talk.say("/ignore"), { kind: "ignore", nickname: undefined });
  talk.learn({ kind: "entered", channel: "Pets", users: 1, description: "fur" });
  assertEquals(talk.topic, "fur");
  assertEquals([talk.ignore("BOB"), talk.ignored], [true, ["BOB"]]);
  const from = (name: string) =>
    talk.isIgnored({ kind: "message", channel: "x", from: name, text: "" });
  assertEquals([from("bob"), from("bobby")], [true, false]);
  assertEquals([talk.ignore("bob"), talk.ignored], [false, []]);
});
