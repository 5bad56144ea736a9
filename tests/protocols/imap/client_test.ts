import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  DisconnectedError,
  InjectionError,
  LimitError,
  memoryNetwork,
  ProtocolError,
  ReplyError,
  TimeoutError,
  TlsError,
  UnsupportedError,
  UsageError,
} from "../../../src/net/mod.ts";
import {
  ImapClient,
  imapResponseCode,
  type MailboxChange,
} from "../../../src/protocols/imap/mod.ts";
import { Secret, Transcript } from "../../../src/protocols/wire/mod.ts";
import { join, latin1 } from "../../support/bytes.ts";
import {
  type Answers,
  HERE,
  inInbox,
  scriptedImap,
  type ScriptOptions,
  servedScript,
} from "./scripted.ts";

const ANN = { user: "ann", password: new Secret("sesame") };

async function textOf(text: AsyncIterable<Uint8Array>): Promise<string> {
  return latin1(join(await Array.fromAsync(text)));
}

Deno.test("a user logs in by what both sides know", async () => {
  const table: readonly (readonly [string, string, Answers, string])[] = [
    ["", "", {}, 'LOGIN "ann" "sesame"'],
    ["AUTH=PLAIN SASL-IR", "", {}, `AUTHENTICATE PLAIN ${btoa("\0ann\0sesame")}`],
    ["AUTH=PLAIN", "", { AUTHENTICATE: "+ \n", [btoa("\0ann\0sesame")]: "TAG OK in\n" }, "-"],
    ["AUTH=LOGIN", "LOGIN", {
      AUTHENTICATE: `+ ${btoa("Username:")}\n`,
      [btoa("ann")]: `+ ${btoa("Password:")}\n`,
      [btoa("sesame")]: "TAG OK in\n",
    }, "-"],
    ["AUTH=XYZ", "login-command", {}, 'LOGIN "ann" "sesame"'],
  ];
  for (const [can, mechanism, answers, expected] of table) {
    const recorded: string[] = [];
    const commands = await scriptedImap(answers, () => Promise.resolve(), {
      can,
      client: {
        ...(mechanism !== "" && { mechanism }),
        transcript: new Transcript((speaker, text) => recorded.push(`${speaker} ${text}`)),
      },
    });
    if (expected !== "-") assert(commands.includes(expected), commands.join("|"));
    const shown = recorded.join("\n");
    const secrets = ["sesame", btoa("sesame"), btoa("\0ann\0sesame")];
    assertEquals(secrets.filter((secret) => shown.includes(secret)), []);
  }
});

Deno.test("a password with odd characters is sent whole", async () => {
  const password = new Secret('gr\xf6\xdfe "\\ {3}');
  const commands = await scriptedImap({}, () => Promise.resolve(), {
    client: { credentials: { user: 'a"b\\', password } },
  });
  assertEquals(commands[0], 'LOGIN "a\\"b\\\\" {14}\ngr\xc3\xb6\xc3\x9fe "\\ {3}');
});

/** Servers that are refused: options, responses, and the error. */
const REFUSED: readonly (readonly [
  string,
  ScriptOptions,
  Answers,
  // deno-lint-ignore no-explicit-any
  abstract new (...args: any[]) => Error,
  RegExp,
])[] = [
  ["a refusal at once", { greeting: "* BYE too busy\n" }, {}, ReplyError, /BYE too busy/],
  ["another protocol", { greeting: "220 smtp.example ESMTP\n" }, {}, ProtocolError, /status/],
  ["HTTP", { greeting: "HTTP/1.1 400 Bad Request\n" }, {}, ProtocolError, /status/],
  ["silence", { greeting: "", client: { timeoutMs: 50 } }, {}, TimeoutError, /no answer/],
  ["a wrong password", {}, { LOGIN: "TAG NO [AUTHENTICATIONFAILED] no\n" }, ReplyError, /no/],
  ["no password taken", { can: "LOGINDISABLED" }, {}, UnsupportedError, /offers|passwords/],
  ["STARTTLS missing", { client: { tls: "starttls" } }, {}, TlsError, /does not offer STARTTLS/],
  [
    "STARTTLS refused",
    { can: "STARTTLS", client: { tls: "starttls" } },
    { STARTTLS: "TAG BAD no\n" },
    TlsError,
    /refuses STARTTLS/,
  ],
  [
    "plaintext behind the consent to STARTTLS (CVE-2020-15953, CVE-2021-38370)",
    { can: "STARTTLS", client: { tls: "starttls" } },
    { STARTTLS: "TAG OK begin\n* CAPABILITY AUTH=EVIL\nA2 OK done\n" },
    ProtocolError,
    /plaintext/,
  ],
  [
    "a session that begins logged in (CVE-2020-12398, CVE-2020-14093)",
    {
      greeting: "* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\n",
      client: { tls: "starttls" },
    },
    {},
    TlsError,
    /begins logged in/,
  ],
  [
    "challenges without end",
    { can: "AUTH=PLAIN SASL-IR" },
    { AUTHENTICATE: "+ \n", "*": "TAG BAD cancelled\n" },
    ProtocolError,
    /no more messages/,
  ],
  ["an end amid a response", {}, { LOGIN: "" }, DisconnectedError, /ended/],
  ["BYE amid the login", {}, { LOGIN: "* BYE Overloaded\nTAG\n" }, ProtocolError, /space/],
];

