/** `sendMail()` against `catchMail()`. */

import { assertEquals, assertRejects } from "@std/assert";
import { memoryNetwork, UsageError } from "../../../../src/net/mod.ts";
import { sendMail } from "../../../../src/protocols/smtp/mod.ts";
import { catchMail } from "../../../../src/programs/testing/mod.ts";

Deno.test("sendMail() sends to all recipients, those of Bcc too, who are in no header", async () => {
  const network = memoryNetwork();
  await using server = catchMail({ network });
  await sendMail(server.endpoint, {
    from: "Ann <ann@a.example>",
    to: 'bob@b.example, "Doe, Jo" <jo@b.example>',
    bcc: "eve@e.example",
    text: "Hello\n",
  }, { network });
  const [mail] = await server.wait(1);
  assertEquals(mail!.from, "ann@a.example");
  assertEquals(mail!.to, ["bob@b.example", "jo@b.example", "eve@e.example"]);
  assertEquals(mail!.message.header.get("bcc"), undefined);
  assertEquals(mail!.message.header.get("cc"), undefined);
});

Deno.test("sendMail() takes no part of a name for a recipient", async () => {
  const network = memoryNetwork();
  await using server = catchMail({ network });
  for (const to of ["Doe, Jo <jo@b.example>", "bob", ""]) {
    const draft = { from: "ann@a.example", to, text: "x" };
    await assertRejects(() => sendMail(server.endpoint, draft, { network }), UsageError);
  }
  assertEquals(server.messages.length, 0);
});
