/** `netwright ftp copy` as a process: by here, and from server to server. */

import { assertEquals, assertMatch } from "@std/assert";
import { systemNetwork } from "../../../src/net/mod.ts";
import { Served } from "../../support/ftp_served.ts";
import { netwright } from "../../support/netwright.ts";

Deno.test("ftp copy brings a file from one server to another, whole or not at all", async (t) => {
  await using source = new Served({}, systemNetwork());
  await using target = new Served({}, systemNetwork());
  const content = new TextEncoder().encode("x".repeat(300_000));
  await source.tree.write(["a"], ReadableStream.from([content]));
  await source.tree.setModified(["a"], new Date("2020-02-03T04:05:06Z"));
  await target.tree.makeFolder(["in"]);
  const url = (served: Served, path: string) =>
    `ftp://ann@127.0.0.1:${served.endpoint.port}/${path}`;
  const run = (...words: string[]) =>
    netwright(["ftp", "copy", ...words], { env: { NETWRIGHT_PASSWORD: "secret" } });
  for (const direct of [[], ["--direct"]]) {
    await t.step(direct[0] ?? "by here", async () => {
      const result = await run(...direct, url(source, "a"), url(target, "in/"));
      assertEquals(result, { code: 0, stdout: "", stderr: "in/a: 300000 bytes\n" });
      const { size, modified } = (await target.tree.stat(["in", "a"]))!;
      assertEquals([size, modified?.toISOString()], [300_000, "2020-02-03T04:05:06.000Z"]);
    });
    await t.step(`${direct[0] ?? "by here"}, on one server`, async () => {
      const { code, stdout } = await run(...direct, "--json", url(source, "a"), url(source, "b"));
      assertEquals([code, stdout], [0, '{"path":"b","bytes":300000}\n']);
    });
    await t.step(`${direct[0] ?? "by here"}, a missing file`, async () => {
      const { code, stderr } = await run(...direct, url(source, "none"), url(target, "in/none"));
      assertEquals(code, 1);
      assertMatch(stderr, /^netwright: ftp copy: 127\.0\.0\.1:\d+\/none: 550 .*\n$/);
    });
  }
  const names = (await target.tree.list(["in"])).map(([name]) => name);
  assertEquals(names, ["a"]);
  await t.step("a folder of that name stays, and nothing is left beside it", async () => {
    for (
      const words of [
        ["copy", url(source, "a"), url(target, "in")],
        ["put", new URL(import.meta.url).pathname, url(target, "in")],
      ]
    ) {
      const { code, stderr } = await netwright(["ftp", ...words], {
        env: { NETWRIGHT_PASSWORD: "secret" },
      });
      assertEquals(code, 1);
      assertMatch(stderr, /\(a folder has that name; a slash behind it stores into it\)\n$/);
      assertEquals((await target.tree.list([])).map(([name]) => name), ["in"]);
      assertEquals((await target.tree.list(["in"])).map(([name]) => name), ["a"]);
    }
  });
  await t.step("no file in the URL", async () => {
    const { code } = await run(url(source, ""), url(target, "x"));
    assertEquals(code, 2);
  });
});