for (const [name, options, answers, error, message] of REFUSED) {
  Deno.test(`a server is refused: ${name}`, async () => {
    const found = await assertRejects(
      () => scriptedImap(answers, () => Promise.resolve(), options),
      error,
    );
    assert(message.test(found.message), `${found}`);
  });
}

Deno.test("no password goes over a network in clear text", async () => {
  const network = memoryNetwork();
  const far = { transport: "tcp", hostname: "192.0.2.1", port: 143 } as const;
  const listener = network.listen(far);
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.write(
      new TextEncoder().encode("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n"),
    );
    const buffer = new Uint8Array(1000);
    return await connection.read(buffer);
  })();
  await assertRejects(
    () => ImapClient.connect(far, { network, credentials: ANN, tls: "opportunistic" }),
    UnsupportedError,
    "clear text",
  );
  assertEquals(await serving, null);
  listener.close();
});

Deno.test("several commands are under way at once, and each has its responses", async () => {
  const commands = await inInbox({
    "UID SEARCH SEEN": "* SEARCH 1 2\n",
    "UID SEARCH UNSEEN": "* SEARCH 3\n",
    "UID FETCH 1": "* 1 FETCH (UID 1 FLAGS (\\Seen))\n",
    "UID FETCH 2": "* 2 FETCH (UID 2 FLAGS ())\n* 1 FETCH (FLAGS (\\Flagged))\n",
    STATUS: "* STATUS x (MESSAGES 5)\n",
  }, async (inbox, client) => {
    const changes: MailboxChange[] = [];
    inbox.onChange = (change) => changes.push(change);
    const results = await Promise.all([
      inbox.search({ seen: true }),
      inbox.search({ seen: false }),
      Array.fromAsync(inbox.fetch(1, { flags: true })),
      Array.fromAsync(inbox.fetch(2, { flags: true })),
      client.status("x"),
      client.noop(),
    ]);
    assertEquals(results.slice(0, 2), [[1, 2], [3]]);
    assertEquals(results[2][0]?.flags, ["\\Seen"]);
    assertEquals(results[3].map(({ uid }) => uid), [2]);
    assertEquals(results[4], { messages: 5 });
    assertEquals(changes, [{ kind: "flags", uid: 1, flags: ["\\Flagged"] }]);
  });
  assertEquals(commands.length, 6);
});

