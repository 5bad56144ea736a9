import { assertEquals, assertMatch } from "@std/assert";
import { dial, LineReader, writeAll } from "../../../src/net/mod.ts";
import { saslClient } from "../../../src/protocols/sasl/mod.ts";
import { Secret } from "../../../src/protocols/wire/mod.ts";
import { type ServedPop3, servedPop3 } from "./served.ts";

/** Sends lines one after the other; a reply of several lines is one text. The greeting comes first. */
async function talk(server: ServedPop3, ...lines: readonly string[]): Promise<string[]> {
  using connection = await dial(server.endpoint, { network: server.network });
  const reader = new LineReader(connection);
  const replies = [await reader.readLine() ?? ""];
  for (const line of lines) {
    await writeAll(connection, new TextEncoder().encode(`${line}\r\n`)).catch(() => {});
    let reply = await reader.readLine() ?? "[closed]";
    const isText = /^(?:CAPA|AUTH|LANG|UIDL|LIST|RETR \d+|TOP \d+ \d+) *$/i.test(line);
    if (isText && reply.startsWith("+OK")) {
      for (let next = ""; next !== "." && next !== "[closed]"; reply += `|${next}`) {
        next = await reader.readLine() ?? "[closed]";
      }
    }
    replies.push(reply);
  }
  return replies;
}

const LETTER = "Subject: x\r\n\r\nhi\r\n.dot\r\nend\r\n";
/** Without an end of its last line. */
const SHORT = "\r\ntwo\r\nend";
const LOGIN = ["USER mrose", "PASS tanstaaf"];

Deno.test("the session of RFC 1939 §10", async () => {
  await using server = servedPop3(["a".repeat(118) + "\r\n", "b".repeat(198) + "\r\n"]);
  const replies = await talk(
    server,
    ...LOGIN,
    "STAT",
    "LIST",
    "RETR 1",
    "DELE 1",
    "RETR 2",
    "DELE 2",
    "QUIT",
  );
  assertMatch(replies.shift()!, /^\+OK localhost POP3 Netwright <[^@ ]+@localhost>$/);
  assertEquals(replies, [
    "+OK send PASS",
    "+OK 2 messages",
    "+OK 2 320",
    "+OK 2 messages|1 120|2 200|.",
    `+OK 120 octets|${"a".repeat(118)}|.`,
    "+OK deleted at QUIT",
    `+OK 200 octets|${"b".repeat(198)}|.`,
    "+OK deleted at QUIT",
    "+OK goodbye, 2 messages deleted",
  ]);
  assertEquals([server.messages, server.errors], [[], []]);
  assertEquals(server.summaries, [{ user: "mrose", retrieved: 2, deleted: 2 }]);
});

