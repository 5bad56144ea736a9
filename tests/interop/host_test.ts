/** `interfaces` beside `ip`, `sockets` beside `ss`, on a host that the test made. */

import { assertEquals } from "@std/assert";
import { aloneHost, mayMakeNamespaces, twoSubnets } from "../support/namespaces.ts";
import { serve } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";

const ignore = !await needs("ss") || !await needs("ip") || !await mayMakeNamespaces();

Deno.test({
  name: "interfaces lists what ip lists",
  ignore,
  async fn() {
    await using network = await twoSubnets();
    const { router } = network;
    const theirs = (JSON.parse(await router.run("ip", "-j", "addr")) as {
      ifname: string;
      address: string;
      flags: string[];
      addr_info: { local: string; prefixlen: number }[];
    }[]).filter(({ flags }) => flags.includes("UP")).flatMap(({ ifname, address, addr_info }) =>
      addr_info.map(({ local, prefixlen }) => `${ifname} ${local}/${prefixlen} ${address}`)
    );
    const { code, stdout } = await router.netwright(["interfaces", "--json"]);
    assertEquals(code, 0);
    const ours = stdout.trim().split("\n").map((line) => JSON.parse(line))
      .map(({ name, cidr, mac }) => `${name} ${cidr} ${mac}`);
    // Link-local addresses come up by themselves, a moment later.
    const settled = (lines: string[]): string[] =>
      lines.filter((line) => !line.includes("fe80:")).sort();
    assertEquals(settled(ours), settled(theirs));
    assertEquals(settled(ours).length, 6);
  },
});

/** What `ss` says in words of its own. */
const STATES: Readonly<Record<string, string>> = {
  LISTEN: "listen",
  ESTAB: "established",
  UNCONN: "unconnected",
  "TIME-WAIT": "time-wait",
  "CLOSE-WAIT": "close-wait",
  "FIN-WAIT-2": "fin-wait-2",
};

Deno.test({
  name: "sockets lists what ss lists, with the processes",
  ignore,
  async fn() {
    await using host = await aloneHost();
    const where = { namespace: host.name };
    const folder = await Deno.makeTempDir();
    try {
      await using tcp = await serve(["echo", "--listen", "127.0.0.1:0"], where);
      await using v6 = await serve(["echo", "--listen", "[::1]:0"], where);
      await using udp = await serve(["echo", "--udp", "--listen", "127.0.0.1:0"], where);
      await using unix = await serve(["echo", "--listen", `unix:${folder}/s`], where);
      await using client = await serve(["discard", "--listen", "127.0.0.1:0"], where);
      const ss = await host.run("ss", "-H", "-O", "-t", "-u", "-a", "-n", "-p");
      const theirs = ss.trim().split("\n").map((line) => {
        const [kind, state = "", received, sent, local = "", remote = "", held = ""] = line
          .split(/\s+/);
        const family = local.startsWith("[") ? "6" : "";
        const pids = [...held.matchAll(/pid=(\d+)/g)].map(([, pid]) => pid).join();
        const peer = remote.endsWith(":*") ? "*" : remote;
        // For a listener ss shows its backlog instead.
        const waiting = state === "LISTEN" ? "0 0" : `${received} ${sent}`;
        return `${kind}${family} ${STATES[state] ?? state} ${local} ${peer} ${waiting} ${pids}`;
      });
      const { code, stdout, stderr } = await host.netwright(["sockets", "--json"]);
      assertEquals([code, stderr], [0, ""]);
      const ours = stdout.trim().split("\n").map((line) => JSON.parse(line)).map((socket) => {
        const { protocol, state, local, remote, receiveQueue, sendQueue, processes } = socket;
        const pids = processes.map(({ pid }: { pid: number }) => pid).join();
        return `${protocol} ${state} ${local} ${remote} ${receiveQueue} ${sendQueue} ${pids}`;
      });
      assertEquals(ours.sort(), theirs.sort());
      const servers = [tcp, v6, udp, client];
      for (const { endpoint, child } of servers) {
        const line = ours.find((text) => text.includes(` ${endpoint} `));
        // `ip netns exec` becomes the program: the process is the child itself.
        assertEquals(line?.endsWith(` ${child.pid}`), true, `${endpoint}\n${stdout}`);
      }
      const sockets = await host.netwright(["sockets", "--unix", "--listening"]);
      assertEquals(
        sockets.stdout,
        `unix\tlisten\t${folder}/s\t\t0\t0\tdeno[${unix.child.pid}]\n`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