Deno.test("the state of a mailbox follows the responses", async () => {
  await inInbox({
    SELECT: "* FLAGS (\\Seen)\n* 3 EXISTS\n* OK [UIDVALIDITY 7] x\n* OK [UIDNEXT 10] x\n" +
      "* OK [PERMANENTFLAGS (\\Seen \\*)] x\n* OK [HIGHESTMODSEQ 5] x\nTAG OK [READ-ONLY] x\n* 4 EXISTS\n",
    "UID FETCH":
      "* 1 FETCH (UID 3 FLAGS ())\n* 2 FETCH (UID 5 FLAGS ())\n* 3 FETCH (UID 9 FLAGS ())\n",
    NOOP: "* 2 EXPUNGE\n* 2 FETCH (FLAGS (\\Seen) MODSEQ (12))\n* 9 EXPUNGE\n* 5 EXISTS\n" +
      "* FLAGS (\\Seen x)\nTAG OK [HIGHESTMODSEQ 20] x\n",
  }, async (inbox, client) => {
    assertEquals(
      [inbox.uidValidity, inbox.uidNext, inbox.isReadOnly, inbox.permanentFlags, inbox.exists],
      [7, 10, true, ["\\Seen", "\\*"], 4],
    );
    await Array.fromAsync(inbox.fetch([3, 5, 9], { flags: true }));
    const changes: MailboxChange[] = [];
    inbox.onChange = (change) => changes.push(change);
    await client.noop();
    assertEquals(changes, [
      { kind: "removed", uid: 5 },
      { kind: "flags", uid: 9, flags: ["\\Seen"] },
      { kind: "arrived", exists: 5 },
    ]);
    assertEquals([inbox.exists, inbox.highestModseq, inbox.flags], [5, 20n, ["\\Seen", "x"]]);
  });
});

Deno.test("a mailbox is closed by the next one, and by an attempt to open it", async () => {
  await scriptedImap({ "SELECT gone": "TAG NO [NONEXISTENT] no\n" }, async (client) => {
    const first = await client.open("INBOX");
    const second = await client.open("other");
    await assertRejects(() => first.search(), TypeError, "not open any more");
    assertEquals(await second.search({ seen: true }), []);
    const error = await assertRejects(() => client.open("gone"), ReplyError);
    assertEquals(imapResponseCode(error), "NONEXISTENT");
    await assertRejects(() => second.search(), TypeError, "not open any more");
    const third = await client.open("INBOX", { readOnly: true });
    assertEquals([third.isReadOnly, third.isOpen], [true, true]);
    await client.close();
    assertEquals(third.isOpen, false);
    await client.logout();
    assertEquals(client.isClosed, true);
    await assertRejects(() => client.noop(), DisconnectedError);
  });
});

Deno.test("items of one message may come in several responses, and others between them", async () => {
  await inInbox({
    "UID FETCH": "* 1 FETCH (FLAGS (\\Seen))\n* 2 FETCH (UID 12 FLAGS () RFC822.SIZE 2)\n" +
      "* 1 FETCH (UID 11)\n* OK still here\n* 3 FETCH (UID 99 FLAGS () RFC822.SIZE 9)\n" +
      "* 1 FETCH (UID 11 RFC822.SIZE 1)\n* 3 FETCH (UID 13 FLAGS (x))\n",
  }, async (inbox) => {
    const found = await Array.fromAsync(
      inbox.fetch([11, 12, 13, 14], { flags: true, size: true }),
    );
    assertEquals(found.map(({ uid, size, flags }) => [uid, size, flags]), [
      [12, 2, []],
      [11, 1, ["\\Seen"]],
      [13, undefined, ["x"]],
    ]);
  });
});

Deno.test("thousands of messages are asked for in sets that are short enough", async () => {
  const commands = await inInbox({}, async (inbox) => {
    const odd = Array.from({ length: 3000 }, (_, at) => 4_000_000_000 + at * 2);
    assertEquals(await Array.fromAsync(inbox.fetch(odd, { flags: true })), []);
    assertEquals(await Array.fromAsync(inbox.fetch([], { flags: true })), []);
  });
  assertEquals(commands.length, 12);
  assert(commands.every((command) => command.length < 4100));
});

Deno.test("texts come with their attributes, the rest of large ones piece by piece", async () => {
  const [beginning, piece] = ["x".repeat(65_536), "x".repeat(262_144)];
  const commands = await inInbox({
    "UID FETCH 1:3 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.65536>)":
      "* 1 FETCH (UID 1 FLAGS (a) RFC822.SIZE 3 INTERNALDATE NIL BODY[]<0> {3}\none)\n" +
      `* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 327683 INTERNALDATE NIL BODY[]<0> {65536}\n${beginning})\n` +
      "* 3 FETCH (UID 3 FLAGS () RFC822.SIZE 4 INTERNALDATE NIL BODY[]<0> {4}\nfour)\n",
    "UID FETCH 2 (UID BODY.PEEK[]<65536.": `* 2 FETCH (UID 2 BODY[]<65536> {262144}\n${piece})\n`,
    "UID FETCH 2 (UID BODY.PEEK[]<327680.": "* 2 FETCH (UID 2 BODY[]<327680> {3}\nend)\n",
  }, async (inbox) => {
    const found: unknown[] = [];
    for await (const { uid, flags, size, text } of inbox.texts([1, 2, 3])) {
      found.push([uid, flags, size, (await textOf(text)).replaceAll("x", "")]);
    }
    assertEquals(found, [[1, ["a"], 3, "one"], [2, [], 327_683, "end"], [3, [], 4, "four"]]);
  });
  assertEquals(commands.length, 3);
});

