/** An SMTP server's limits on errors, and input before TLS. */

import { assertEquals, assertMatch } from "@std/assert";
import { type RejectionEvent, SmtpReject } from "../../../../src/protocols/smtp/mod.ts";
import { certificates } from "../../../support/certificates.ts";
import { served } from "./served.ts";

const HELLO = "EHLO x\r\n|";
const ENVELOPE = "MAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\n||";

Deno.test("commands behind STARTTLS in the clear are never received", async () => {
  const { server } = await certificates();
  const injected = "RSET\r\nMAIL FROM:<evil@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\n";
  for (const steps of [[`STARTTLS\r\n${injected}||`], ["STARTTLS\r\n|", `${injected}|`]]) {
    await using smtp = served({ tls: server });
    const received = await smtp.talk(HELLO, ...steps);
    const answers = received.slice(received.findIndex((line) => line.startsWith("220 2.0.0")) + 1);
    // The input in place of a handshake may be an alert of TLS, which is not a line of SMTP.
    assertEquals(answers.filter((line) => /^\d{3}[ -]/.test(line)), []);
    assertEquals(smtp.kept, []);
  }
});

Deno.test("a client with too many errors is disconnected", async () => {
  const recipient = () => Promise.reject(new SmtpReject(550, "5.1.1 nobody"));
  await using smtp = served({ maxRefusals: 3, recipient });
  const rcpt = Array.from({ length: 10 }, (_, index) => `RCPT TO:<${index}@e.f>\r\n`).join("");
  const received = await smtp.talk(HELLO, "MAIL FROM:<a@b.c>\r\n|", `${rcpt}||||||||||`);
  assertEquals(received.slice(-4), [
    "550 5.1.1 nobody",
    "550 5.1.1 nobody",
    "550 5.1.1 nobody",
    "421 4.7.0 too much was refused",
  ]);
});

Deno.test("every refusal is reported to the owner: senders, recipients, texts", async () => {
  const refused: RejectionEvent[] = [];
  await using smtp = served({
    maxBytes: 100,
    bareLineBreaks: "refuse",
    onRefused: (one) => refused.push(one),
    sender: (address) =>
      address === "spam@b.c"
        ? Promise.reject(new SmtpReject(450, "4.7.1 slowly"))
        : Promise.resolve(),
    recipient: (address) =>
      address === "no@e.f"
        ? Promise.reject(new SmtpReject(550, "5.1.1 nobody"))
        : Promise.resolve(),
  });
  const received = await smtp.talk(
    HELLO,
    "MAIL FROM:<spam@b.c>\r\n|",
    ENVELOPE,
    "RCPT TO:<no@e.f>\r\n|",
    "DATA\r\n|",
    `${"x".repeat(200)}\r\n.\r\n|`,
    ENVELOPE,
    "DATA\r\n|",
    "one\n.\r\n.\r\n|",
    "MAIL FROM:<\x1b[2J>\r\n|",
  );
  assertEquals(
    refused.map(({ from, to, reply: [code] }) => [from, to, code]),
    [
      ["spam@b.c", [], 450],
      ["a@b.c", ["no@e.f"], 550],
      ["a@b.c", ["d@e.f"], 552],
      ["a@b.c", ["d@e.f"], 550],
      ["", [], 501],
    ],
  );
  assertMatch(refused[0]!.client.peer, /^127\.0\.0\.1:\d+$/);
  assertEquals(refused[0]!.client.name, "x");
  assertEquals(received.filter((line) => line.startsWith("450 ")), ["450 4.7.1 slowly"]);
});
