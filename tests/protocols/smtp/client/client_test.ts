import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  DisconnectedError,
  InjectionError,
  LimitError,
  NetwrightError,
  ReplyError,
  TlsError,
  UnsupportedError,
} from "../../../../src/net/mod.ts";
import {
  formatPath,
  formatXtext,
  parseXtext,
} from "../../../../src/protocols/smtp/codec/envelope.ts";
import {
  type Envelope,
  type OutgoingMessage,
  type SendResult,
  SmtpClient,
  SmtpReject,
} from "../../../../src/protocols/smtp/mod.ts";
import { Secret } from "../../../../src/protocols/wire/mod.ts";
import { scripted } from "./scripted.ts";
import { served } from "../server/served.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const ENVELOPE: Envelope = { from: "ann@a.example", to: ["bob@b.example"] };
const MESSAGE = bytes("Subject: x\r\n\r\nhi\r\n");

Deno.test("SmtpClient sends a message, dots and line breaks as they must be", async () => {
  await using server = served();
  await using client = await SmtpClient.connect(server.endpoint, { network: server.network });
  const message = bytes("Subject: x\n\n.\r\n..\rend");
  const result = await client.send({ envelope: ENVELOPE, message });
  assertEquals(result.accepted.map(({ address }) => address), ["bob@b.example"]);
  assertMatch(result.reply.text, /^2\.0\.0 kept as \w{16}$/);
  assertEquals(result.reply.enhanced, "2.0.0");
  assertEquals(server.kept[0]?.text, "Subject: x\r\n\r\n.\r\n..\r\nend\r\n");
});

Deno.test("SmtpClient can send no end of a message within one", async () => {
  for (
    const text of ["a\n.\nb", "a\r.\rb", "a\n.\r\nb", "a\r\n.\nb", "a\r\n.\r\nMAIL FROM:<x>\r\n"]
  ) {
    await using server = served();
    await using client = await SmtpClient.connect(server.endpoint, { network: server.network });
    await client.send({ envelope: ENVELOPE, message: bytes(text) });
    assertEquals(server.kept.map(({ text }) => text.replace(/\r\n$/, "")), [
      text.replace(/\r\n|\r|\n/g, "\r\n").replace(/\r\n$/, ""),
    ]);
  }
});

Deno.test("SmtpClient reports who was accepted and who was not", async () => {
  await using server = served({
    recipient: (address) =>
      address.startsWith("no")
        ? Promise.reject(new SmtpReject(550, "5.1.1 nobody"))
        : Promise.resolve(),
  });
  await using client = await SmtpClient.connect(server.endpoint, { network: server.network });
  const some = await client.send({
    envelope: { from: "", to: ["no@b.c", "bob@b.c"] },
    message: MESSAGE,
  });
  assertEquals(some.accepted.map(({ address }) => address), ["bob@b.c"]);
  assertEquals(some.rejected, [
    { address: "no@b.c", reply: { code: 550, enhanced: "5.1.1", text: "5.1.1 nobody" } },
  ]);
  const none = { envelope: { from: "", to: ["no@b.c", "none@b.c"] }, message: MESSAGE };
  const error = await assertRejects(() => client.send(none), ReplyError);
  assertEquals([error.code, error.operation], [550, "complete RCPT"]);
  // The session continues.
  await client.send({ envelope: ENVELOPE, message: MESSAGE });
  assertEquals(server.kept.map(({ to }) => to), [["bob@b.c"], ["bob@b.example"]]);
});

Deno.test("SmtpClient sends many messages, each in one round trip, and reports each", async () => {
  await using server = served({
    recipient: (address) =>
      address.startsWith("no")
        ? Promise.reject(new SmtpReject(550, "5.1.1 nobody"))
        : Promise.resolve(),
  });
  await using client = await SmtpClient.connect(server.endpoint, { network: server.network });
  const waiting: OutgoingMessage[] = Array.from({ length: 50 }, (_, at) => ({
    envelope: {
      from: at % 7 === 3 ? "a\r\nb@c.d" : "a@b.c",
      to: [at % 5 === 2 ? "no@b.c" : `u${at}@b.c`],
    },
    message: bytes(`${at}`),
  }));
  const all = [...waiting];
  const reported = new Map<OutgoingMessage, SendResult | unknown>();
  await client.sendAll({
    take: () => waiting.shift(),
    sent: (message, result) => reported.set(message, result),
    failed: (message, error, unknown) => {
      assertEquals(unknown, false);
      reported.set(message, error);
    },
  });
  const sent = all.filter((_, at) => at % 7 !== 3 && at % 5 !== 2);
  assertEquals(
    server.kept.map(({ text }) => text.trim()),
    sent.map((message) => `${all.indexOf(message)}`),
  );
  all.forEach((message, at) => {
    const outcome = reported.get(message);
    if (at % 7 === 3) assertEquals(outcome instanceof InjectionError, true);
    else if (at % 5 === 2) assertEquals((outcome as ReplyError).code, 550);
    else assertEquals((outcome as SendResult).accepted.length, 1);
  });
});