Deno.test("a part is decoded, and a missing one is an error", async () => {
  await inInbox({
    "UID FETCH 5 (UID BODYSTRUCTURE)":
      '* 1 FETCH (UID 5 BODYSTRUCTURE ("image" "png" NIL NIL NIL "base64" 10))\n',
    "UID FETCH 5 (UID BODY.PEEK[1]": "* 1 FETCH (UID 5 BODY[1]<0> {10}\naGVs\nbG8=)\n",
    "UID FETCH 5 (UID BODY.PEEK[7]": "* 1 FETCH (UID 5 BODY[7]<0> NIL)\n",
  }, async (inbox) => {
    const [message] = await Array.fromAsync(inbox.fetch(5, { structure: true }));
    assertEquals(await textOf(inbox.downloadPart(5, message!.structure!)), "hello");
    await assertRejects(() => textOf(inbox.download(5, "7")), Error, "no section 7");
    await assertRejects(() => textOf(inbox.download(6)), Error, "message 6 is not there");
    await assertRejects(() => textOf(inbox.download(5, "1] BODY[")), UsageError);
    await assertRejects(() => textOf(inbox.download(0)), UsageError);
  });
});

Deno.test("values cannot break out of their commands", async () => {
  const commands = await inInbox({}, async (inbox, client) => {
    for (const name of ["", "a\r\nA9 DELETE b", "a\0b", "x".repeat(1001), "\ud800"]) {
      await assertRejects(() => client.create(name), UsageError);
    }
    for (const flag of ["", "a b", "a)", "\\", "a\r\nb", "\\Seen)", "{3}"]) {
      await assertRejects(() => inbox.store(1, { add: [flag] }), UsageError);
    }
    await assertRejects(() => inbox.store("1 (X)", { add: ["x"] }), UsageError);
    await assertRejects(() => inbox.store(1, {}), UsageError);
    await assertRejects(() => inbox.copy([1, 2 ** 40], "x"), UsageError);
    await assertRejects(() => inbox.search({ header: { "a b": "c" } }), UsageError);
    await assertRejects(() => inbox.search({ keyword: "a)" }), UsageError);
    await assertRejects(() => inbox.search({ text: "a\0b" }), InjectionError);
    await assertRejects(() => Array.fromAsync(inbox.fetch(1, { sections: ["1]"] })), UsageError);
    await assertRejects(() => Array.fromAsync(inbox.fetch(1, { header: ["a)"] })), UsageError);
    await assertRejects(() => inbox.sort(["x) ALL" as never]), UsageError);
    await client.create('~&ü"\\');
    await inbox.search({ subject: 'a"b\r\nA9 LOGOUT {3}' });
  }, { can: "SORT" });
  assertEquals(commands, [
    'CREATE "~&-&APw-\\"\\\\"',
    'UID SEARCH CHARSET UTF-8 SUBJECT {18}\na"b\r\nA9 LOGOUT {3}',
  ]);
});

Deno.test("a literal is sent at once only where the server takes it (CVE-2026-47240)", async () => {
  const subject = `ü${"x".repeat(5000)}`;
  for (
    const [can, expected] of [
      ["", "{5002}"],
      ["LITERAL-", "{5002}"],
      ["LITERAL+", "{5002+}"],
    ] as const
  ) {
    const commands = await inInbox({}, async (inbox) => {
      await inbox.search({ subject });
      await inbox.search({ subject: "ü" });
    }, { can });
    assert(commands[0]!.includes(`SUBJECT ${expected}\n`), commands[0]!.slice(0, 60));
    assert(commands[1]!.endsWith(can === "" ? "{2}\n\xc3\xbc" : "{2+}\n\xc3\xbc"));
  }
});

