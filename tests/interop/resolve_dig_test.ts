/** `resolve` beside `dig`: what each says of every kind of answer that a name server gives. */

import { assertEquals, assertMatch } from "@std/assert";
import {
  addressRecord as a,
  nameData,
  NameServer,
  textData,
  type Zone,
} from "../support/name_server.ts";
import { netwright } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";
import { run } from "./peers/program.ts";

const ignore = !await needs("dig");

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const ZONES: Readonly<Record<string, Zone>> = {
  "a.test 1": { records: [a("a.test", 1)] },
  "a.test": {},
  "servfail.test": { rcode: 2 },
  "refused.test": { rcode: 5 },
  "formerr.test": { rcode: 1 },
  "circle.test": {
    records: [["circle.test", 5, nameData("b.test")], ["b.test", 5, nameData("circle.test")]],
  },
  "long.test": {
    isTruncated: true,
    records: Array.from({ length: 200 }, (_, last) => a("long.test", last)),
  },
  "xn--bcher-kva.test": { records: [a("xn--bcher-kva.test", 7)] },
  "www.a.test": { records: [a("www.a.test", 8)] },
  "alias.test": { records: [["alias.test", 5, nameData("a.test")], a("a.test", 1)] },
  "caa.test": {
    records: [["caa.test", 257, Uint8Array.from([128, ...textData("issue"), ...bytes("ca.test")])]],
  },
  "naptr.test": {
    records: [[
      "naptr.test",
      35,
      Uint8Array.from([0, 100, 0, 10, ...textData("u", "E2U+sip", "!^.*$!sip:a@b.test!"), 0]),
    ]],
  },
  "text.test": { records: [["text.test", 16, textData("v=spf1 -all", 'a "quoted" \\ text')]] },
  "mx.test": { records: [["mx.test", 15, Uint8Array.from([0, 10, ...nameData("mail.mx.test")])]] },
  "srv.test": {
    records: [["srv.test", 33, Uint8Array.from([0, 1, 0, 2, 3, 225, ...nameData("s.test")])]],
  },
  "tlsa.test": { records: [["tlsa.test", 52, Uint8Array.of(3, 1, 1, 0xab, 0xcd)]] },
  "sshfp.test": {
    records: [["sshfp.test", 44, Uint8Array.from([4, 1, ...new Uint8Array(20).fill(0xab)])]],
  },
  "own.test": { records: [["own.test", 65280, Uint8Array.of(1, 2, 0xff)]] },
};

/** Name, type, and what `resolve` says on standard error; nothing if there are records. */
const QUESTIONS: readonly (readonly [name: string, type: string, failure?: RegExp])[] = [
  ["a.test", "A"],
  ["none.test", "A", /name not found/],
  ["a.test", "AAAA", /no AAAA record/],
  ["servfail.test", "A", /SERVFAIL/],
  ["refused.test", "A", /REFUSED/],
  ["formerr.test", "A", /FORMERR/],
  ["circle.test", "A", /circle/],
  ["long.test", "A"],
  ["bücher.test", "A"],
  ["alias.test", "A"],
  ["caa.test", "CAA"],
  ["naptr.test", "NAPTR"],
  ["text.test", "TXT"],
  ["mx.test", "MX"],
  ["srv.test", "SRV"],
  ["tlsa.test", "TLSA"],
  ["sshfp.test", "SSHFP"],
  ["own.test", "TYPE65280"],
];

/** What dig says: its status, and the records of the type. */
async function dig(
  port: number,
  words: readonly string[],
): Promise<[status: string, values: string[]]> {
  const text = await run("dig", ["@127.0.0.1", "-p", `${port}`, "+tries=1", ...words]);
  const status = /status: (\w+)/.exec(text)?.[1] ?? "";
  const type = words.at(-1)!;
  const values = text.split("\n").filter((line) => !line.startsWith(";"))
    .map((line) => /^\S+\s+\d+\s+IN\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => match?.[1] === type).map((match) => match![2]!);
  return [status, values];
}

/** As dig writes it, but for the final dots of names, and the case of hexadecimal digits. */
function alike(value: string): string {
  return value.replaceAll(/(?<=[a-z])\.(?= |$)/g, "").toLowerCase();
}

Deno.test({
  name: "resolve says what dig says",
  ignore,
  async fn(t) {
    using server = new NameServer(ZONES);
    const at = ["resolve", "--server", `127.0.0.1:${server.port}`, "--short"];
    for (const [name, type, failure] of QUESTIONS) {
      await t.step(`${type} of ${name}`, async () => {
        // This dig is made without IDN.
        const asked = name === "bücher.test" ? "xn--bcher-kva.test" : name;
        const [status, theirs] = await dig(server.port, [asked, type]);
        const { code, stdout, stderr } = await netwright([...at, "--type", type, name]);
        const ours = stdout.split("\n").slice(0, -1);
        assertEquals(ours.map(alike), theirs.map(alike));
        if (failure === undefined) return assertEquals([code, stderr, status], [0, "", "NOERROR"]);
        assertEquals(code, 1);
        assertMatch(stderr, failure);
        if (/^[A-Z]+$/.test(failure.source)) assertEquals(failure.source, status);
        else assertEquals(status, name === "none.test" ? "NXDOMAIN" : "NOERROR");
      });
    }
    await t.step("search domains", async () => {
      const [, theirs] = await dig(server.port, ["+search", "+domain=a.test", "www", "A"]);
      const { stdout } = await netwright([...at, "--search", "a.test", "--type", "A", "www"]);
      assertEquals(stdout, `${theirs.join("\n")}\n`);
    });
  },
});
