import { assertEquals, assertMatch } from "@std/assert";
import { SmtpReject, type SmtpServerOptions } from "../../../../src/protocols/smtp/mod.ts";
import { served } from "./served.ts";

const HELLO = "EHLO client.example\r\n|";
const ENVELOPE = "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\n||";

Deno.test("handleSmtp() takes a message, and reports where it came from", async () => {
  await using server = served({ name: "mx.example", now: () => new Date("2026-11-27T10:00:00Z") });
  const replies = await server.talk(
    HELLO,
    ENVELOPE,
    "DATA\r\n|",
    "Subject: x\r\n\r\n..dot\r\nend\r\n.\r\n|",
    "QUIT\r\n|",
  );
  assertEquals(replies.map((line) => line.slice(0, 4)), [
    "220 ",
    "250-",
    "250-",
    "250-",
    "250-",
    "250-",
    "250-",
    "250-",
    "250 ",
    "250 ",
    "250 ",
    "354 ",
    "250 ",
    "221 ",
  ]);
  const [message] = server.kept;
  assertEquals([message?.from, message?.to, message?.text], [
    "ann@a.example",
    ["bob@b.example"],
    "Subject: x\r\n\r\n.dot\r\nend\r\n",
  ]);
  assertEquals(
    message?.trace.replace(/id \w{16}/, "id X"),
    "Return-Path: <ann@a.example>\r\nReceived: from client.example ([127.0.0.1])\r\n" +
      " by mx.example with ESMTP id X\r\n for <bob@b.example>;\r\n Fri, 27 Nov 2026 10:00:00 +0000\r\n",
  );
  assertEquals(replies.at(-2), `250 2.0.0 kept as ${message?.id}`);
});