Deno.test("a literal that the server refuses leaves the session usable", async () => {
  let count = 0;
  const network = memoryNetwork();
  const listener = network.listen({ ...HERE });
  const serving = (async () => {
    using connection = await listener.accept();
    const say = (text: string) => connection.write(new TextEncoder().encode(text));
    await say("* OK [CAPABILITY IMAP4rev1] hi\r\n");
    const buffer = new Uint8Array(10_000);
    while (true) {
      const length = await connection.read(buffer);
      if (length === null) return;
      const line = latin1(buffer.subarray(0, length));
      const tag = line.split(" ")[0];
      await say(line.includes("APPEND") ? `${tag} NO [TRYCREATE] no\r\n` : `${tag} OK done\r\n`);
      count++;
    }
  })();
  await using client = await ImapClient.connect(HERE, { network, credentials: ANN });
  const error = await assertRejects(
    () => client.append("x", { content: new TextEncoder().encode("a\nb") }),
    ReplyError,
  );
  assertEquals(imapResponseCode(error), "TRYCREATE");
  await client.noop();
  assertEquals(count, 4);
  await client.logout();
  listener.close();
  await serving;
});

Deno.test("messages are added, several at once where the server can", async () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const internalDate = new Date("2026-01-02T03:04:05Z");
  const messages = [
    { content: encode("Subject: a\n\nb\n"), flags: ["\\Seen"], internalDate },
    { content: { size: 4, pieces: [encode("c\r"), encode("\nd")] } },
  ];
  const single = await scriptedImap({
    APPEND: ["TAG OK [APPENDUID 7 10] x\n", "TAG OK [APPENDUID 7 11] x\n"],
  }, async (client) => {
    assertEquals(await client.append("x", messages), { uidValidity: 7, uids: [10, 11] });
  });
  const first = 'APPEND x (\\Seen) " 2-Jan-2026 03:04:05 +0000" {17}\nSubject: a\r\n\r\nb\r\n';
  assertEquals(single.slice(1), [first, "APPEND x {4}\nc\r\nd"]);
  const together = await scriptedImap({
    APPEND: ["TAG NO [TRYCREATE] x\n", "TAG OK [APPENDUID 7 10:11] x\n"],
  }, async (client) => {
    const again = messages.map(({ content, ...rest }) => ({
      ...rest,
      content: content instanceof Uint8Array ? content : encode("c\r\nd"),
    }));
    const found = await client.append("x", again, { create: true });
    assertEquals(found, { uidValidity: 7, uids: [10, 11] });
  }, { can: "MULTIAPPEND LITERAL+" });
  assertEquals(together.slice(1).map((command) => command.slice(0, 8)), [
    "APPEND x",
    "CREATE x",
    "APPEND x",
  ]);
  await scriptedImap({}, async (client) => {
    await assertRejects(() => client.append("x", messages), LimitError, "up to 10 bytes");
    const lying = { content: { size: 3, pieces: [encode("c")] } };
    await assertRejects(() => client.append("x", lying), UsageError, "3 bytes promised");
    assertEquals(client.isClosed, true);
  }, { can: "APPENDLIMIT=10" });
});

Deno.test("messages are moved and deleted one by one, whatever others have marked", async () => {
  const withMove = await inInbox({
    "UID MOVE": "* OK [COPYUID 9 1:2 31:32] x\n* 1 EXPUNGE\n* 1 EXPUNGE\n",
  }, async (inbox) => {
    assertEquals(await inbox.move([1, 2], "a"), {
      uidValidity: 9,
      uids: new Map([[1, 31], [2, 32]]),
    });
    assertEquals(inbox.exists, 1);
  }, { can: "MOVE" });
  assertEquals(withMove, ["UID MOVE 1:2 a"]);
  const withUidPlus = await inInbox({}, (inbox) => inbox.move([1, 2], "a").then(() => {}), {
    can: "UIDPLUS",
  });
  assertEquals(withUidPlus, [
    "UID COPY 1:2 a",
    "UID STORE 1:2 +FLAGS.SILENT (\\Deleted)",
    "UID EXPUNGE 1:2",
  ]);
  const without = await inInbox({}, async (inbox) => {
    await assertRejects(() => inbox.move(1, "a"), UnsupportedError, "UIDPLUS");
    await assertRejects(() => inbox.delete(1), UnsupportedError, "UIDPLUS");
  });
  assertEquals(without, []);
});

