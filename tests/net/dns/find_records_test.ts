/** Records of any type, search domains, several servers, and name servers with odd habits. */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  findRecords,
  type FindRecordsOptions,
  type FoundRecord,
} from "../../../src/net/internal.ts";
import {
  ConnectError,
  DnsError,
  type HostEndpoint,
  NetwrightError,
  ProtocolError,
  systemNetwork,
} from "../../../src/net/mod.ts";
import { parseResolverSettings } from "../../../src/cli/connect/hosts_files.ts";
import { addressRecord, nameData, NameServer, textData } from "../../support/name_server.ts";
import { netwright } from "../../support/netwright.ts";

const network = systemNetwork();

const addressOf = ({ port }: NameServer): HostEndpoint => ({
  transport: "udp",
  hostname: "127.0.0.1",
  port,
});

async function find(
  servers: readonly NameServer[],
  name: string,
  options: Partial<FindRecordsOptions> = {},
): Promise<{ readonly name: string; readonly records: readonly FoundRecord[] }> {
  return await findRecords(network, name, {
    types: ["A"],
    timeoutMs: 10_000,
    servers: servers.map(addressOf),
    ...options,
  });
}

async function valuesOf(server: NameServer, name: string, type = "A"): Promise<unknown[]> {
  const { records } = await find([server], name, { types: [type] });
  return records.map(({ value }) => value);
}

Deno.test("findRecords() gives time to live, aliases, and types by number", async () => {
  using server = new NameServer({
    "www.test 1": { records: [["www.test", 5, nameData("a.test")], addressRecord("a.test")] },
    "sshfp.test 44": { records: [["sshfp.test", 44, Uint8Array.of(4, 2, 0xab, 0xcd)]] },
    "own.test 65280": { records: [["own.test", 65280, Uint8Array.of(1, 2)]] },
    ". 2": { records: [[".", 2, nameData("a.root.test")]] },
    "0/25.2.0.192.in-addr.arpa": { records: [addressRecord("0/25.2.0.192.in-addr.arpa")] },
    "*.test": { records: [addressRecord("*.test")] },
  });
  assertEquals(await find([server], "www.test"), {
    name: "www.test",
    records: [{ type: "A", ttl: 300, value: "192.0.2.1", aliases: ["a.test"] }],
  });
  assertEquals(await valuesOf(server, "sshfp.test", "sshfp"), [
    { algorithm: 4, fingerprintType: 2, fingerprint: "abcd" },
  ]);
  assertEquals(await valuesOf(server, "own.test", "TYPE65280"), ["\\# 2 0102"]);
  assertEquals(await valuesOf(server, "own.test", "65280"), ["\\# 2 0102"]);
  assertEquals(await valuesOf(server, "0/25.2.0.192.in-addr.arpa"), ["192.0.2.1"]);
  assertEquals(await valuesOf(server, "*.test"), ["192.0.2.1"]);
  assertEquals(server.asked.at(-1), "*.test 1");
});

Deno.test("findRecords() completes short names by the search domains, as ndots has it", async (t) => {
  const ZONES = {
    "host.b.test": { records: [addressRecord("host.b.test", 2)] },
    "x.y": { records: [addressRecord("x.y", 3)] },
    "x.y.a.test": { records: [addressRecord("x.y.a.test", 4)] },
    "broken.a.test": { rcode: 2 },
  };
  const search = ["a.test", "b.test"];
  const CASES: readonly (readonly [name: string, ndots: number, asked: string[], found: string])[] =
    [
      ["host", 1, ["host.a.test 1", "host.b.test 1"], "host.b.test"],
      ["x.y", 1, ["x.y 1"], "x.y"],
      ["x.y", 2, ["x.y.a.test 1"], "x.y.a.test"],
      ["x.y.", 2, ["x.y 1"], "x.y"],
    ];
  for (const [name, ndots, asked, found] of CASES) {
    await t.step(`${name}, ndots ${ndots}`, async () => {
      using server = new NameServer(ZONES);
      assertEquals((await find([server], name, { search, ndots })).name, found);
      assertEquals(server.asked, asked);
    });
  }
  await t.step("a server's failure on the way is reported at the end", async () => {
    using server = new NameServer(ZONES);
    await assertRejects(() => find([server], "broken", { search }), DnsError, "SERVFAIL");
    assertEquals(server.asked, ["broken.a.test 1", "broken.b.test 1", "broken 1"]);
  });
});

