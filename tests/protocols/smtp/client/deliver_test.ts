/** Delivery to the hosts that take mail for a domain (RFC 5321 §5.1, RFC 7505). */

import { assertEquals, assertRejects } from "@std/assert";
import {
  CapabilityError,
  ConnectError,
  DestinationGate,
  InjectionError,
  LineReader,
  memoryNetwork,
  NetwrightError,
  type RecordTypes,
  writeAll,
} from "../../../../src/net/mod.ts";
import {
  deliver,
  type DeliveryOptions,
  mailExchangers,
  NullMxError,
  SmtpReject,
} from "../../../../src/protocols/smtp/mod.ts";
import { served } from "../server/served.ts";

const message = new TextEncoder().encode("Subject: x\r\n\r\nhi\r\n");
const mx = (...hosts: string[]): RecordTypes["MX"] =>
  hosts.map((exchange, at) => ({ preference: 10 * at, exchange }));
const network = () =>
  memoryNetwork({
    records: {
      "b.example": { MX: mx("mx1.b.example", "mx2.b.example") },
      "mx1.b.example": { A: ["9.9.9.1"] },
      "mx2.b.example": { A: ["9.9.9.2"] },
      "plain.example": { A: ["9.9.9.2"] },
      "null.example": { MX: [{ preference: 0, exchange: "." }] },
      "inner.example": { MX: mx("inner.example"), A: ["127.0.0.1"] },
      "mail.example": { MX: mx("here.example") },
      "here.example": { A: ["127.0.0.1"] },
    },
  });

Deno.test("mailExchangers() orders, mixes, and knows domains without", async () => {
  const MX = [["c", 20], ["a", 10], ["b", 10]].map(([exchange, preference]) => ({
    exchange: String(exchange),
    preference: Number(preference),
  }));
  const net = memoryNetwork({ records: { x: { MX }, y: { AAAA: ["2620:fe::1"] } } });
  const draws = [0.1, 0.9, 0.2, 0.1, 0.2, 0.9];
  const random = () => draws.shift()!;
  assertEquals(await mailExchangers("x", { network: net, random }), ["b", "a", "c"]);
  assertEquals(await mailExchangers("x", { network: net, random }), ["a", "b", "c"]);
  assertEquals(await mailExchangers("y", { network: net }), ["y"]);
  assertEquals(await mailExchangers("[192.0.2.1]", { network: net }), ["192.0.2.1"]);
  assertEquals(await mailExchangers("[IPv6:::1]", { network: net }), ["::1"]);
  await assertRejects(() => mailExchangers("[example]", { network: net }), ConnectError);
  await assertRejects(() => mailExchangers("z", { network: net }), ConnectError);
  await assertRejects(() => mailExchangers("null.example", { network: network() }), NullMxError);
});

/** What became of each: the host, the code or the error's class, and whether that is final. */
async function delivered(options: DeliveryOptions, ...to: string[]) {
  const deliveries = await deliver({ from: "ann@a.example", to }, message, options);
  assertEquals(deliveries.map(({ address }) => address), to);
  return deliveries.map(({ exchanger, reply, error, isFinal }) => [
    exchanger,
    reply?.code ?? (error as Error).constructor.name,
    isFinal,
  ]);
}

Deno.test("deliver() tries the hosts of a domain until each recipient has an answer", async () => {
  const net = network();
  const refuse = (code: number) => (address: string) =>
    address.startsWith("busy")
      ? Promise.reject(new SmtpReject(code, "4.2.1 busy"))
      : address.startsWith("no")
      ? Promise.reject(new SmtpReject(550, "5.1.1 nobody"))
      : Promise.resolve();
  await using first = served({ recipient: refuse(450) }, net, "9.9.9.1");
  await using second = served({}, net, "9.9.9.2");
  const options = { network: net };
  const to = ["bob@b.example", "busy@B.example", "no@b.example", "cat@plain.example"];
  assertEquals(await delivered(options, ...to), [
    ["mx1.b.example", 250, true],
    ["mx2.b.example", 250, true],
    ["mx1.b.example", 550, true],
    ["plain.example", 250, true],
  ]);
  assertEquals(first.kept.map(({ to }) => to), [["bob@b.example"]]);
  assertEquals(second.kept.map(({ to }) => to[0]).sort(), ["busy@B.example", "cat@plain.example"]);
});