Deno.test("flags change only where no other client was faster", async () => {
  const commands = await inInbox({
    "UID STORE": "TAG OK [MODIFIED 2,4:5] x\n",
  }, async (inbox) => {
    const change = { add: ["\\Seen"], unchangedSince: 12n };
    assertEquals(await inbox.store("1:*", change), [2, 4, 5]);
    await inbox.store(1, { add: ["a"], remove: ["b"] });
    const both = { add: ["a"], remove: ["b"], unchangedSince: 12n };
    await assertRejects(() => inbox.store(1, both), UsageError);
    await assertRejects(() => inbox.store(1, { add: ["a"], set: ["b"] }), UsageError);
  });
  assertEquals(commands, [
    "UID STORE 1:* (UNCHANGEDSINCE 12) +FLAGS.SILENT (\\Seen)",
    "UID STORE 1 +FLAGS.SILENT (a)",
    "UID STORE 1 -FLAGS.SILENT (b)",
  ]);
});

Deno.test("a mailbox is resynchronized from its last known state", async () => {
  const answers = {
    ENABLE: "* ENABLED QRESYNC\n",
    SELECT: "* 9 EXISTS\n* 1 FETCH (UID 99 FLAGS (old))\n* OK [CLOSED] x\n* 3 EXISTS\n" +
      "* OK [UIDVALIDITY 7] x\n* OK [HIGHESTMODSEQ 30] x\n* VANISHED (EARLIER) 4:5\n" +
      "* 2 FETCH (UID 8 FLAGS (\\Seen) MODSEQ (28))\n",
  };
  const options = { can: "ENABLE QRESYNC CONDSTORE", client: { qresync: true } };
  const commands = await scriptedImap(answers, async (client) => {
    const known = { uidValidity: 7, highestModseq: 20n, uids: [1, 2, 3, 8] };
    const inbox = await client.open("INBOX", { known });
    assertEquals(inbox.exists, 3);
    assertEquals(inbox.resynchronized, {
      changed: [{ uid: 8, flags: ["\\Seen"] }],
      removed: [4, 5],
    });
    const other = await client.open("INBOX", { known: { ...known, uidValidity: 6 } });
    assertEquals(other.resynchronized, undefined);
  }, options);
  assertEquals(commands.slice(1, 3), [
    "ENABLE QRESYNC CONDSTORE",
    "SELECT INBOX (QRESYNC (7 20 1:3,8))",
  ]);
});

Deno.test("removed messages are named by their identifiers", async () => {
  await inInbox({
    "UID FETCH": "* 1 FETCH (UID 3 FLAGS ())\n* 2 FETCH (UID 5 FLAGS ())\n",
    NOOP: "* VANISHED 3,7\n* 1 FETCH (FLAGS (a))\n",
  }, async (inbox, client) => {
    await Array.fromAsync(inbox.fetch("1:*", { flags: true }));
    const changes: unknown[] = [];
    inbox.onChange = (change) => changes.push(change.kind === "arrived" ? "" : change.uid);
    await client.noop();
    // Identifier 7 was never said: it is not known where the others are now.
    assertEquals([inbox.exists, changes], [1, [3, 7, undefined]]);
  });
});

Deno.test("IDLE ends at a change, at its time, at a signal, and when another command is sent", async () => {
  const commands = await inInbox({
    IDLE: ["+ idling\n* 4 EXISTS\n", "+ idling\n", "+ idling\n", "+ idling\n"],
    DONE: "TAG OK x\n",
    "UID SEARCH": "* SEARCH 1\n",
  }, async (inbox) => {
    await inbox.idle();
    assertEquals(inbox.exists, 4);
    await inbox.idle({ waitMs: 20 });
    const ended = new AbortController();
    const waiting = inbox.idle({ signal: ended.signal });
    ended.abort();
    await waiting;
    const idling = inbox.idle();
    assertEquals(await inbox.search({ seen: true }), [1]);
    await idling;
    await inbox.idle({ signal: AbortSignal.abort() });
  }, { can: "IDLE" });
  assertEquals(commands, [
    "IDLE",
    "DONE",
    "IDLE",
    "DONE",
    "IDLE",
    "DONE",
    "IDLE",
    "DONE",
    "UID SEARCH SEEN",
  ]);
});