Deno.test("resolv.conf is read as the system's resolver reads it", () => {
  const text = "# a\ndomain first.test\nnameserver 192.0.2.1 ; b\nnameserver none\n" +
    "search a.test b.test\noptions timeout:1 ndots:2\nnameserver 2001:DB8::1\n";
  const expected = {
    servers: ["192.0.2.1", "2001:db8::1"],
    search: ["a.test", "b.test"],
    ndots: 2,
  };
  assertEquals(parseResolverSettings(text), expected);
  assertEquals(parseResolverSettings(""), { servers: [], search: [], ndots: 1 });
});

Deno.test("the next name server is asked if one says nothing, or fails", async () => {
  using silent = new NameServer({ "a.test": { isSilent: true } });
  using broken = new NameServer({ "a.test": { rcode: 2 } });
  using good = new NameServer({ "a.test": { records: [addressRecord("a.test")] } });
  assertEquals((await find([silent, good], "a.test")).name, "a.test");
  assertEquals((await find([broken, good], "a.test")).name, "a.test");
});

Deno.test("name servers with odd habits are understood", async (t) => {
  const two = [addressRecord("a.test", 1), addressRecord("a.test", 2)];
  await t.step("slow, without TCP", async () => {
    using server = new NameServer({ "a.test": { lost: 1, records: two } }, "127.0.0.1", 0, {
      hasTcp: false,
    });
    assertEquals(await valuesOf(server, "a.test"), ["192.0.2.1", "192.0.2.2"]);
  });
  await t.step("a datagram that is cut within a record", async () => {
    using server = new NameServer({ "a.test": { isTruncated: true, cutBytes: 3, records: two } });
    assertEquals(await valuesOf(server, "a.test"), ["192.0.2.1", "192.0.2.2"]);
  });
  await t.step("without EDNS", async () => {
    using server = new NameServer({ "a.test": { knowsNoEdns: true, records: two } });
    assertEquals(await valuesOf(server, "a.test"), ["192.0.2.1", "192.0.2.2"]);
  });
  await t.step("an alias without the records that it leads to", async () => {
    using server = new NameServer({
      "www.test": { records: [["www.test", 5, nameData("a.test")]] },
      "a.test": { records: two },
    });
    assertEquals(await valuesOf(server, "www.test"), ["192.0.2.1", "192.0.2.2"]);
  });
  await t.step("an error in the extended response code", async () => {
    using server = new NameServer({ "a.test": { extendedRcode: 1 } });
    const error = await assertRejects(() => find([server], "a.test"), DnsError);
    assertEquals(error.rcode, "BADVERS");
  });
  await t.step("a record that is cut", async () => {
    using server = new NameServer({ "a.test": { records: [["a.test", 1, Uint8Array.of(1, 2)]] } });
    const error = await assertRejects(() => find([server], "a.test"), NetwrightError);
    assertMatch(error.message, /message is malformed: an address of a wrong length/);
  });
  await t.step("records of another class", async () => {
    using server = new NameServer({ "a.test": { class: 3, records: two } });
    const error = await assertRejects(() => find([server], "a.test"), ConnectError);
    assertEquals(error.reason, "no A record");
  });
  await t.step("an answer that is cut by TCP too", async () => {
    using server = new NameServer({ "a.test": { isTruncated: true, isCutByTcp: true } });
    const error = await assertRejects(() => find([server], "a.test"), NetwrightError);
    assertMatch(error.message, /cut, by TCP too/);
  });
});

