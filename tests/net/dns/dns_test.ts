/** Replies of name servers, distinguished: no such name, no such record, "not now", "not to you". */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import fc from "fast-check";
import { decodeMessage, encodeQuery } from "../../../src/net/dns/dns_message.ts";
import {
  ConnectError,
  DnsError,
  lookUp,
  NetwrightError,
  ProtocolError,
  type RecordType,
  systemNetwork,
  TimeoutError,
} from "../../../src/net/mod.ts";
import {
  nameData,
  NameServer,
  textData,
  type Zone,
  type ZoneRecord,
} from "../../support/name_server.ts";
import { mailExchangers } from "../../../src/protocols/smtp/mod.ts";
import { netwright } from "../../support/netwright.ts";

const network = systemNetwork();
const address = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const many = Array.from(
  { length: 200 },
  (_, i): ZoneRecord => ["long.test", 1, address(192, 0, 2, i)],
);

const ZONES: Readonly<Record<string, Zone>> = {
  "a.test": {},
  "a.test 1": { records: [["a.test", 1, address(192, 0, 2, 1)]] },
  "servfail.test": { rcode: 2 },
  "refused.test": { rcode: 5 },
  "formerr.test": { rcode: 1 },
  "silent.test": { isSilent: true },
  "long.test 1": { isTruncated: true, records: many },
  "alias.test 1": {
    records: [
      ["alias.test", 5, nameData("next.test")],
      ["next.test", 5, nameData("a.test")],
      ["a.test", 1, address(192, 0, 2, 1)],
    ],
  },
  "circle.test": {
    records: [
      ["circle.test", 5, nameData("circle2.test")],
      ["circle2.test", 5, nameData("circle.test")],
    ],
  },
  "xn--bcher-kva.test 1": { records: [["xn--bcher-kva.test", 1, address(192, 0, 2, 7)]] },
  "text.test 16": {
    records: [
      ["text.test", 16, textData("grün", "two")],
      ["text.test", 16, textData(Uint8Array.of(0xe9, 0x41))],
    ],
  },
  "caa.test 257": {
    records: [[
      "caa.test",
      257,
      Uint8Array.from([128, ...textData("issue"), ...new TextEncoder().encode("ca.test")]),
    ]],
  },
  "naptr.test 35": {
    records: [[
      "naptr.test",
      35,
      Uint8Array.from([0, 100, 0, 10, ...textData("u", "E2U+sip", "!^.*$!sip:a@b.test!"), 0]),
    ]],
  },
};

async function failure(server: NameServer, name: string, types?: RecordType[], timeoutMs = 3000) {
  const servers = [{ transport: "udp", hostname: "127.0.0.1", port: server.port } as const];
  return await assertRejects(
    () => lookUp(name, { network, servers, types, timeoutMs }),
    NetwrightError,
  );
}

async function values(server: NameServer, name: string, type: RecordType): Promise<unknown[]> {
  const servers = [{ transport: "udp", hostname: "127.0.0.1", port: server.port } as const];
  return (await lookUp(name, { network, servers, types: [type] })).map(({ value }) => value);
}

Deno.test("lookUp() reports why a name server gives no record", async () => {
  using server = new NameServer(ZONES);
  const none = await failure(server, "none.test", ["A"]);
  assertEquals([(none as ConnectError).kind, none.reason], ["name not found", "name not found"]);
  const noData = await failure(server, "a.test", ["MX"]);
  assertEquals([(noData as ConnectError).kind, noData.reason], ["name not found", "no MX record"]);
  for (
    const [name, rcode] of [["servfail", "SERVFAIL"], ["refused", "REFUSED"], [
      "formerr",
      "FORMERR",
    ]]
  ) {
    const error = await failure(server, `${name}.test`, ["A"]);
    assertEquals((error as DnsError).rcode, rcode);
    assertMatch(error.reason, new RegExp(`\\(${rcode}\\)$`));
  }
  const circle = await failure(server, "circle.test", ["A"]);
  assertMatch(circle.reason, /aliases \(CNAME\) lead in a circle/);
  assertEquals(await failure(server, "silent.test", ["A"], 200) instanceof TimeoutError, true);
});