Deno.test("a server without IDLE is asked now and then", async () => {
  const commands = await inInbox(
    { NOOP: ["TAG OK x\n", "* 4 EXISTS\n"] },
    (inbox) => inbox.idle({ pollMs: 1 }),
  );
  assertEquals(commands, ["NOOP", "NOOP"]);
});

Deno.test("a server that is silent amid a command is given up, and one that idles is not", async () => {
  await inInbox({ IDLE: "+ x\n", DONE: "-", NOOP: "-" }, async (inbox, client) => {
    await assertRejects(() => inbox.idle({ waitMs: 150 }), TimeoutError);
    assertEquals(client.isClosed, true);
    assert(await client.closed instanceof TimeoutError);
  }, { can: "IDLE", client: { timeoutMs: 60 } });
});

Deno.test("mailboxes are listed with their totals, by any server", async () => {
  const rev1 = await scriptedImap({
    LIST: '* LIST (\\HasChildren) "/" INBOX\n* LIST () "/" "INBOX/Entw&APw-rfe"\n' +
      '* LIST (\\Noselect) "/" x\n* LIST () "/" "raw \xfc"\n* LIST () "/" "Sent"\n',
    STATUS: "* STATUS y (MESSAGES 4 UNSEEN 1 UIDVALIDITY 0 UIDNEXT x)\n",
    "STATUS Sent": "TAG NO gone\n",
  }, async (client) => {
    const list = await client.list({ status: true });
    assertEquals(
      list.map(({ name, isSelectable, specialUse, status }) => [
        name,
        isSelectable,
        specialUse,
        status?.messages,
        status?.uidNext,
      ]),
      [
        ["INBOX", true, undefined, 4, undefined],
        ["INBOX/Entwürfe", true, "drafts", 4, undefined],
        ["x", false, undefined, undefined, undefined],
        ["raw ü", true, undefined, 4, undefined],
        ["Sent", true, "sent", undefined, undefined],
      ],
    );
    // A name that is not in modified UTF-7 is sent as the server writes it.
    await client.open("raw ü");
  });
  assertEquals(rev1.slice(1), [
    'LIST "" "*"',
    "STATUS INBOX (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)",
    "STATUS INBOX/Entw&APw-rfe (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)",
    "STATUS {5}\nraw \xfc (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)",
    "STATUS Sent (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)",
    "SELECT {5}\nraw \xfc",
  ]);
  const extended = await scriptedImap({
    ENABLE: "* ENABLED UTF8=ACCEPT\n",
    LIST: '* LIST (\\Subscribed \\Sent) "/" "ges\xc3\xa4ndet"\n* STATUS "ges\xc3\xa4ndet" ' +
      '(MESSAGES 2 SIZE 12345678901 HIGHESTMODSEQ 7 MAILBOXID (F1))\n* LIST () "/" Drafts\n',
  }, async (client) => {
    const list = await client.list({ status: true, pattern: "ge%", subscribed: true });
    assertEquals(
      list.map(({ name, isSubscribed, specialUse }) => [name, isSubscribed, specialUse]),
      [
        ["gesändet", true, "sent"],
        ["Drafts", false, undefined],
      ],
    );
    assertEquals(list[0]!.status, {
      messages: 2,
      size: 12345678901,
      highestModseq: 7n,
      mailboxId: "F1",
    });
    await client.subscribe("gesändet", false);
  }, { can: "ENABLE UTF8=ACCEPT LIST-EXTENDED LIST-STATUS SPECIAL-USE STATUS=SIZE" });
  assertEquals(extended.slice(2), [
    'LIST (SUBSCRIBED) "" "ge%" RETURN (SUBSCRIBED SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY SIZE))',
    'UNSUBSCRIBE "ges\xc3\xa4ndet"',
  ]);
});

