/** `resolve` beside `dig` and `getent`, against a name server of the test's own. */

import { assertEquals, assertMatch } from "@std/assert";
import { aloneHost, mayMakeNamespaces } from "../support/namespaces.ts";
import { startDnsmasq } from "./peers/dnsmasq.ts";
import { needs } from "./peers/needs.ts";

const ignore = !await needs("dig") || !await needs("dnsmasq") || !await mayMakeNamespaces();

const QUESTIONS: readonly [name: string, type: string][] = [
  ["www.example.test", "A"],
  ["www.example.test", "AAAA"],
  ["alias.example.test", "CNAME"],
  ["example.test", "MX"],
  ["example.test", "TXT"],
  ["_imaps._tcp.example.test", "SRV"],
  ["example.test", "NAPTR"],
  ["example.test", "CAA"],
];

/** The record as dig writes it, without the dots at the end of names. */
function likeDig(type: string, value: unknown): string {
  if (typeof value === "string") return value.replace(/\.$/, "");
  if (Array.isArray(value)) return value.map((text) => JSON.stringify(text)).join(" ");
  const record = value as Record<string, string | number>;
  const fields: Readonly<Record<string, readonly string[]>> = {
    MX: ["preference", "exchange"],
    SRV: ["priority", "weight", "port", "target"],
    NAPTR: ["order", "preference", "flags", "services", "regexp", "replacement"],
    CAA: ["critical", "tag", "value"],
  };
  return fields[type]!.map((field) => String(Number(record[field]) || record[field])).join(" ")
    .replace(/\.$/, "").trim();
}

Deno.test({
  name: "resolve finds what dig finds",
  ignore,
  async fn(t) {
    await using host = await aloneHost();
    await using _server = await startDnsmasq(host);
    for (const [name, type] of QUESTIONS) {
      await t.step(`${type} of ${name}`, async () => {
        const dig = await host.run("dig", "@127.0.0.1", "+short", name, type);
        const theirs = dig.trim().split("\n").map((line) =>
          type === "NAPTR" || type === "CAA"
            ? line.replaceAll('"', "").replace(/\.$/, "").trim().replace(/^0 /, "false ")
            : line.replace(/\.$/, "")
        );
        const { code, stdout, stderr } = await host.netwright(
          ["resolve", "--server", "127.0.0.1", "--type", type, "--json", name],
        );
        assertEquals([code, stderr], [0, ""]);
        const ours = stdout.trim().split("\n").map((line) => JSON.parse(line))
          .map(({ value }) => likeDig(type, value));
        assertEquals(ours.sort(), theirs.sort());
      });
    }
    await t.step("addresses back to names", async () => {
      for (const address of ["192.0.2.25", "2001:db8::80"]) {
        const dig = await host.run("dig", "@127.0.0.1", "+short", "-x", address);
        const { stdout } = await host.netwright(["resolve", "--server", "127.0.0.1", address]);
        assertEquals(stdout, `${address}\tPTR\t${dig.trim().replace(/\.$/, "")}\n`);
      }
    });
    await t.step("many names from standard input, in their order, failures reported", async () => {
      const { code, stdout, stderr } = await host.netwright(
        ["resolve", "--server", "127.0.0.1"],
        { stdin: "mail.example.test\nnosuch.example.test\n192.0.2.80\nwww.example.test\n" },
      );
      assertEquals(code, 4);
      assertEquals(
        stdout,
        "mail.example.test\tA\t192.0.2.25\n192.0.2.80\tPTR\twww.example.test\n" +
          "www.example.test\tA\t192.0.2.80\nwww.example.test\tAAAA\t2001:db8::80\n",
      );
      assertMatch(stderr, /^netwright: resolve: nosuch\.example\.test: name not found\n$/);
    });
    await t.step("the system's own name server, as getent asks it", async () => {
      // A namespace has files of its own for /etc, if there is a folder with its name.
      const folder = `/etc/netns/${host.name}`;
      await Deno.mkdir(folder, { recursive: true });
      try {
        await Deno.writeTextFile(`${folder}/resolv.conf`, "nameserver 127.0.0.1\n");
        const getent = await host.run("getent", "ahosts", "www.example.test");
        const theirs = new Set(getent.trim().split("\n").map((line) => line.split(/\s+/)[0]));
        const { code, stdout } = await host.netwright(["resolve", "www.example.test", "--json"]);
        assertEquals(code, 0);
        const ours = stdout.trim().split("\n").map((line) => JSON.parse(line).value);
        assertEquals(ours.sort(), [...theirs].sort());
        const local = await host.run("getent", "hosts", "localhost");
        const { stdout: found } = await host.netwright(["resolve", "localhost"]);
        assertEquals(found.includes(local.split(/\s+/)[0]!), true);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
  },
});