/** Lines after the login, and the last replies. */
const TABLE: readonly (readonly [what: string, lines: string[], replies: string[]])[] = [
  ["marks take messages out of every view", [
    "DELE 1",
    "STAT",
    "LIST",
    "UIDL 1",
    "DELE 1",
    "RETR 1",
  ], [
    "+OK deleted at QUIT",
    "+OK 1 10",
    "+OK 1 messages|2 10|.",
    "-ERR no such message",
    "-ERR no such message",
    "-ERR no such message",
  ]],
  ["RSET gives them back", ["DELE 1", "RSET", "STAT"], [
    "+OK deleted at QUIT",
    "+OK 2 messages",
    "+OK 2 39",
  ]],
  ["dots are doubled", ["RETR 1"], [
    "+OK 29 octets|Subject: x||hi|..dot|end|.",
  ]],
  ["TOP cuts the body", ["TOP 1 0", "TOP 1 2", "TOP 1 99", "TOP 2 1"], [
    "+OK top of message follows|Subject: x||.",
    "+OK top of message follows|Subject: x||hi|..dot|.",
    "+OK top of message follows|Subject: x||hi|..dot|end|.",
    "+OK top of message follows||two|.",
  ]],
  ["arguments are checked", [
    "RETR",
    "RETR 0",
    "RETR 3",
    "RETR -1",
    "RETR 1 2",
    "LIST x",
    "TOP 1",
    "TOP 1 -1",
  ], [
    "-ERR no such message",
    "-ERR no such message",
    "-ERR no such message",
    "-ERR no such message",
    "-ERR no such message",
    "-ERR no such message",
    "-ERR TOP takes a message and a number of lines",
    "-ERR TOP takes a message and a number of lines",
  ]],
  ["one message of a list", ["LIST 2", "UIDL 2", " list  2 "], [
    "+OK 2 10",
    "+OK 2 u-10-twoend",
    "+OK 2 10",
  ]],
  ["what belongs before the login is refused after it", ["USER a", "UTF8", "AUTH PLAIN", "STLS"], [
    "-ERR already logged in",
    "-ERR already logged in",
    "-ERR already logged in",
    "-ERR STLS is not offered",
  ]],
  ["languages (RFC 6856)", ["LANG", "LANG en", "LANG *", "LANG de"], [
    "+OK language list follows|en English|.",
    "+OK en English",
    "+OK en English",
    "-ERR no such language",
  ]],
  ["unknown verbs", ["LAST", "NOOP", "constructor"], [
    "-ERR unknown command",
    "+OK",
    "-ERR unknown command",
  ]],
];

for (const [what, lines, expected] of TABLE) {
  Deno.test(`POP3 server: ${what}`, async () => {
    await using server = servedPop3([LETTER, SHORT]);
    const replies = await talk(server, ...LOGIN, ...lines);
    assertEquals(replies.slice(3), expected);
    assertEquals([server.messages.length, server.errors], [2, []]);
  });
}

Deno.test("nothing is deleted without QUIT", async () => {
  await using server = servedPop3(["one", "two"]);
  await talk(server, ...LOGIN, "DELE 1");
  assertEquals(server.messages.length, 2);
  await talk(server, "QUIT");
  assertEquals(server.messages.length, 2);
});

Deno.test("a mailbox is for one session", async () => {
  await using server = servedPop3(["one"]);
  using first = await dial(server.endpoint, { network: server.network });
  const reader = new LineReader(first);
  await reader.readLine();
  await writeAll(first, new TextEncoder().encode("USER mrose\r\nPASS tanstaaf\r\n"));
  for (let at = 0; at < 2; at++) await reader.readLine();
  const replies = await talk(server, ...LOGIN, "STAT");
  assertEquals(replies.slice(2), [
    "-ERR [IN-USE] another session has the mailbox open",
    "-ERR log in first",
  ]);
});

Deno.test("a user logs in by each way that is offered", async () => {
  await using server = servedPop3([]);
  const [, capabilities] = await talk(server, "CAPA");
  assertEquals(
    capabilities,
    "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|EXPIRE NEVER|UTF8 USER|" +
      "LANG|USER|SASL SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN|IMPLEMENTATION Netwright|.",
  );
  const initial = btoa("\0mrose\0tanstaaf");
  assertEquals((await talk(server, `AUTH PLAIN ${initial}`)).at(-1), "+OK 0 messages");
  assertEquals((await talk(server, "AUTH PLAIN", initial)).slice(1), ["+ ", "+OK 0 messages"]);
  assertEquals((await talk(server, "auth login", btoa("mrose"), btoa("tanstaaf"))).slice(1), [
    "+ VXNlcm5hbWU6",
    "+ UGFzc3dvcmQ6",
    "+OK 0 messages",
  ]);
  // The password ends with a space.
  assertEquals((await talk(server, "USER ann", "PASS se sam ")).at(-1), "+OK 0 messages");
  assertEquals((await talk(server, "USER bücher", "PASS größe")).at(-1), "+OK 0 messages");
  const cram = saslClient("CRAM-MD5", { user: "mrose", password: new Secret("tanstaaf") });
  using connection = await dial(server.endpoint, { network: server.network });
  const reader = new LineReader(connection);
  await reader.readLine();
  await writeAll(connection, new TextEncoder().encode("AUTH CRAM-MD5\r\n"));
  const challenge = Uint8Array.fromBase64((await reader.readLine())!.slice(2));
  const response = (await cram.respond(challenge)).toBase64();
  await writeAll(connection, new TextEncoder().encode(`${response}\r\n`));
  assertEquals(await reader.readLine(), "+OK 0 messages");
});

