/** A server as a service of systemd: what it says, and its unit file. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { netwright, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

Deno.test("it says when it serves, reloads, lives and stops", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/notify`;
    const socket = Deno.listenDatagram({ transport: "unixpacket", path });
    const next = async (): Promise<string> => new TextDecoder().decode((await socket.receive())[0]);
    try {
      const env = { NOTIFY_SOCKET: path, WATCHDOG_USEC: "400000" };
      await using server = await serve(["echo", "--listen", "127.0.0.1:0"], { env });
      assertEquals(await next(), "READY=1");
      assertEquals(await next(), "WATCHDOG=1");
      server.child.kill("SIGHUP");
      const seen: string[] = [];
      while (!seen.includes("READY=1")) seen.push(await next());
      const others = seen.filter((text) => text !== "WATCHDOG=1");
      assertMatch(others[0]!, /^RELOADING=1\nMONOTONIC_USEC=\d+$/);
      assertEquals(others.slice(1), ["READY=1"]);
      server.child.kill("SIGTERM");
      let last = "";
      while (!last.startsWith("STOPPING")) last = await next();
      assertEquals(last, "STOPPING=1");
      assertEquals((await server.child.status).code, 0);
    } finally {
      socket.close();
    }
  });
});

Deno.test("it serves although nobody listens there, and no watchdog of another process counts", async () => {
  const env = { NOTIFY_SOCKET: "/none/such", WATCHDOG_USEC: "1000", WATCHDOG_PID: "1" };
  await using server = await serve(["echo", "--listen", "127.0.0.1:0"], { env });
  const { stdout } = await netwright(["echo", server.endpoint, "--message", "hi"]);
  assertEquals(stdout, "hi\n");
  assertEquals((await server.stop("SIGTERM")).code, 0);
});

Deno.test("a unit file holds the command line, quoted, and what the server may write", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a b%c$d`);
    const words = ["--root", `${folder}/a b%c$d`, "--access-log", `${folder}/x.log`, "--daemon"];
    const { code, stdout, stderr } = await netwright([
      ...["serve", "http", "--listen", "127.0.0.1:80", ...words, "--log", "stderr", "--unit"],
    ]);
    assertEquals([code, stderr], [0, ""]);
    const lines = stdout.split("\n");
    const start = lines.find((line) => line.startsWith("ExecStart="))!;
    assert(
      start.endsWith(`--root "${folder}/a b%%c$$d" --access-log ${folder}/x.log --log stderr`),
      start,
    );
    assert(lines.includes(`ReadWritePaths=${folder}`), stdout);
    assert(lines.includes("AmbientCapabilities=CAP_NET_BIND_SERVICE"), stdout);
    assert(lines.includes("Type=notify"), stdout);
    const dropping = await netwright([
      ...["serve", "echo", "--listen", "127.0.0.1:7", "--user", "nobody", "--unit"],
    ]);
    assert(!dropping.stdout.includes("DynamicUser"), dropping.stdout);
    assertMatch(dropping.stdout, /ExecStart=.* serve echo --listen 127\.0\.0\.1:7 --user nobody\n/);
  });
});