/** What each dialogue ends with; all are sent by a client that has said hello. */
const REPLIES: {
  name: string;
  steps: string[];
  expected: string;
  options?: Partial<SmtpServerOptions>;
}[] = [
  { name: "an unknown command", steps: ["FOO\r\n|"], expected: "500 5.5.1" },
  { name: "RCPT without MAIL", steps: ["RCPT TO:<a@b.c>\r\n|"], expected: "503 5.5.1" },
  { name: "DATA without RCPT", steps: ["MAIL FROM:<>\r\nDATA\r\n||"], expected: "554 5.5.1" },
  { name: "MAIL twice", steps: ["MAIL FROM:<>\r\nMAIL FROM:<>\r\n||"], expected: "503 5.5.1" },
  { name: "MAIL without brackets", steps: ["MAIL FROM:a@b.c\r\n|"], expected: "501 5.5.4" },
  {
    name: "MAIL of two addresses",
    steps: ["MAIL FROM:<a@b.c><d@e.f>\r\n|"],
    expected: "501 5.5.4",
  },
  {
    name: "MAIL with a quoted local part",
    steps: ['MAIL FROM:<"a>b \\" c"@d.e>\r\n|'],
    expected: "250 2.1.0",
  },
  { name: "MAIL with a route", steps: ["MAIL FROM:<@x.y,@z.w:a@b.c>\r\n|"], expected: "250 2.1.0" },
  { name: "MAIL with a literal", steps: ["MAIL FROM:<a@[192.0.2.1]>\r\n|"], expected: "250 2.1.0" },
  {
    name: "an unknown parameter",
    steps: ["MAIL FROM:<a@b.c> RET=FULL\r\n|"],
    expected: "555 5.5.4",
  },
  {
    name: "a parameter twice",
    steps: ["MAIL FROM:<a@b.c> SIZE=1 SIZE=2\r\n|"],
    expected: "501 5.5.4",
  },
  {
    name: "a size that is too large",
    steps: ["MAIL FROM:<a@b.c> SIZE=101\r\n|"],
    expected: "552 5.3.4",
    options: { maxBytes: 100 },
  },
  {
    name: "UTF-8 without SMTPUTF8",
    steps: ["MAIL FROM:<\xc3\xbc@b.c>\r\n|"],
    expected: "553 5.6.7",
  },
  {
    name: "UTF-8 with SMTPUTF8",
    steps: ["MAIL FROM:<\xc3\xbc@b.c> SMTPUTF8\r\n|"],
    expected: "250 2.1.0",
  },
  {
    name: "too many recipients",
    steps: [ENVELOPE, "RCPT TO:<c@b.example>\r\n|"],
    expected: "452 4.5.3",
    options: { maxRecipients: 1 },
  },
  {
    name: "mail without a login",
    steps: ["MAIL FROM:<a@b.c>\r\n|"],
    expected: "530 5.7.0",
    options: { requireAuth: true },
  },
  { name: "VRFY", steps: ["VRFY ann\r\n|"], expected: "252 2.5.2" },
  { name: "EXPN", steps: ["EXPN list\r\n|"], expected: "502 5.5.1" },
  { name: "RSET", steps: [ENVELOPE, "RSET\r\n|", "DATA\r\n|"], expected: "503 5.5.1" },
  { name: "STARTTLS without a certificate", steps: ["STARTTLS\r\n|"], expected: "502 5.5.1" },
  { name: "LHLO in SMTP", steps: ["LHLO x\r\n|"], expected: "500 5.5.1" },
  { name: "EHLO without a name", steps: ["EHLO\r\n|"], expected: "501 5.5.4" },
  {
    name: "DATA after BDAT",
    steps: [ENVELOPE, "BDAT 2\r\nhi|", "DATA\r\n|"],
    expected: "503 5.5.1",
  },
  {
    name: "a message that is too large",
    steps: [ENVELOPE, "DATA\r\n|", `${"x".repeat(78)}\r\n`.repeat(20) + ".\r\n|"],
    expected: "552 5.3.4",
    options: { maxBytes: 100 },
  },
  {
    name: "a recipient that is not known",
    steps: ["MAIL FROM:<a@b.c>\r\nRCPT TO:<x@y.z>\r\n||"],
    expected: "550 5.1.1 no x@y.z here",
    options: {
      recipient: (address) => Promise.reject(new SmtpReject(550, `5.1.1 no ${address} here`)),
    },
  },
  {
    name: "a store that is full",
    steps: [ENVELOPE, "DATA\r\n|", "x\r\n.\r\n|"],
    expected: "452 4.2.2 full",
    options: { deliver: () => Promise.reject(new SmtpReject(452, "4.2.2 full")) },
  },
  {
    name: "a store that breaks",
    steps: [ENVELOPE, "DATA\r\n|", "x\r\n.\r\n|"],
    expected: "451 4.3.0",
    options: { deliver: () => Promise.reject(new TypeError("bug")) },
  },
  {
    name: "a store that did not read all",
    steps: [ENVELOPE, "DATA\r\n|", "x\r\n.\r\n|"],
    expected: "451 4.3.0",
    options: { deliver: () => Promise.resolve() },
  },
  {
    name: "too many messages",
    steps: [ENVELOPE, "DATA\r\n|", "x\r\n.\r\n|", "MAIL FROM:<a@b.c>\r\n|"],
    expected: "452 4.5.3",
    options: { maxMessages: 1 },
  },
];

for (const { name, steps, expected, options } of REPLIES) {
  Deno.test(`handleSmtp() answers ${name}, and continues`, async () => {
    await using server = served(options);
    const replies = await server.talk(
      HELLO,
      ...steps,
      "RSET\r\n|",
      ENVELOPE.replaceAll("|", "") + "||",
      "NOOP\r\n|",
    );
    const last = replies.lastIndexOf("250 2.0.0 ok", -2);
    assertEquals(
      last > 0 && replies.slice(0, last).some((line) => line.startsWith(expected)),
      true,
      replies.join("\n"),
    );
    assertEquals(replies.at(-1), "250 2.0.0 ok");
  });
}

/** Texts that try to look like two messages to someone. */
const SMUGGLED = ["\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r", "\r.\r\n", "\0.\r\n"];

