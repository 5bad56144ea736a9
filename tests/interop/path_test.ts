/** `ping` and `trace` beside Debian's `ping` and `traceroute`, over a router that the test made. */

import { assertEquals, assertMatch } from "@std/assert";
import { ADDRESSES, mayMakeNamespaces, type TestHost, twoSubnets } from "../support/namespaces.ts";
import { flagsOf, OFFLINE_FLAGS } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";

const ignore = !await needs("ping") || !await needs("traceroute") ||
  !await needs("python3") || !await mayMakeNamespaces();

interface Line {
  readonly sequence?: number;
  readonly ttl?: number;
  readonly received?: number;
  readonly error?: string;
  readonly hop?: number;
  readonly probes?: readonly { readonly from?: string }[];
}

function linesOf(text: string): Line[] {
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

Deno.test({
  name: "ping and trace see what ping and traceroute see, two hops away",
  ignore,
  async fn(t) {
    await using network = await twoSubnets();
    const { near } = network;
    for (const family of [4, 6] as const) {
      const far = ADDRESSES.far[family];
      for (const method of ["raw", "datagram"] as const) {
        await t.step(`ping over IPv${family} by a ${method} socket`, async () => {
          const groups = method === "raw" ? "1 0" : "0 2147483647";
          await near.run("sysctl", "-qw", `net.ipv4.ping_group_range=${groups}`);
          await comparePing(near, far);
        });
      }
      await t.step(`trace over IPv${family}`, () => compareTrace(near, far, family));
    }
    await t.step("a network that no one routes to", async () => {
      await network.router.run("ip", "route", "add", "unreachable", "10.99.0.0/16");
      const { code, stdout } = await near.netwright(
        ["ping", "10.99.0.1", "--count", "1", "--json", "--timeout", "2"],
      );
      assertEquals([code, linesOf(stdout)[1]?.received], [1, 0]);
      const trace = await near.netwright(["trace", "10.99.0.1", "--probes", "1"]);
      assertEquals(trace.code, 1);
      assertMatch(trace.stderr, /^netwright: trace: 10\.99\.0\.1: the host was not reached\n$/);
    });
    await t.step("a link-local address with its zone", async () => {
      const shown = JSON.parse(await near.run("ip", "-6", "-j", "addr", "show", "dev", "eth0"));
      const { local } = shown[0].addr_info.find(({ local }: { local: string }) =>
        local.startsWith("fe80")
      );
      for (const words of [["ping", "-c", "1", `${local}%eth0`], ["trace", `[${local}%eth0]`]]) {
        const { code, stdout } = await near.netwright(words, { flags: await flagsOf(words) });
        assertEquals([code, stdout.includes(local)], [0, true], stdout);
      }
    });
    for (const family of [4, 6] as const) {
      for (const [kind, words, mark] of REFUSALS[family]) {
        await t.step(`${kind} over IPv${family}, as ping and traceroute report it`, async () => {
          const { router } = network;
          const [net, address] = family === 4
            ? ["10.98.0.0/16", "10.98.0.1"]
            : ["fd98::/16", "fd98::1"];
          const route = family === 4 ? ["route"] : ["-6", "route"];
          await router.run("ip", ...route, "replace", kind, net);
          const from = ADDRESSES.router[family];
          await eventually(
            async () => (await near.netwright(["ping", address, "-c", "1", "-W", "1"])).stdout,
            `from ${from}: seq 1: ${words}\n${address}: 0 of 1 came back, 100% lost, 1 error\n`,
          );
          await eventually(
            () => near.run("traceroute", `-${family}`, "-n", "-q", "1", "-N", "1", address),
            ` ${mark}`,
          );
          await eventually(
            async () => (await near.netwright(["trace", address, "--probes", "1"])).stdout,
            ` ms ${mark} (${words})\n`,
          );
        });
      }
    }
    for (const method of ["raw", "datagram"] as const) {
      await t.step(`a host that answers oddly, by a ${method} socket`, async () => {
        const groups = method === "raw" ? "1 0" : "0 2147483647";
        await near.run("sysctl", "-qw", `net.ipv4.ping_group_range=${groups}`);
        await using _ = await oddEcho(network.far);
        const { code, stdout, stderr } = await near.netwright(
          ["ping", ADDRESSES.far[4], "-c", "8", "-i", "0.2", "-W", "0.4"],
        );
        assertEquals(code, 0, stdout + stderr);
        const reported = stdout.replace(/ time [\d.]+ ms/g, "").replaceAll(ADDRESSES.far[4], "far");
        assertEquals(reported.split("\n").slice(0, -2), [
          "64 bytes from far: seq 1 ttl 63",
          "64 bytes from far: seq 1 ttl 63 (a duplicate)",
          "64 bytes from far: seq 2 ttl 63 (the data are changed from byte 10 on)",
          "28 bytes from far: seq 4 ttl 63 (the data are changed from byte 20 on)",
          "64 bytes from far: seq 6 ttl 63",
          "64 bytes from far: seq 7 ttl 63",
          "64 bytes from far: seq 5 ttl 63 (late)",
          "64 bytes from far: seq 8 ttl 63",
        ]);
        assertMatch(
          reported,
          /\nfar: 7 of 8 came back, 13% lost, 1 duplicate, 2 changed, min\/avg/,
        );
        assertEquals(
          stderr.replaceAll(ADDRESSES.far[4], "far"),
          "far: seq 3: no reply in time\nfar: seq 5: no reply in time\n",
        );
        const theirs = await near.run(
          ...["ping", "-n", "-c", "8", "-i", "0.2", "-W", "1", ADDRESSES.far[4]] as const,
        );
        assertMatch(theirs, /icmp_seq=1 .*\(DUP!\)/);
        assertMatch(theirs, /7 received, \+1 duplicates/);
      });
    }
    await t.step("no permission to ping", async () => {
      await near.run("sysctl", "-qw", "net.ipv4.ping_group_range=1 0");
      const line = await near.run(
        "sh",
        "-c",
        "setpriv --bounding-set=-net_raw --inh-caps=-net_raw " +
          `${Deno.execPath()} run -A ${OFFLINE_FLAGS.join(" ")} main.ts ping ${
            ADDRESSES.far[4]
          } 2>&1 || echo status $?`,
      );
      assertMatch(
        line,
        /^netwright: ping: the system lets this user send no ICMP \(.*\)\nstatus 1\n$/,
      );
      assertMatch(line, /net\.ipv4\.ping_group_range.*CAP_NET_RAW/);
    });
  },
});

/** A router says of a route only so many times a second that it leads nowhere: asks until it does. */
async function eventually(ask: () => Promise<string>, requested: string): Promise<void> {
  let received = "";
  for (let tries = 0; tries < 8 && !received.includes(requested); tries++) received = await ask();
  assertEquals(received.includes(requested), true, received);
}

/** A router's report on a route of that kind, and traceroute's mark for it. */
const REFUSALS = {
  4: [["unreachable", "host unreachable", "!H"]],
  6: [
    ["unreachable", "no route to the destination", "!N"],
    ["prohibit", "administratively prohibited", "!X"],
  ],
} as const;

/** Answers echoes in odd ways, in place of the host itself. */
async function oddEcho(host: TestHost): Promise<AsyncDisposable> {
  await host.run("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1");
  const child = new Deno.Command("ip", {
    args: ["netns", "exec", host.name, "python3", "tests/interop/peers/odd_echo.py"],
    stdout: "piped",
  }).spawn();
  const output = child.stdout.getReader();
  await output.read();
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await output.cancel();
      await child.status;
      await host.run("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=0");
    },
  };
}

