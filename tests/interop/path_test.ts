/** `ping` and `trace` beside Debian's `ping` and `traceroute`, over a router that the test made. */

import { assertEquals, assertMatch } from "@std/assert";
import { ADDRESSES, mayMakeNamespaces, type TestHost, twoSubnets } from "../support/namespaces.ts";
import { needs } from "./peers/needs.ts";

const ignore = !await needs("ping") || !await needs("traceroute") || !await mayMakeNamespaces();

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
    await t.step("a network that nobody routes to", async () => {
      await network.router.run("ip", "route", "add", "unreachable", "10.99.0.0/16");
      const { code, stdout } = await near.netwright(
        ["ping", "10.99.0.1", "--count", "1", "--json", "--timeout", "2"],
      );
      assertEquals([code, linesOf(stdout)[1]?.received], [1, 0]);
      const trace = await near.netwright(["trace", "10.99.0.1", "--max-hops", "3"]);
      assertEquals(trace.code, 1);
      assertMatch(trace.stderr, /^netwright: trace: 10\.99\.0\.1: the host was not reached\n$/);
    });
    await t.step("no permission to ping", async () => {
      await near.run("sysctl", "-qw", "net.ipv4.ping_group_range=1 0");
      const line = await near.run(
        "sh",
        "-c",
        "setpriv --bounding-set=-net_raw --inh-caps=-net_raw " +
          `${Deno.execPath()} run -A main.ts ping ${ADDRESSES.far[4]} 2>&1 || echo status $?`,
      );
      assertMatch(
        line,
        /^netwright: ping: the system lets this user send no ICMP \(.*\)\nstatus 1\n$/,
      );
      assertMatch(line, /net\.ipv4\.ping_group_range.*CAP_NET_RAW/);
    });
  },
});

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