Deno.test("wrong logins get one reply, and the third ends the session", async () => {
  const refused: string[] = [];
  await using server = servedPop3([], { onRefused: (user) => void refused.push(user) });
  const wrong = "-ERR [AUTH] authentication failed";
  const bad = btoa("\0mrose\0wrong");
  assertEquals(
    (await talk(
      server,
      "USER mrose",
      "PASS wrong",
      "PASS tanstaaf",
      `AUTH PLAIN ${bad}`,
      "APOP ann 00",
      "NOOP",
    ))
      .slice(1),
    ["+OK send PASS", wrong, "-ERR send USER first", wrong, wrong, "[closed]"],
  );
  assertEquals(refused, ["mrose", "mrose", "ann"]);
  assertEquals(
    (await talk(server, "AUTH PLAIN", "*", "AUTH X", "AUTH PLAIN =!", "PASS x", "USER")).slice(2),
    [
      "-ERR malformed base64, or AUTH was cancelled",
      "-ERR authentication mechanism not supported",
      "-ERR malformed base64, or AUTH was cancelled",
      "-ERR send USER first",
      "-ERR USER takes a name",
    ],
  );
});

Deno.test("a response that is too long is an error, and the session continues", async () => {
  await using server = servedPop3([]);
  const replies = await talk(server, "AUTH PLAIN", "A".repeat(13_000), ...LOGIN);
  assertEquals(replies.slice(2), [
    "-ERR malformed base64, or AUTH was cancelled",
    "+OK send PASS",
    "+OK 0 messages",
  ]);
});

Deno.test("passwords in clear text require TLS", async () => {
  await using server = servedPop3([], { insecureAuth: false });
  const demand = "-ERR [AUTH] passwords in clear text require TLS: send STLS first";
  const replies = await talk(server, "USER mrose", "PASS tanstaaf", "AUTH PLAIN", "CAPA");
  assertEquals(replies.slice(1, 4), [
    demand,
    demand,
    "-ERR authentication mechanism not supported",
  ]);
  assertMatch(replies[4]!, /\|SASL SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5\|/);
});

Deno.test("a message that cannot be read is an error, and half of one ends the session", async () => {
  await using server = servedPop3([], {
    open: () =>
      Promise.resolve({
        messages: [{ sizeBytes: 5, uid: "1" }, { sizeBytes: 5, uid: "2" }],
        async *read(index: number) {
          if (index === 1) yield new TextEncoder().encode("half\r\n");
          await Promise.reject(new Error("disk"));
        },
        delete: () => Promise.reject(new Error("disk")),
        close() {},
      }),
  });
  const replies = await talk(server, ...LOGIN, "RETR 1", "NOOP", "RETR 2", "NOOP");
  assertEquals(replies.slice(3), [
    "-ERR [SYS/TEMP] the message cannot be read",
    "+OK",
    "+OK 5 octets|half|[closed]",
    "[closed]",
  ]);
  assertEquals(
    (await talk(server, ...LOGIN, "DELE 1", "QUIT")).at(-1),
    "-ERR [SYS/TEMP] some deleted messages were not removed",
  );
  assertEquals(server.errors.length, 3);
});

Deno.test("an HTTP request ends the session (cross-protocol attacks)", async () => {
  await using server = servedPop3([]);
  assertEquals((await talk(server, "POST / HTTP/1.1", "NOOP")).slice(1), [
    "-ERR This is not an HTTP server.",
    "[closed]",
  ]);
});