async function comparePing(near: TestHost, far: string): Promise<void> {
  const theirs = await near.run("ping", "-n", "-c", "3", "-i", "0.2", far);
  const seen = [...theirs.matchAll(/icmp_seq=(\d+) ttl=(\d+)/g)]
    .map(([, sequence, ttl]) => [Number(sequence), Number(ttl)]);
  assertEquals(seen.length, 3, theirs);
  const { code, stdout, stderr } = await near.netwright(
    ["ping", far, "--count", "3", "--interval", "0.2", "--json"],
  );
  assertEquals([code, stderr], [0, ""]);
  const lines = linesOf(stdout);
  assertEquals(lines.slice(0, 3).map(({ sequence, ttl }) => [sequence, ttl]), seen);
  assertEquals(lines[3]?.received, 3);
}

async function compareTrace(near: TestHost, far: string, family: 4 | 6): Promise<void> {
  const theirs = await near.run("traceroute", `-${family}`, "-n", "-q", "1", "-w", "2", far);
  const seen = theirs.trim().split("\n").slice(1).map((line) => line.trim().split(/\s+/)[1]);
  assertEquals(seen, [ADDRESSES.router[family], far], theirs);
  const { code, stdout, stderr } = await near.netwright(["trace", far, "--json"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    linesOf(stdout).map(({ probes }) => [...new Set(probes?.map(({ from }) => from))]),
    seen.map((address) => [address]),
  );
}
