/** `serve --proxy-protocol` behind Debian's haproxy, and asked by curl as if it were a proxy. */

import { getAvailablePort } from "@std/net";
import { assertEquals, assertMatch } from "@std/assert";
import { serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { needs, PATH } from "./peers/needs.ts";
import { run } from "./peers/program.ts";

async function lastLine(file: string, count: number): Promise<string> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    const lines = (await Deno.readTextFile(file)).split("\n").slice(0, -1);
    if (lines.length >= count) return lines.at(-1)!;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the request was not logged");
}

Deno.test({
  name: "haproxy tells who the client is, in both versions; its checks of health are no failures",
  ignore: !await needs("haproxy") || !await needs("curl"),
  fn: () =>
    inFolder(async (folder) => {
      const log = `${folder}/access.log`;
      await Deno.writeTextFile(log, "");
      await using server = await serve([
        ...["http", "--listen", "127.0.0.1:0", "--sample", "5", "--access-log", log],
        ...["--proxy-protocol", "127.0.0.1"],
      ]);
      const ports = { "send-proxy": getAvailablePort(), "send-proxy-v2": getAvailablePort() };
      const listens = Object.entries(ports).map(([how, port]) =>
        `listen ${how}\n mode tcp\n bind 127.0.0.1:${port}\n` +
        ` server one ${server.endpoint} ${how} check inter 100 check-send-proxy\n`
      );
      const config = "defaults\n timeout connect 5s\n timeout client 5s\n timeout server 5s\n" +
        listens.join("");
      await Deno.writeTextFile(`${folder}/haproxy.cfg`, config);
      const proxy = new Deno.Command("haproxy", {
        args: ["-db", "-f", `${folder}/haproxy.cfg`],
        env: { PATH },
        stdout: "null",
        stderr: "null",
      }).spawn();
      try {
        let count = 0;
        for (const port of Object.values(ports)) {
          const url = `http://127.0.0.1:${port}/x`;
          const body = await run("curl", [
            ...["-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1"],
            ...["--interface", "127.0.0.5", url],
          ]);
          assertEquals(body, "xxxxx");
          assertMatch(
            await lastLine(log, ++count),
            /^127\.0\.0\.5 - - .*"GET \/x HTTP\/1\.1" 200 5/,
          );
        }
        const direct = await run("curl", [
          ...["-sS", "--haproxy-protocol", `http://${server.endpoint}/y`],
        ]);
        assertEquals(direct, "xxxxx");
        assertMatch(await lastLine(log, ++count), /^127\.0\.0\.1 - - .*"GET \/y/);
      } finally {
        proxy.kill("SIGTERM");
        await proxy.status;
      }
      assertEquals((await server.stop("SIGTERM")).code, 0);
      const events = (await server.stderr).split("\n");
      assertEquals(events.filter((line) => / failed /.test(line)), []);
    }),
});