Deno.test("deliver() goes past a host that is not there, and keeps the last refusal", async () => {
  const net = network();
  const busy = () => Promise.reject(new SmtpReject(450, "4.2.1 busy"));
  await using second = served({ recipient: busy }, net, "9.9.9.2");
  assertEquals(await delivered({ network: net }, "bob@b.example"), [["mx2.b.example", 450, false]]);
  assertEquals(second.kept, []);
  assertEquals(await delivered({ network: network() }, "bob@b.example", "x@null.example", "x@z"), [
    ["mx2.b.example", "ConnectError", false],
    [undefined, "NullMxError", true],
    [undefined, "ConnectError", true],
  ]);
});

Deno.test("deliver() connects to no inner address that records name, unless the gate allows it", async () => {
  const net = network();
  await using server = served({}, net, "127.0.0.1");
  assertEquals(await delivered({ network: net }, "bob@mail.example"), [
    ["here.example", "CapabilityError", false],
  ]);
  assertEquals(server.kept, []);
  const typed = "bob@[127.0.0.1]";
  assertEquals(await delivered({ network: net }, typed), [["127.0.0.1", "CapabilityError", false]]);
  const gate = new DestinationGate({ capabilities: { net: true }, named: ["127.0.0.1"] });
  assertEquals(await delivered({ network: net, gate }, typed), [["127.0.0.1", 250, true]]);
  const error = await deliver({ from: "", to: ["x@mail.example"] }, message, { network: net });
  assertEquals(error[0]?.error instanceof CapabilityError, true);
});

Deno.test("deliver() speaks clear text where TLS fails, unless it must not", async () => {
  const replies: Record<string, string> = {
    "EHLO me": "250-x\r\n250 STARTTLS",
    STARTTLS: "454 4.7.0 no",
    DATA: "354 go",
  };
  for (const tls of ["opportunistic", "starttls"] as const) {
    const net = network();
    using listener = net.listen({ transport: "tcp", hostname: "9.9.9.2", port: 25 });
    const received: string[] = [];
    const serving = (async () => {
      for await (const connection of listener) {
        using _ = connection;
        await writeAll(connection, new TextEncoder().encode("220 x\r\n"));
        for await (const line of new LineReader(connection).lines()) {
          received.push(line);
          const reply = replies[line] ?? "250 2.0.0 ok";
          if (!/^$|^Subject|^hi/.test(line)) {
            await writeAll(connection, new TextEncoder().encode(`${reply}\r\n`));
          }
        }
      }
    })();
    const [delivery] = await deliver(
      { from: "", to: ["x@plain.example"] },
      message,
      { network: net, tls, name: "me" },
    );
    listener.close();
    await serving;
    assertEquals(delivery?.error === undefined, tls === "opportunistic");
    assertEquals(received.filter((line) => line === "STARTTLS").length, 1);
    assertEquals(
      received.filter((line) => line === "MAIL FROM:<>").length,
      delivery?.error ? 0 : 1,
    );
  }
});

Deno.test("deliver() sends nothing twice that a host may have taken", async () => {
  const net = network();
  using listener = net.listen({ transport: "tcp", hostname: "9.9.9.1", port: 25 });
  await using second = served({}, net, "9.9.9.2");
  const serving = (async () => {
    using connection = await listener.accept();
    const say = (text: string) => writeAll(connection, new TextEncoder().encode(text));
    await say("220 x\r\n");
    for await (const line of new LineReader(connection).lines()) {
      if (line === ".") return;
      if (!/^$|^Subject|^hi/.test(line)) await say(line === "DATA" ? "354 go\r\n" : "250 ok\r\n");
    }
  })();
  assertEquals(await delivered({ network: net }, "bob@b.example"), [
    ["mx1.b.example", "DisconnectedError", true],
  ]);
  await serving;
  assertEquals(second.kept, []);
});

Deno.test("deliver() sends nothing if an address is none", async () => {
  const to = ["bob@b.example", "x@y>\r\nRCPT TO:<z@y"];
  await assertRejects(
    () => deliver({ from: "", to }, message, { network: network() }),
    InjectionError,
  );
  await assertRejects(
    () => deliver({ from: "", to: ["postmaster"] }, message, { network: network() }),
    NetwrightError,
  );
});
