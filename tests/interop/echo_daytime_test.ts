/** Our echo and daytime against Debian's xinetd; socat against ours. */

import { assertEquals, assertMatch } from "@std/assert";
import { netwright, serve } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";
import { startXinetd } from "./peers/xinetd.ts";

Deno.test({
  name: "our echo and daytime talk to xinetd over TCP and UDP",
  ignore: !await needs("xinetd"),
  async fn() {
    await using peer = await startXinetd();
    const echo = `127.0.0.1:${peer.ports.echo}`;
    const daytime = `127.0.0.1:${peer.ports.daytime}`;
    for (const udp of [[], ["--udp"]]) {
      const back = await netwright(["echo", echo, ...udp], { stdin: "one\ntwo\n" });
      assertEquals([back.code, back.stdout], [0, "one\ntwo\n"], back.stderr);
      const time = await netwright(["daytime", daytime, ...udp]);
      assertEquals(time.code, 0, time.stderr);
      assertMatch(time.stdout, /^\d\d [A-Z]{3} \d{4} \d\d:\d\d:\d\d [A-Z]+\n$/);
    }
    const large = await netwright(["echo", echo, "--size", "1000000", "--count", "3"]);
    assertMatch(large.stderr, /3000000 bytes sent, 3000000 received/);
  },
});

Deno.test({
  name: "socat talks to our echo over TCP and UDP",
  ignore: !await needs("socat"),
  async fn() {
    for (const [kind, flags] of [["TCP", []], ["UDP", ["--udp"]]] as const) {
      await using server = await serve(["echo", "--listen", "127.0.0.1:0", ...flags]);
      const socat = new Deno.Command("socat", {
        args: ["-t", "5", "-", `${kind}:${server.endpoint}`],
        stdin: "piped",
        stdout: "piped",
        signal: AbortSignal.timeout(20_000),
      }).spawn();
      const writer = socat.stdin.getWriter();
      await writer.write(new TextEncoder().encode("hello\n"));
      const reader = socat.stdout.getReader();
      const { value } = await reader.read();
      assertEquals(new TextDecoder().decode(value), "hello\n");
      await writer.close();
      await reader.cancel();
      await socat.status;
    }
  },
});