Deno.test("searches, sorts and threads are read in both forms", async () => {
  await inInbox({
    "UID SEARCH RETURN (ALL)": '* ESEARCH (TAG "A3") UID ALL 9,2:4\n',
    "UID SEARCH RETURN (COUNT": '* ESEARCH (TAG "A4") UID COUNT 3 MIN 2 MAX 9\n',
    "UID SORT (REVERSE DATE FROM) UTF-8 ALL": "* SORT 5 3 4\n",
    "UID THREAD REFERENCES": "* THREAD (2)(3 6 (4 23)(44 7 96))((8)(9))\n",
  }, async (inbox) => {
    assertEquals(await inbox.search(), [2, 3, 4, 9]);
    assertEquals(await inbox.summarize(), { count: 3, min: 2, max: 9 });
    assertEquals(await inbox.sort(["-date", "from"]), [5, 3, 4]);
    const leaf = (uid: number) => ({ uid, responses: [] });
    assertEquals(await inbox.thread(), [
      leaf(2),
      {
        uid: 3,
        responses: [{
          uid: 6,
          responses: [
            { uid: 4, responses: [leaf(23)] },
            { uid: 44, responses: [{ uid: 7, responses: [leaf(96)] }] },
          ],
        }],
      },
      { uid: undefined, responses: [leaf(8), leaf(9)] },
    ]);
  }, { can: "ESEARCH SORT THREAD=REFERENCES" });
  await inInbox({ "UID SEARCH": "* SEARCH 9\n* SEARCH 2\n" }, async (inbox) => {
    await assertRejects(() => inbox.sort(["date"]), UnsupportedError, "SORT");
    await assertRejects(() => inbox.thread(), UnsupportedError, "THREAD");
    assertEquals(await inbox.summarize(), { count: 2, min: 2, max: 9 });
  });
});

Deno.test("alerts are shown, cleaned; the server introduces itself", async () => {
  const alerts: string[] = [];
  await scriptedImap({
    ID: '* ID ("name" "Zimbra" "version" NIL)\n',
    NOOP: "* OK [ALERT] disk \x1b[2J full\nTAG OK [ALERT] bye\n",
    NAMESPACE: '* NAMESPACE (("" "/")("INBOX." ".")) NIL ((x NIL))\n',
  }, async (client) => {
    assertEquals([...client.serverId], [["name", "Zimbra"]]);
    await client.noop();
    assertEquals(alerts, ["disk \\x1b[2J full", "bye"]);
    assertEquals(await client.namespaces(), [
      { kind: "personal", prefix: "", delimiter: "/" },
      { kind: "personal", prefix: "INBOX.", delimiter: "." },
      { kind: "shared", prefix: "x", delimiter: undefined },
    ]);
  }, { can: "ID NAMESPACE", client: { onAlert: (text) => alerts.push(text) } });
});

Deno.test("unrequested responses end the session, or do no harm", async () => {
  await assertRejects(
    () => inInbox({ NOOP: "+ go ahead\n" }, (_, client) => client.noop()),
    ProtocolError,
    "unasked request",
  );
  await assertRejects(
    () => inInbox({ NOOP: "A99 OK x\n" }, (_, client) => client.noop()),
    ProtocolError,
    "completion of no command",
  );
  await assertRejects(
    () => inInbox({ NOOP: "* 1 EXISTS\n".repeat(3) + "* 99999999 EXISTS\n" }, (_, c) => c.noop()),
    ProtocolError,
    "more than",
  );
  await inInbox(
    { NOOP: "* XYZZY (\n* 7 UNHEARD\n* 1 RECENT\n* STATUS x NIL\n" },
    (_, c) => c.noop(),
  );
});

Deno.test("a client that is aborted, or disposed of, ends all that waits", async () => {
  const ended = new AbortController();
  await inInbox({ NOOP: "-" }, async (_, client) => {
    const waiting = [client.noop(), client.noop()];
    ended.abort(new Error("enough"));
    for (const wait of waiting) await assertRejects(() => wait, Error, "enough");
  }, { client: { signal: ended.signal } });
  await inInbox({ NOOP: "-" }, async (_, client) => {
    const waiting = client.noop();
    await client[Symbol.asyncDispose]();
    await assertRejects(() => waiting, DisconnectedError);
  });
  await servedScript({}, async (network) => {
    const signal = AbortSignal.abort(new Error("before"));
    await assertRejects(() => ImapClient.connect(HERE, { network, signal }), Error, "before");
  });
});
