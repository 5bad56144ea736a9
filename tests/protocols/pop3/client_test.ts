import { assertEquals, assertRejects } from "@std/assert";
import {
  DisconnectedError,
  InjectionError,
  LimitError,
  memoryNetwork,
  ProtocolError,
  ReplyError,
  Tainted,
  TimeoutError,
  TlsError,
  UnsupportedError,
  UsageError,
} from "../../../src/net/mod.ts";
import {
  Pop3Client,
  type Pop3ClientOptions,
  pop3ResponseCode,
} from "../../../src/protocols/pop3/mod.ts";
import { Secret, Transcript } from "../../../src/protocols/wire/mod.ts";
import { join, latin1 } from "../../support/bytes.ts";
import { SCRIPTED, scriptedServer } from "../../support/scripted_server.ts";
import { servedPop3, USERS } from "./served.ts";

const credentialsOf = (user: string) => ({ user, password: new Secret(USERS[user] ?? "wrong") });
const MROSE = credentialsOf("mrose");

async function textOf(text: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of text) pieces.push(piece);
  return latin1(join(pieces));
}

/** What the client sent to a server that follows a script. */
async function scripted(
  script: readonly string[],
  options: Pop3ClientOptions,
  act: (client: Pop3Client) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  return await scriptedServer(script, async (network) => {
    await using client = await Pop3Client.connect(SCRIPTED, {
      network,
      timeoutMs: 2000,
      ...options,
    });
    await act(client);
  });
}

const MESSAGES = [
  "Subject: one\r\n\r\n.a\r\n",
  "Subject: two\r\n\r\n\r\n..\r\n.\r\n",
  "Subject: three\r\n\r\n",
];

for (const maxReadBytes of [1, 1_000_000]) {
  Deno.test(`a whole session, ${maxReadBytes} bytes at a time`, async () => {
    await using server = servedPop3([...MESSAGES], {}, memoryNetwork({ maxReadBytes }));
    const options = { network: server.network, credentials: MROSE };
    await using client = await Pop3Client.connect(server.endpoint, options);
    assertEquals(client.isUtf8, true);
    assertEquals(await client.stat(), { messages: 3, bytes: MESSAGES.join("").length });
    assertEquals(
      (await client.list()).map(({ bytes }) => bytes),
      MESSAGES.map(({ length }) => length),
    );
    assertEquals((await client.uidl()).map(({ number }) => number), [1, 2, 3]);
    assertEquals(await client.size(3), MESSAGES[2]!.length);
    assertEquals(await textOf(client.top(2, 0)), "Subject: two\r\n\r\n");
    assertEquals(await textOf(client.retrieve(2)), MESSAGES[1]);
    const found: string[] = [];
    for await (const { number, text, refusal } of client.retrieveAll([3, 9, 1, 2])) {
      found.push(`${number} ${refusal === undefined ? await textOf(text) : refusal.reason}`);
    }
    assertEquals(found, [
      `3 ${MESSAGES[2]}`,
      "9 -ERR no such message",
      `1 ${MESSAGES[0]}`,
      `2 ${MESSAGES[1]}`,
    ]);
    assertEquals((await client.delete([1, 7, 3])).map(({ reason }) => reason), [
      "-ERR no such message",
    ]);
    await client.noop();
    await client.reset();
    await client.delete(2);
    await client.quit();
    assertEquals([client.isClosed, server.messages], [true, [MESSAGES[0], MESSAGES[2]]]);
  });
}

Deno.test("a thousand messages come in their order, whichever are skipped", async () => {
  await using server = servedPop3(
    Array.from({ length: 1000 }, (_, at) => `${at}\r\n`.repeat(at % 9 + 1)),
  );
  const options = { network: server.network, credentials: MROSE };
  await using client = await Pop3Client.connect(server.endpoint, options);
  const numbers = Array.from({ length: 1000 }, (_, at) => 1000 - at);
  const read: number[] = [];
  for await (const { number, text } of client.retrieveAll(numbers)) {
    read.push(number);
    if (number % 3 === 0) continue;
    assertEquals(await textOf(text), server.messages[number - 1]);
  }
  assertEquals(read, numbers);
  assertEquals((await client.delete(numbers)).length, 0);
  await client.quit();
  assertEquals(server.messages, []);
});