for (const end of SMUGGLED) {
  Deno.test(`handleSmtp() takes ${JSON.stringify(end)} for no end of a message`, async () => {
    const text =
      `x${end}MAIL FROM:<eve@e.example>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\nevil\r\n.\r\n`;
    const chunk = text.slice(0, -5);
    await using server = served({ bareLineBreaks: "refuse" });
    const replies = await server.talk(HELLO, ENVELOPE, "DATA\r\n|", `${text}|`, "NOOP\r\n|");
    assertEquals(replies.at(-1), "250 2.0.0 ok");
    const chunked = await server.talk(
      HELLO,
      ENVELOPE,
      `BDAT ${chunk.length} LAST\r\n${chunk}|`,
      "NOOP\r\n|",
    );
    assertEquals(chunked.at(-2)!.slice(0, 3), replies.at(-2)!.slice(0, 3));
    if (end === "\0.\r\n") assertEquals(server.kept.length, 2);
    else {
      assertMatch(replies.at(-2)!, /^550 5\.6\.0 the text holds a bare (?:CR|LF)$/);
      assertEquals(server.kept.length, 0);
    }
    await using normalizing = served();
    await normalizing.talk(HELLO, ENVELOPE, "DATA\r\n|", `${text}|`, "NOOP\r\n|");
    await normalizing.talk(HELLO, ENVELOPE, `BDAT ${chunk.length} LAST\r\n${chunk}|`);
    assertEquals(normalizing.kept.length, 2);
    for (const { text } of normalizing.kept) {
      assertEquals(/(?<!\r)\n|\r(?!\n)/.test(text), false, JSON.stringify(text));
    }
    await using tolerant = served({ bareLineBreaks: "keep" });
    await tolerant.talk(HELLO, ENVELOPE, "DATA\r\n|", `${text}|`, "NOOP\r\n|");
    // Kept unchanged, but still one message.
    assertEquals(tolerant.kept.length, 1);
  });
}

Deno.test("handleSmtp() takes chunks, of many pieces, unchanged", async () => {
  await using server = served({ bareLineBreaks: "keep" });
  const replies = await server.talk(
    HELLO,
    ENVELOPE,
    "BDAT 8\r\n.\r\nhi\r\n\0|",
    "BDAT 3\r\na\nbBDAT 0 LAST\r\n||",
    ENVELOPE,
    "BDAT 2 LAST\r\nhi|",
  );
  assertEquals(server.kept.map(({ text }) => text), [".\r\nhi\r\n\0a\nb", "hi"]);
  assertEquals(replies.filter((line) => line.startsWith("250 2.0.0")).length, 4);
});

Deno.test("handleSmtp() ends when no one knows where the next command begins", async () => {
  await using server = served();
  const replies = await server.talk(HELLO, ENVELOPE, "BDAT 6x LAST\r\nNOOP\r\nNOOP\r\n|||");
  assertEquals(replies.at(-1), "501 5.5.4 syntax error in parameters");
  assertEquals(server.kept.length, 0);
});

Deno.test("handleSmtp() reads chunks for no one, and knows where the next command begins", async () => {
  await using server = served();
  const replies = await server.talk(
    HELLO,
    "MAIL FROM:<a@b.c>\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n|||",
  );
  assertEquals(replies.slice(-3).map((line) => line.slice(0, 9)), [
    "250 2.1.0",
    "554 5.5.1",
    "250 2.0.0",
  ]);
});

Deno.test("handleSmtp() keeps nothing of a message that breaks off", async () => {
  const outcomes: string[] = [];
  await using server = served({
    async deliver({ text }) {
      try {
        for await (const _ of text);
        outcomes.push("whole");
      } catch (error) {
        outcomes.push((error as Error).name);
        throw error;
      }
    },
  });
  await server.talk(HELLO, ENVELOPE, "DATA\r\n|", "half a mess");
  await server.talk(HELLO, ENVELOPE, "BDAT 10\r\nhalf");
  await server.talk(HELLO, ENVELOPE, "BDAT 4\r\nhalf|");
  await server.talk(HELLO, ENVELOPE, "BDAT 4\r\nhalf|", "RSET\r\n|");
  await server[Symbol.asyncDispose]();
  assertEquals(outcomes.slice().sort(), [
    "DisconnectedError",
    "DisconnectedError",
    "DisconnectedError",
    "SmtpReject",
  ]);
});