Deno.test("resolve prints one line for each record, whatever a name server puts in", async () => {
  const evil = "a\nfake.test\tA\t6.6.6.6\x1b]0;x\x07\x9b\u202e";
  using server = new NameServer({
    "e.test 257": {
      records: [[
        "e.test",
        257,
        Uint8Array.from([0, ...textData("issue"), ...new TextEncoder().encode(evil)]),
      ]],
    },
    "e.test 35": {
      records: [["e.test", 35, Uint8Array.from([0, 1, 0, 2, ...textData(evil, "", "a b"), 0])]],
    },
    "e.test 16": { records: [["e.test", 16, textData(evil)]] },
  });
  const words = ["resolve", "--server", `127.0.0.1:${server.port}`, "--type", "CAA,NAPTR,TXT"];
  const { code, stdout } = await netwright([...words, "e.test"]);
  assertEquals(code, 0);
  const text = '"a\\nfake.test\\tA\\t6.6.6.6\\u001b]0;x\\u0007\\u009b\\u202e"';
  assertEquals(stdout.split("\n"), [
    `e.test\tCAA\t0 issue ${text}`,
    `e.test\tNAPTR\t1 2 ${text} "" "a b" .`,
    `e.test\tTXT\t${text}`,
    "",
  ]);
});

Deno.test("resolve --short, --ttl and --json", async () => {
  using server = new NameServer({
    "www.test": { records: [["www.test", 5, nameData("a.test")], addressRecord("a.test")] },
  });
  const run = async (...words: string[]) => {
    const at = ["resolve", "--server", `127.0.0.1:${server.port}`, "--type", "a"];
    const { code, stdout, stderr } = await netwright([...at, ...words, "www.test"]);
    assertEquals([code, stderr], [0, ""]);
    return stdout;
  };
  assertEquals(await run("--short"), "192.0.2.1\n");
  assertEquals(await run("--ttl", "--short"), "300\t192.0.2.1\n");
  assertEquals(await run("--ttl"), "www.test\tA\t300\t192.0.2.1\n");
  assertEquals(JSON.parse(await run("--json")), {
    name: "www.test",
    type: "A",
    ttl: 300,
    value: "192.0.2.1",
    aliases: ["a.test"],
  });
});

Deno.test("a dot or a backslash within a label is part of it", async () => {
  using server = new NameServer({
    "alias.test": { records: [["alias.test", 5, nameData("a\\.b.test")]] },
    "a\\.b.test": { records: [addressRecord("a\\.b.test")] },
    "c\\\\d.test": { records: [addressRecord("c\\\\d.test")] },
  });
  assertEquals(await valuesOf(server, "alias.test"), ["192.0.2.1"]);
  assertEquals(await valuesOf(server, "a\\.b.test"), ["192.0.2.1"]);
  assertEquals(await valuesOf(server, "a\\046b.test"), ["192.0.2.1"]);
  assertEquals(await valuesOf(server, "c\\\\d.test"), ["192.0.2.1"]);
  for (const bad of ["a\\", "a\\999.test", "a..test", `${"x".repeat(64)}.test`]) {
    await assertRejects(
      () => valuesOf(server, bad),
      ConnectError,
      "not a valid DNS name",
    );
  }
});

Deno.test("a malformed message does not end the question, and is reported with its server and name", async () => {
  const before = Uint8Array.of(0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1);
  using server = new NameServer({
    "good.test": { records: [addressRecord("good.test")], before },
    "bad.test": { isSilent: true, before },
  });
  assertEquals(await valuesOf(server, "good.test"), ["192.0.2.1"]);
  const error = await valuesOf(server, "bad.test").catch((error) => error);
  assertEquals(error instanceof ProtocolError, true);
  assertMatch(error.message, /127\.0\.0\.1:\d+: .*malformed.*\(it was asked for bad\.test\)$/);
});