Deno.test("lookUp() follows aliases, asks by TCP if an answer is cut, and knows names of other letters", async () => {
  using server = new NameServer(ZONES);
  assertEquals(await values(server, "alias.test", "A"), ["192.0.2.1"]);
  assertEquals((await values(server, "long.test", "A")).length, 200);
  assertEquals(await values(server, "bücher.test", "A"), ["192.0.2.7"]);
  assertEquals(await values(server, "text.test", "TXT"), [["grün", "two"], ["\\233A"]]);
  assertEquals(await values(server, "caa.test", "CAA"), [
    { critical: true, tag: "issue", value: "ca.test" },
  ]);
  assertEquals(await values(server, "naptr.test", "NAPTR"), [{
    order: 100,
    preference: 10,
    flags: "u",
    services: "E2U+sip",
    regexp: "!^.*$!sip:a@b.test!",
    replacement: ".",
  }]);
});

Deno.test("a missing name server is reported before the time is over", async () => {
  let port: number;
  {
    using gone = new NameServer({});
    port = gone.port;
  }
  const start = performance.now();
  const servers = [{ transport: "udp", hostname: "127.0.0.1", port } as const];
  const error = await assertRejects(
    () => lookUp("a.test", { network, servers, types: ["A"], timeoutMs: 20_000 }),
    ConnectError,
  );
  assertEquals([error.kind, performance.now() - start < 10_000], ["refused", true]);
});

// RFC 5321 §5.1: only a name that is not there at all makes mail undeliverable.
Deno.test('mailExchangers() takes a name server\'s failure for no answer, not for "no exchangers"', async () => {
  using server = new NameServer(ZONES);
  const servers = [{ transport: "udp", hostname: "127.0.0.1", port: server.port } as const];
  assertEquals(await mailExchangers("a.test", { network, servers }), ["a.test"]);
  await assertRejects(() => mailExchangers("servfail.test", { network, servers }), DnsError);
  await assertRejects(() => mailExchangers("refused.test", { network, servers }), DnsError);
  const none = await assertRejects(
    () => mailExchangers("none.test", { network, servers }),
    ConnectError,
  );
  assertEquals(none.kind, "name not found");
});

Deno.test("resolve reports each of them in one line", async (t) => {
  using server = new NameServer(ZONES);
  const cases: readonly [name: string, type: string, says: RegExp][] = [
    ["none.test", "A", /none\.test: name not found$/],
    ["a.test", "MX", /a\.test: no MX record$/],
    ["servfail.test", "A", /failed to look it up \(SERVFAIL\)$/],
    ["refused.test", "A", /refuses to say \(REFUSED\)$/],
    ["formerr.test", "A", /did not understand the question \(FORMERR\)$/],
    ["circle.test", "A", /lead in a circle$/],
  ];
  for (const [name, type, says] of cases) {
    await t.step(`${type} of ${name}`, async () => {
      const words = ["resolve", "--server", `127.0.0.1:${server.port}`, "--type", type, name];
      const { code, stdout, stderr } = await netwright(words);
      assertEquals([code, stdout], [1, ""]);
      assertMatch(stderr.trimEnd(), says);
      assertEquals(stderr.trimEnd().split("\n").length, 1);
    });
  }
});

Deno.test("messages of name servers: any bytes are read or refused", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    try {
      decodeMessage(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }));
  const query = decodeMessage(encodeQuery(7, "a.b.test", 15));
  assertEquals([query.id, query.question], [7, { name: "a.b.test", type: 15 }]);
  // A name that leads to itself.
  const circle = Uint8Array.from([0, 7, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1]);
  let refused: unknown;
  try {
    decodeMessage(circle);
  } catch (error) {
    refused = error;
  }
  assertEquals(refused instanceof ProtocolError, true);
});
