/** Servers on UNIX sockets: files that the dead have left, and files of the living. */

import { assertEquals, assertMatch } from "@std/assert";
import { netwright, serve } from "../../support/netwright.ts";
import { TestFolder } from "../../support/trees.ts";

for (const udp of [[], ["--udp"]]) {
  Deno.test({
    name: `serve on a UNIX socket${
      udp.length > 0 ? " for datagrams" : ""
    }: stale files go, live ones stay`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using folder = await TestFolder.make();
      const path = `${folder.path}/echo.sock`;
      const words = ["echo", ...udp, "--listen", `unix:${path}`];
      const first = await serve(words);
      first.child.kill("SIGKILL");
      await first.child.status;
      await first[Symbol.asyncDispose]();
      assertEquals((await Deno.lstat(path)).isSocket, true);
      {
        await using _second = await serve([...words, "--socket-mode", "600"]);
        assertEquals((await Deno.lstat(path)).mode! & 0o777, 0o600);
        const third = await netwright(["serve", ...words]);
        assertEquals([third.code, third.stdout], [1, ""]);
        assertMatch(third.stderr, /another program listens there/);
        if (udp.length === 0) {
          const { code, stdout } = await netwright(["gab", `unix:${path}`], { stdin: "hello\n" });
          assertEquals([code, stdout], [0, "hello\n"]);
        }
      }
      // Who ends in order takes the file away.
      const ended = await serve(words);
      assertEquals((await ended.stop("SIGTERM")).code, 0);
      await ended[Symbol.asyncDispose]();
      assertEquals(await Deno.lstat(path).catch((error) => error.name), "NotFound");
      await Deno.writeTextFile(path, "precious");
      const refused = await netwright(["serve", ...words]);
      assertEquals(refused.code, 1);
      assertMatch(refused.stderr, /the file is not a socket/);
      assertEquals(await Deno.readTextFile(path), "precious");
    },
  });
}

Deno.test("--socket-mode and --socket-owner are for UNIX sockets, and name their values", async () => {
  const cases: readonly (readonly [words: readonly string[], message: RegExp])[] = [
    [["--listen", "127.0.0.1:0", "--socket-mode", "600"], /only UNIX sockets/],
    [["--listen", "unix:/tmp/netwright-none", "--socket-mode", "rw"], /octal digits/],
    [["--listen", "unix:/tmp/netwright-none", "--socket-owner", "root"], /UID:GID/],
  ];
  for (const [words, message] of cases) {
    const { code, stderr } = await netwright(["serve", "echo", ...words]);
    assertEquals(code, 2);
    assertMatch(stderr, message);
  }
});
