import { assertEquals, assertRejects } from "@std/assert";
import { memoryNetwork, ReplyError, systemNetwork, TimeoutError } from "../../src/net/mod.ts";
import { SmtpClient, SmtpReject } from "../../src/protocols/smtp/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { catchMail } from "../../src/programs/testing/mod.ts";
import { certificates } from "../support/certificates.ts";

const letter = (subject: string) =>
  new TextEncoder().encode(`Subject: ${subject}\r\n\r\nHello\r\n`);
const envelope = { from: "ann@a.example", to: ["bob@b.example"] };

for (const make of [memoryNetwork, systemNetwork]) {
  Deno.test(`catchMail() keeps all mail, over ${make.name}()`, async () => {
    const network = make();
    await using catcher = catchMail({ network });
    const waiting = catcher.wait(2);
    await using client = await SmtpClient.connect(catcher.endpoint, { network });
    await client.send({ envelope, message: letter("one") });
    await client.send({ envelope: { from: "", to: ["a@b.c", "d@e.f"] }, message: letter("two") });
    const [one, two, ...more] = await waiting;
    assertEquals(more, []);
    assertEquals([one!.from, one!.to], ["ann@a.example", ["bob@b.example"]]);
    assertEquals([two!.from, two!.to], ["", ["a@b.c", "d@e.f"]]);
    assertEquals(two!.message.header.text("subject"), "two");
    assertEquals(new TextDecoder().decode(one!.bytes).endsWith("\r\n\r\nHello\r\n"), true);
    catcher.clear();
    assertEquals(catcher.messages, []);
    const late = await assertRejects(() => catcher.wait(1, { timeoutMs: 20 }), TimeoutError);
    assertEquals(late.reason, "0 of 1 messages came within 0.02 s");
  });
}

Deno.test("catchMail() refuses as a test asks, and beyond its limits", async () => {
  const network = memoryNetwork();
  await using catcher = catchMail({
    network,
    maxMessages: 1,
    recipient(address) {
      if (address.startsWith("no@")) throw new SmtpReject(550, "5.1.1 no such user");
    },
  });
  await using client = await SmtpClient.connect(catcher.endpoint, { network });
  const to = ["no@b.c", "yes@b.c"];
  const { rejected } = await client.send({ envelope: { from: "", to }, message: letter("x") });
  assertEquals(rejected.map(({ address }) => address), ["no@b.c"]);
  assertEquals((await catcher.wait(1))[0]!.to, ["yes@b.c"]);
  const full = client.send({ envelope, message: letter("y") });
  assertEquals((await assertRejects(() => full, ReplyError)).code, 451);
});

Deno.test("catchMail() speaks TLS and lets users log in", async () => {
  const { ca, server } = await certificates();
  const checkPassword = (user: string, password: string) =>
    Promise.resolve(user === "ann" && password === "sesame");
  await using catcher = catchMail({ tls: server, users: { checkPassword } });
  await using client = await SmtpClient.connect({ ...catcher.endpoint, hostname: "localhost" }, {
    tls: "starttls",
    trust: { caCerts: [ca] },
    credentials: { user: "ann", password: new Secret("sesame") },
  });
  await client.send({ envelope, message: letter("x") });
  const [mail] = await catcher.wait(1);
  assertEquals([mail?.client.user, mail?.client.isSecure], ["ann", true]);
});