for (
  const mechanism of [undefined, "USER", "APOP", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"]
) {
  Deno.test(`a user logs in by ${mechanism ?? "the best way"}`, async () => {
    await using server = servedPop3([]);
    const recorded: string[] = [];
    await using client = await Pop3Client.connect(server.endpoint, {
      network: server.network,
      credentials: MROSE,
      mechanism,
      transcript: new Transcript((speaker, text) => recorded.push(`${speaker}: ${text}`)),
    });
    assertEquals((await client.stat()).messages, 0);
    const sent = recorded.join("\n");
    const encoded = [USERS.mrose!, btoa(USERS.mrose!), btoa(`\0mrose\0${USERS.mrose}`)];
    assertEquals(encoded.filter((secret) => sent.includes(secret)), []);
  });
}

Deno.test("a command amid retrieved messages is refused, and their texts may be left", async () => {
  const large = `Subject: x\r\n\r\n${`${"x".repeat(70)}\r\n`.repeat(5000)}`;
  await using server = servedPop3(["one", large, "three"]);
  const options = { network: server.network, credentials: MROSE };
  await using client = await Pop3Client.connect(server.endpoint, options);
  const read: number[] = [];
  for await (const { number, text } of client.retrieveAll([1, 2, 3])) {
    read.push(number);
    for await (const _ of text) break;
    for (const command of [() => client.delete(1), () => client.stat(), () => client.quit()]) {
      await assertRejects(command, TypeError, "messages are being retrieved");
    }
    await assertRejects(() => client.retrieveAll([1]).next(), TypeError);
  }
  assertEquals([read, await client.delete(read)], [[1, 2, 3], []]);
  await client.quit();
  assertEquals(server.messages, []);
});

Deno.test("a wrong password is a refusal with a code", async () => {
  await using server = servedPop3([]);
  const options = { network: server.network, credentials: credentialsOf("nobody") };
  for (const mechanism of ["USER", "APOP", "PLAIN", "SCRAM-SHA-1"]) {
    const error = await assertRejects(
      () => Pop3Client.connect(server.endpoint, { ...options, mechanism }),
      ReplyError,
      "authentication failed",
    );
    assertEquals(pop3ResponseCode(error), "AUTH");
  }
});

Deno.test("APOP sends the digest of RFC 1939 §7", async () => {
  const sent = await scripted(
    [
      "+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\n",
      "-ERR what\n",
      "+OK maildrop\n",
      "-ERR what\n",
    ],
    { credentials: MROSE, mechanism: "apop" },
  );
  assertEquals(sent, ["CAPA", "APOP mrose c4c9334bac560ecc979e58001b3e22fb", "CAPA"]);
});

/** Faulty and hostile servers: script, action of the client, and the error. */
// deno-lint-ignore no-explicit-any
type ErrorType = new (...args: any[]) => Error;
const HOSTILE: readonly (readonly [
  what: string,
  script: string[],
  options: Pop3ClientOptions,
  error: ErrorType,
  message: string,
  act?: (client: Pop3Client) => Promise<unknown>,
])[] = [
  ["a refusing greeting", ["-ERR [SYS/TEMP] busy\n"], {}, ReplyError, "busy"],
  ["another protocol", ["220 mx ESMTP\n"], {}, ProtocolError, "malformed reply"],
  [
    "a response injected before TLS (CVE-2020-15953)",
    ["+OK hi\n", "+OK\nSTLS\n.\n", "+OK begin\n+OK injected\n"],
    {},
    ProtocolError,
    "plaintext",
  ],
  [
    "STLS that was stripped",
    ["+OK hi\n", "+OK\nUIDL\n.\n"],
    { tls: "starttls" },
    TlsError,
    "does not offer STLS",
  ],
  [
    "STLS that is refused",
    ["+OK hi\n", "+OK\nSTLS\n.\n", "-ERR no\n"],
    { tls: "starttls" },
    TlsError,
    "refuses STLS",
  ],
  [
    "an APOP timestamp that is no message identifier (CVE-2007-1558)",
    ["+OK hi <a\x01b@c>\n", "-ERR\n"],
    { credentials: MROSE, mechanism: "APOP" },
    UnsupportedError,
    "does not offer APOP",
  ],
  [
    "a name with a line break (python CVE-2025-15367)",
    ["+OK hi\n", "-ERR\n"],
    { credentials: { user: "a\r\nDELE 1", password: new Secret("x") }, mechanism: "USER" },
    InjectionError,
    "CR",
  ],
  [
    "a reply without end",
    [`+OK hi\n`, `+OK ${"x".repeat(20_000)}`],
    {},
    LimitError,
    "8192",
  ],
  [
    "capabilities without end",
    [`+OK hi\n`, `+OK\n${"SASL PLAIN\n".repeat(10_000)}`],
    {},
    LimitError,
    "65536",
  ],
  [
    "a list that is none",
    ["+OK hi\n", "-ERR\n", "+OK\n1 120\nsome text\n.\n"],
    {},
    ProtocolError,
    'malformed response to LIST: "some text"',
    (client) => client.list(),
  ],
  [
    "a list of more messages than are taken",
    ["+OK hi\n", "-ERR\n", "+OK\n1 1\n2 1\n3 1\n.\n"],
    { maxMessages: 2 },
    LimitError,
    "more than 2 messages",
    (client) => client.list(),
  ],
  [
    "an identifier that is none",
    ["+OK hi\n", "-ERR\n", "+OK\n1 \x1b[2J\n.\n"],
    {},
    ProtocolError,
    "UIDL",
    (client) => client.uidl(),
  ],
  [
    "a number that is listed twice",
    ["+OK hi\n", "-ERR\n", "+OK\n1 a\n1 b\n.\n"],
    {},
    ProtocolError,
    "UIDL",
    (client) => client.uidl(),
  ],
  [
    "a total that is none",
    ["+OK hi\n", "-ERR\n", "+OK 2\n"],
    {},
    ProtocolError,
    "STAT",
    (client) => client.stat(),
  ],
  [
    "a message larger than is taken",
    ["+OK hi\n", "-ERR\n", `+OK\n${"x".repeat(5000)}\n.\n`],
    { maxMessageBytes: 1000 },
    LimitError,
    "1000 bytes",
    (client) => textOf(client.retrieve(1)),
  ],
  [
    "a message that breaks off",
    ["+OK hi\n", "-ERR\n", "+OK\nhalf of\n\f"],
    {},
    DisconnectedError,
    "before the final dot",
    (client) => textOf(client.retrieve(1)),
  ],
  [
    "a server that falls silent",
    ["+OK hi\n", "-ERR\n", "-"],
    { timeoutMs: 50 },
    TimeoutError,
    "",
    (client) => client.stat(),
  ],
  [
    "a reply that was not asked for",
    ["+OK hi\n", "-ERR\n", "+OK 1 1\n+OK 7 7\n", "+OK\n"],
    {},
    ProtocolError,
    "unasked",
    async (client) => {
      await client.stat();
      await client.noop();
    },
  ],
  [
    "challenges without end",
    ["+OK hi\n", "+OK\nSASL PLAIN\n.\n", ...Array.from({ length: 30 }, () => "+ \n")],
    { credentials: MROSE },
    ProtocolError,
    "",
  ],
  [
    "a number that is none",
    ["+OK hi\n", "-ERR\n"],
    {},
    UsageError,
    "0",
    (client) => client.delete(0),
  ],
];

for (const [what, script, options, error, message, act] of HOSTILE) {
  Deno.test(`POP3 client: ${what}`, async () => {
    await assertRejects(
      () => scripted(script, options, async (client) => void await act?.(client)),
      error,
      message,
    );
  });
}

Deno.test("servers older than CAPA, and with odd habits, are read", async () => {
  const sent = await scripted(
    [
      "+ok hi\n",
      "-ERR unknown\n",
      "+OK\n",
      "+OK\n",
      "-err what?\n",
      "+OK 2 320 octets in all\n",
      "+OK 2 messages\n1 120 octets\n 2\t200\n.\n",
      "+OK\n1 a b\n2 \xe9!\n.\n",
      "+OK\n",
    ],
    { credentials: { user: "a b", password: new Secret(" p ") } },
    async (client) => {
      assertEquals(await client.stat(), { messages: 2, bytes: 320 });
      assertEquals(await client.list(), [{ number: 1, bytes: 120 }, { number: 2, bytes: 200 }]);
      assertEquals((await client.uidl())[0], { number: 1, uid: "a b" });
      await client.quit();
    },
  );
  assertEquals(sent, ["CAPA", "USER a b", "PASS  p ", "CAPA", "STAT", "LIST", "UIDL", "QUIT"]);
});

Deno.test("a long token follows a challenge of its own (RFC 5034 §4)", async () => {
  const token = "t".repeat(300);
  const sent = await scripted(
    ["+OK hi\n", "+OK\nSASL XOAUTH2\n.\n", "+ \n", "+OK\n", "-ERR\n"],
    { credentials: { user: "ann", token: new Secret(token) } },
  );
  assertEquals(sent.slice(1, 3), [
    "AUTH XOAUTH2",
    btoa(`user=ann\x01auth=Bearer ${token}\x01\x01`),
  ]);
});

Deno.test("response codes of refusals", () => {
  for (
    const [text, code] of [
      ["[IN-USE] busy", "IN-USE"],
      [" [sys/temp] x", "SYS/TEMP"],
      ["[LOGIN-DELAY 30] x", "LOGIN-DELAY"],
      ["nothing [AUTH]", undefined],
      ["[] x", undefined],
      ["", undefined],
    ] as const
  ) {
    const error = new ReplyError("x", {
      operation: "x",
      code: "-ERR",
      lines: [new Tainted<string>(text)],
    });
    assertEquals(pop3ResponseCode(error), code);
  }
});
