/** `smtp send --mx` finds its way by the records of a name server, on a host of the test's own. */

import { assertEquals, assertMatch } from "@std/assert";
import { hashPassword } from "../../src/stores/mod.ts";
import { aloneHost, mayMakeNamespaces, type TestHost } from "../support/namespaces.ts";
import { serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { startDnsmasq } from "./peers/dnsmasq.ts";
import { needs } from "./peers/needs.ts";

const ignore = !await needs("dnsmasq") || !await mayMakeNamespaces();

/** Addresses of the world outside, which are no one's here but ours. */
const [DEAD, ALIVE] = ["93.184.216.1", "93.184.216.2"];

const ZONE = [
  // The first host is down, and the second takes the mail.
  "--mx-host=many.test,first.many.test,10",
  "--mx-host=many.test,second.many.test,20",
  `--host-record=first.many.test,${DEAD}`,
  `--host-record=second.many.test,${ALIVE}`,
  // Without such records the domain itself is the host (RFC 5321 §5.1).
  `--host-record=plain.test,${ALIVE}`,
  // RFC 7505: it takes no mail. Preference 0, and the root.
  "--dns-rr=null.test,15,000000",
  // Someone's records lead inwards.
  "--mx-host=inner.test,inside.inner.test,10",
  "--host-record=inside.inner.test,127.0.0.1",
];

/** Lets programs of a host ask the name server that is on it. */
async function askHere({ name }: TestHost): Promise<AsyncDisposable> {
  const folder = `/etc/netns/${name}`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/resolv.conf`, "nameserver 127.0.0.1\n");
  return { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

Deno.test({
  name: "smtp send --mx goes by MX records",
  ignore,
  fn: (t) =>
    inFolder(async (folder) => {
      await using host = await aloneHost();
      await using _names = await askHere(host);
      for (const address of [DEAD, ALIVE]) {
        await host.run("ip", "addr", "add", address, "dev", "lo");
      }
      await using _dnsmasq = await startDnsmasq(host, ZONE);
      const users = `${folder}/users.yaml`;
      await Deno.writeTextFile(users, `bob:\n  password: "${await hashPassword("sesame")}"\n`);
      const words = ["smtp", "--listen", `${ALIVE}:25`, "--users", users, "--maildir", folder];
      await using _server = await serve(words, { namespace: host.name });
      const send = (...to: string[]) =>
        host.netwright(
          ["smtp", "send", "--mx", "--from", "ann@a.test", "--to", to.join(), "--timeout", "20"],
          { stdin: "hello\n" },
        );
      const table: [name: string, to: string, code: number, stderr: RegExp][] = [
        [
          "the next host",
          "bob@many.test",
          0,
          /^bob@many\.test: sent to second\.many\.test \(2\.0\.0 kept as /,
        ],
        [
          "no record, so the domain itself",
          "bob@plain.test",
          0,
          /: sent to plain\.test \(2\.0\.0 /,
        ],
        ["a domain that takes no mail", "bob@null.test", 1, /: not sent: .*takes no mail/],
        ["a recipient that is not there", "eve@plain.test", 1, /: not sent: .*550/],
        ["a record that leads inwards", "bob@inner.test", 1, /: the peer named a loopback address/],
        ["no such domain", "bob@nowhere.test", 1, /: not sent: /],
      ];
      for (const [name, to, code, stderr] of table) {
        await t.step(name, async () => {
          const ended = await send(to);
          assertMatch(ended.stderr, stderr);
          assertEquals([ended.code, ended.stdout], [code, ""]);
        });
      }
      await t.step("some of several", async () => {
        const ended = await send("bob@many.test", "bob@null.test");
        assertEquals(ended.code, 4);
      });
      assertEquals([...Deno.readDirSync(`${folder}/bob/new`)].length, 3);
    }),
});