const REFUSED: {
  name: string;
  outgoing: Partial<Omit<OutgoingMessage, "envelope">> & { envelope?: Partial<Envelope> };
  error:
    | typeof InjectionError
    | typeof LimitError
    | typeof UnsupportedError
    | typeof TypeError;
  options?: { maxBytes?: number };
}[] = [
  {
    name: "a line break in a recipient",
    outgoing: { envelope: { to: ["b@c.d>\r\nRCPT TO:<e@f.g"] } },
    error: InjectionError,
  },
  {
    name: "a second path in a sender",
    outgoing: { envelope: { from: "a@b.c> SIZE=1" } },
    error: InjectionError,
  },
  {
    name: "a name in a recipient",
    outgoing: { envelope: { to: ["Bob <b@c.d>"] } },
    error: InjectionError,
  },
  {
    name: "two recipients in one",
    outgoing: { envelope: { to: ["b@c.d, e@f.g"] } },
    error: InjectionError,
  },
  { name: "no recipient", outgoing: { envelope: { to: [] } }, error: TypeError },
  {
    name: "a message that is too large",
    outgoing: { message: new Uint8Array(101) },
    options: { maxBytes: 100 },
    error: LimitError,
  },
  {
    name: "a stream that is too large",
    outgoing: { sizeBytes: 101 },
    options: { maxBytes: 100 },
    error: LimitError,
  },
  {
    name: "a wish for reports",
    outgoing: { envelope: { dsnReturn: "full" } },
    error: UnsupportedError,
  },
  { name: "REQUIRETLS", outgoing: { envelope: { requireTls: true } }, error: UnsupportedError },
];

for (const { name, outgoing, error, options = {} } of REFUSED) {
  Deno.test(`SmtpClient sends nothing of ${name}`, async () => {
    await using server = served(options);
    await using client = await SmtpClient.connect(server.endpoint, { network: server.network });
    const bad = { message: MESSAGE, ...outgoing, envelope: { ...ENVELOPE, ...outgoing.envelope } };
    await assertRejects(() => client.send(bad), error);
    await client.send({ envelope: ENVELOPE, message: MESSAGE });
    assertEquals(server.kept.length, 1);
  });
}

Deno.test("SmtpClient speaks LMTP: each recipient has an answer of its own", async () => {
  await using server = served({
    protocol: "lmtp",
    async deliver({ text, to }) {
      for await (const _ of text);
      return to.map((address) =>
        address.startsWith("full") ? [452, "4.2.2 full"] as const : undefined
      );
    },
  });
  await using client = await SmtpClient.connect(server.endpoint, {
    network: server.network,
    protocol: "lmtp",
  });
  const { accepted, rejected } = await client.send({
    envelope: { from: "", to: ["full@b.c", "bob@b.c"] },
    message: MESSAGE,
  });
  assertEquals([accepted.length, rejected[0]?.address, rejected[0]?.reply.code], [
    1,
    "full@b.c",
    452,
  ]);
  const error = await assertRejects(
    () => client.send({ envelope: { from: "", to: ["full@b.c"] }, message: MESSAGE }),
    ReplyError,
  );
  assertEquals(error.code, 452);
});

Deno.test("SmtpClient logs in by the best that both know", async () => {
  const users = {
    password: (user: string) => Promise.resolve(user === "ann" ? "sesame" : undefined),
  };
  await using server = served({ users, requireAuth: true });
  const credentials = { user: "ann", password: new Secret("sesame") };
  await using client = await SmtpClient.connect(server.endpoint, {
    network: server.network,
    credentials,
  });
  await client.send({ envelope: ENVELOPE, message: MESSAGE });
  assertEquals(server.kept[0]?.client.user, "ann");
  for (const mechanism of ["CRAM-MD5", "SCRAM-SHA-256", "SCRAM-SHA-1"]) {
    await using _ = await SmtpClient.connect(server.endpoint, {
      network: server.network,
      credentials,
      mechanism,
    });
    const wrong = { user: "ann", password: new Secret("other") };
    await assertRejects(
      () =>
        SmtpClient.connect(server.endpoint, {
          network: server.network,
          credentials: wrong,
          mechanism,
        }),
      NetwrightError,
    );
  }
});

