/** Debian's `nc`, `finger` and `socat` against our small services; ours against xinetd's. */

import { assertEquals, assertMatch } from "@std/assert";
import { aloneHost, mayMakeNamespaces } from "../support/namespaces.ts";
import { netwright, serve } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";
import { startXinetd } from "./peers/xinetd.ts";

/** Runs a peer; it ends by itself or after some seconds. */
async function peer(program: string, args: readonly string[], stdin = ""): Promise<string> {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    signal: AbortSignal.timeout(20_000),
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

/** RFC 868 counts seconds since 1900. */
function secondsOf(bytes: string): number {
  const view = new DataView(Uint8Array.from(bytes, (c) => c.charCodeAt(0)).buffer);
  return view.getUint32(0) - 2_208_988_800;
}

Deno.test({
  name: "nc talks to our small services over TCP, UDP and UNIX sockets",
  ignore: !await needs("nc"),
  async fn(t) {
    const folder = await Deno.makeTempDir();
    const cases: readonly [service: string, stdin: string, stdout: RegExp][] = [
      ["echo", "hello\n", /^hello\n$/],
      ["daytime", "", /^\w+, \w+ \d+, \d{4} \d\d:\d\d:\d\d-UTC\r\n$/],
      ["qotd", "", /^.+\r\n$/],
      ["discard", "gone\n", /^$/],
    ];
    try {
      for (const [service, stdin, stdout] of cases) {
        await t.step(`${service} over TCP`, async () => {
          await using server = await serve([service, "--listen", "127.0.0.1:0"]);
          const [host = "", port = ""] = server.endpoint.split(":");
          assertMatch(await peer("nc", ["-N", host, port], stdin), stdout);
        });
        await t.step(`${service} over a UNIX socket`, async () => {
          const path = `${folder}/${service}`;
          await using _server = await serve([service, "--listen", `unix:${path}`]);
          assertMatch(await peer("nc", ["-N", "-U", path], stdin), stdout);
        });
        if (service === "discard") continue;
        await t.step(`${service} over UDP`, async () => {
          await using server = await serve([service, "--udp", "--listen", "127.0.0.1:0"]);
          const [host = "", port = ""] = server.endpoint.split(":");
          assertMatch(await peer("nc", ["-u", "-w", "1", host, port], stdin || "\n"), stdout);
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "socat takes time and characters from us",
  ignore: !await needs("socat"),
  async fn() {
    await using time = await serve(["time", "--listen", "127.0.0.1:0"]);
    const now = await new Deno.Command("sh", {
      args: ["-c", `socat -u TCP:${time.endpoint} - | od -An -tu1`],
    }).output();
    const bytes = new TextDecoder().decode(now.stdout).trim().split(/\s+/).map(Number);
    const off = secondsOf(String.fromCharCode(...bytes)) - Date.now() / 1000;
    assertEquals(Math.abs(off) < 2, true, `${off} s`);
    await using chargen = await serve(["chargen", "--listen", "127.0.0.1:0"]);
    const lines = await new Deno.Command("sh", {
      args: ["-c", `socat -u TCP:${chargen.endpoint} - 2>/dev/null | head -n 2`],
    }).output();
    const [first = "", second = ""] = new TextDecoder().decode(lines.stdout).split("\r\n");
    // Each line begins one character later (RFC 864).
    assertEquals([first.length, second.length], [72, 72]);
    assertEquals(second.slice(0, -1), first.slice(1));
  },
});

Deno.test({
  name: "finger asks our server, and ours is asked the same",
  ignore: !await needs("finger") || !await mayMakeNamespaces(),
  async fn() {
    const folder = await Deno.makeTempDir();
    await using host = await aloneHost();
    try {
      await Deno.writeTextFile(`${folder}/ann`, "Ann Example\nPlan: none\n");
      // Debian's finger knows no other port.
      await using _server = await serve(
        ["finger", "--listen", "127.0.0.1:79", "--plans", `${folder}`],
        { namespace: host.name },
      );
      const theirs = await host.run("finger", "ann@127.0.0.1");
      assertMatch(theirs, /Ann Example\r?\nPlan: none/);
      const ours = await host.netwright(["finger", "ann@127.0.0.1"]);
      assertEquals(ours.code, 0, ours.stderr);
      assertEquals(theirs.replaceAll("\r", "").includes(ours.stdout.replaceAll("\r", "")), true);
      const list = await host.run("finger", "@127.0.0.1");
      assertMatch(list, /ann/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "our clients talk to xinetd's small services over TCP and UDP",
  ignore: !await needs("xinetd"),
  async fn(t) {
    await using peer = await startXinetd();
    const at = (service: keyof typeof peer.ports): string => `127.0.0.1:${peer.ports[service]}`;
    for (const udp of [[], ["--udp"]]) {
      const over = udp.length > 0 ? "UDP" : "TCP";
      await t.step(`echo over ${over}`, async () => {
        const back = await netwright(["echo", at("echo"), ...udp], { stdin: "one\ntwo\n" });
        assertEquals([back.code, back.stdout], [0, "one\ntwo\n"], back.stderr);
      });
      await t.step(`daytime over ${over}`, async () => {
        const time = await netwright(["daytime", at("daytime"), ...udp]);
        assertEquals(time.code, 0, time.stderr);
        assertMatch(time.stdout, /^\d\d [A-Z]{3} \d{4} \d\d:\d\d:\d\d [A-Z]+\n$/);
      });
      await t.step(`time over ${over}`, async () => {
        const time = await netwright(["time", at("time"), "--json", ...udp]);
        assertEquals(time.code, 0, time.stderr);
        const { aheadSeconds } = JSON.parse(time.stdout);
        assertEquals(Math.abs(aheadSeconds) <= 2, true, time.stdout);
      });
      await t.step(`chargen over ${over}`, async () => {
        const text = await netwright(["chargen", at("chargen"), "--bytes", "74", ...udp]);
        assertEquals(text.code, 0, text.stderr);
        assertMatch(text.stdout, /^[ -~\r\n]{1,74}$/);
      });
      await t.step(`discard over ${over}`, async () => {
        const gone = await netwright(["discard", at("discard"), ...udp], { stdin: "abc" });
        assertEquals([gone.code, gone.stderr], [0, ""]);
        assertMatch(gone.stdout, /^3 bytes sent /);
      });
    }
    await t.step("three messages of a million bytes", async () => {
      const words = ["echo", at("echo"), "--size", "1000000", "--count", "3"];
      assertMatch((await netwright(words)).stderr, /3000000 bytes sent, 3000000 received/);
    });
  },
});
