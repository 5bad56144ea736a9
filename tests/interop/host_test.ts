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

Deno.test({
  name: "interfaces --details lists all links, with flags, MTU, broadcast and peers, as ip does",
  ignore,
  async fn() {
    await using host = await aloneHost();
    await host.run("ip", "link", "add", "bare", "mtu", "1234", "type", "bridge");
    await host.run("ip", "link", "add", "left", "type", "veth", "peer", "name", "right");
    await host.run("ip", "addr", "add", "192.0.2.1/24", "broadcast", "192.0.2.255", "dev", "left");
    await host.run("ip", "addr", "add", "198.51.100.1", "peer", "198.51.100.2", "dev", "right");
    await host.run("ip", "link", "set", "left", "up");
    const theirs = (JSON.parse(await host.run("ip", "-d", "-j", "addr")) as {
      [key: string]: unknown;
      addr_info: {
        local: string;
        prefixlen: number;
        broadcast?: string;
        address?: string;
      }[];
    }[]).map(({ ifindex, ifname, operstate, flags, mtu, address, linkinfo, addr_info }) => ({
      index: ifindex,
      name: ifname,
      kind: (linkinfo as { info_kind?: string } | undefined)?.info_kind,
      state: String(operstate).toLowerCase().replace("lowerlayerdown", "lower layer down"),
      // What ip derives of other things is not a flag.
      flags: (flags as string[]).filter((flag) => flag !== "NO-CARRIER" && flag !== "M-DOWN")
        .sort(),
      mtu,
      mac: address,
      addresses: addr_info.map(({ local, prefixlen, broadcast, address: peer }) => ({
        version: local.includes(":") ? 6 : 4,
        address: local,
        prefixLength: prefixlen,
        ...(broadcast !== undefined && { broadcast }),
        ...(peer !== undefined && { peer }),
      })),
    }));
    const { code, stdout } = await host.netwright(["interfaces", "--details", "--json"]);
    assertEquals(code, 0);
    const ours = stdout.trim().split("\n").map((line) => JSON.parse(line));
    for (const link of ours) link.flags.sort();
    assertEquals(ours, JSON.parse(JSON.stringify(theirs)));
    assertEquals(ours.length >= 4, true);
    const text = await host.netwright(["interfaces", "-d", "bare", "nosuch"]);
    assertEquals(text.code, 1);
    assertEquals(text.stdout.split("\t").slice(0, 4), [
      "bare",
      "down",
      "BROADCAST,MULTICAST",
      "1234",
    ]);
    assertEquals(text.stderr, 'netwright: interfaces: "nosuch" is not there\n');
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
      const sockets = await host.netwright(["sockets", "-xlnp"]);
      const [head, line] = sockets.stdout.split("\n");
      assertEquals(head, "KIND\tSTATE\tLOCAL\tREMOTE\tRECEIVED\tUNSENT\tPROCESS");
      assertEquals(
        line,
        `unix stream\tlisten\t${folder}/s\t\t0\t0\tdeno[${unix.child.pid}]`,
      );
      const plain = await host.netwright(["sockets", "--unix", "--listening", "--no-header"]);
      assertEquals(plain.stdout, `${line}\n`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "a UNIX socket's name makes up no rows and no columns of sockets",
  ignore: ignore || !await needs("perl"),
  async fn() {
    await using host = await aloneHost();
    const names = [
      "\\0a\\n0000000000000000: 00000002 00000000 00010000 0001 01 1 /run/forged.sock",
      "\\0tab\\there",
      "\\0\\e[2J",
    ];
    const script = names.map((name, at) =>
      `socket(S${at},AF_UNIX,SOCK_STREAM,0); bind(S${at},pack_sockaddr_un("${name}"));`
    ).join(" ");
    const child = new Deno.Command("ip", {
      args: [
        "netns",
        "exec",
        host.name,
        "perl",
        "-MSocket",
        "-e",
        `${script} $|=1; print 1; sleep 60`,
      ],
      stdout: "piped",
    }).spawn();
    const output = child.stdout.getReader();
    await output.read();
    try {
      const { stdout } = await host.netwright(["sockets", "-xH"]);
      const rows = stdout.trimEnd().split("\n").map((line) => line.split("\t"));
      assertEquals(rows.every((row) => row.length === 7), true);
      const shown = rows.filter((row) => row[6]!.startsWith("perl")).map((row) => row[2]).sort();
      assertEquals(shown, [
        "@\\x1b[2J",
        "@a\\x0a0000000000000000: 00000002 00000000 00010000 0001 01 1 /run/forged.sock",
        "@tab\\x09here",
      ]);
    } finally {
      child.kill("SIGTERM");
      await output.cancel();
      await child.status;
    }
  },
});