Deno.test("handleSmtp() speaks LMTP: a reply for each recipient", async () => {
  await using server = served({
    protocol: "lmtp",
    async deliver({ text, to }) {
      for await (const _ of text);
      return to.map((address) =>
        address === "c@b.example" ? [452, "4.2.2 full"] as const : undefined
      );
    },
  });
  const replies = await server.talk(
    "EHLO x\r\n|",
    "LHLO x\r\n|",
    "MAIL FROM:<>\r\nRCPT TO:<b@b.example>\r\nRCPT TO:<c@b.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n|||||",
    "x\r\n.\r\n|||",
  );
  assertEquals(replies.slice(-3).map((line) => line.slice(0, 9)), [
    "250 2.0.0",
    "452 4.2.2",
    "250 2.0.0",
  ]);
  assertEquals(replies.some((line) => line === "500 5.5.1 this is LMTP"), true);
});

const users = {
  checkPassword: (user: string, password: string) =>
    Promise.resolve(user === "ann" && password === "sesame"),
};

Deno.test("handleSmtp() lets users in, and ends after three failures", async () => {
  await using server = served({ users, requireAuth: true, insecureAuth: true });
  const good = btoa("\0ann\0sesame");
  const bad = btoa("\0ann\0wrong");
  const replies = await server.talk(
    HELLO,
    `AUTH PLAIN ${bad}\r\n|`,
    "AUTH PLAIN\r\n|",
    `${good}\r\n|`,
    ENVELOPE,
    "DATA\r\n|",
    "x\r\n.\r\n|",
  );
  assertEquals(replies.slice(10).map((line) => line.slice(0, 9)), [
    "535 5.7.8",
    "334 ",
    "235 2.7.0",
    "250 2.1.0",
    "250 2.1.5",
    "354 start",
    "250 2.0.0",
  ]);
  assertEquals(server.kept[0]?.client.user, "ann");
  assertMatch(server.kept[0]!.trace, / with ESMTPA id /);
  const wrong = await server.talk(
    HELLO,
    ...[1, 2, 3].map(() => `AUTH PLAIN ${bad}\r\n|`),
    "NOOP\r\n|",
  );
  assertEquals(wrong.slice(-3).map((line) => line.slice(0, 9)), [
    "535 5.7.8",
    "535 5.7.8",
    "421 4.7.0",
  ]);
  const cancelled = await server.talk(
    HELLO,
    "AUTH LOGIN\r\n|",
    "*\r\n|",
    "AUTH NONE\r\n|",
    // The name at once, as many clients do (OpenSMTPD#819).
    `AUTH LOGIN ${btoa("ann")}\r\n|`,
    `${btoa("sesame")}\r\n|`,
  );
  assertEquals(cancelled.slice(-4).map((line) => line.slice(0, 16)), [
    "501 5.5.2 malfor",
    "504 5.5.4 authen",
    `334 ${btoa("Password:")}`,
    "235 2.7.0 authen",
  ]);
});

Deno.test("handleSmtp() requires TLS for passwords", async () => {
  await using server = served({ users });
  const replies = await server.talk(HELLO, `AUTH PLAIN ${btoa("\0ann\0sesame")}\r\n|`);
  assertEquals(replies.at(-1), "538 5.7.11 this mechanism requires TLS");
  assertEquals(replies.some((line) => line.includes("AUTH ")), false);
});

Deno.test("handleSmtp() refuses what no argument may hold for good, and continues", async (t) => {
  const rows = ["EHLO a\0b", "MAIL FROM:<a\0@a.example>", "MAIL FROM:<\xfc@a.example> SMTPUTF8"];
  for (const line of [...rows, "RCPT TO:<a\rb@a.example>", "VRFY a\rb"]) {
    await t.step(JSON.stringify(line), async () => {
      await using server = served();
      const replies = await server.talk(HELLO, `${line}\r\n|`, "NOOP\r\n|");
      assertMatch(replies.at(-2)!, /^501 5\.5\.4 syntax error in parameters: it holds /);
      assertEquals(replies.at(-1), "250 2.0.0 ok");
    });
  }
});

Deno.test("handleSmtp() reports a client that is silent for too long, and ends (RFC 5321 §3.8)", async () => {
  await using server = served({ timeoutMs: 50 });
  const replies = await server.talk(HELLO, "|");
  assertEquals(replies.at(-1), "421 4.4.2 silent for too long");
});