const send = async (client: SmtpClient) =>
  void await client.send({ envelope: ENVELOPE, message: MESSAGE });

Deno.test("SmtpClient speaks to a server of the first days, one command at a time", async () => {
  const received = await scripted(
    [
      "220 old\n",
      "500 what\n",
      "250 old\n",
      "250 ok\n",
      "250 ok\n",
      "354 go\n",
      "-",
      "-",
      "-",

      "250 done\n",
    ],
    {},
    send,
  );
  assertEquals(received, [
    "EHLO me",
    "HELO me",
    "MAIL FROM:<ann@a.example>",
    "RCPT TO:<bob@b.example>",
    "DATA",
    "Subject: x",
    "",
    "hi",
    ".",
    "QUIT",
  ]);
});

Deno.test("SmtpClient gives an empty text to a server that requires one without recipients", async () => {
  const received = await scripted(
    ["220 x\n", "250-x\n250 PIPELINING\n", "-", "-", "250 ok\n550 no\n354 go\n", "554 nobody\n"],
    {},
    async (client) => {
      const error = await assertRejects(() => send(client), ReplyError);
      assertEquals(error.code, 550);
    },
  );
  assertEquals(received.slice(1, 5), [
    "MAIL FROM:<ann@a.example>",
    "RCPT TO:<bob@b.example>",
    "DATA",
    ".",
  ]);
});

Deno.test("SmtpClient demands STARTTLS for a password over a network, and on request", async () => {
  for (const tls of ["starttls"] as const) {
    await assertRejects(
      () => scripted(["220 x\n", "250-x\n250 AUTH PLAIN\n"], { tls }, () => Promise.resolve()),
      TlsError,
    );
    await assertRejects(
      () =>
        scripted(
          ["220 x\n", "250-x\n250 STARTTLS\n", "454 no\n"],
          { tls },
          () => Promise.resolve(),
        ),
      TlsError,
    );
  }
  // Plain text after the agreement may be another's.
  await assertRejects(
    () =>
      scripted(
        ["220 x\n", "250-x\n250 STARTTLS\n", "220 go\n250 evil\n"],
        { tls: "starttls" },
        () => Promise.resolve(),
      ),
    NetwrightError,
  );
});

Deno.test("SmtpClient reports when no one knows whether a message was taken", async () => {
  const outcomes: unknown[] = [];
  await scripted(
    ["220 x\n", "250-x\n250 PIPELINING\n", "-", "-", "250 ok\n250 ok\n354 go\n", "-", "-", "-", ""],
    {},
    async (client) => {
      const waiting: OutgoingMessage[] = [1, 2, 3].map(() => ({
        envelope: ENVELOPE,
        message: MESSAGE,
      }));
      await assertRejects(() =>
        client.sendAll({
          take: () => waiting.shift(),
          sent: () => outcomes.push("sent"),
          failed: (_, error, unknown) => outcomes.push([(error as Error).name, unknown]),
        }), DisconnectedError);
      assertEquals(waiting.length, 1);
    },
  );
  assertEquals(outcomes, [["DisconnectedError", true], ["DisconnectedError", false]]);
});

Deno.test("formatPath() and formatXtext() encode what goes into an envelope", () => {
  assertEquals(formatPath(""), { path: "<>", utf8: false });
  assertEquals(formatPath("ann@bücher.example"), {
    path: "<ann@xn--bcher-kva.example>",
    utf8: false,
  });
  assertEquals(formatPath("ü@b.c"), { path: "<ü@b.c>", utf8: true });
  assertEquals(formatPath('"a b"@c.d').path, '<"a b"@c.d>');
  assertEquals(formatPath("postmaster").path, "<postmaster>");
  assertEquals(formatXtext("a+b=c d"), "a+2Bb+3Dc+20d");
  assertEquals(parseXtext("a+2Bb+3Dc+20d"), "a+b=c d");
  assertEquals([parseXtext("a+2b"), parseXtext("a b"), parseXtext("+")], [
    undefined,
    undefined,
    undefined,
  ]);
});
