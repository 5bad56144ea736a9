/** `netwright ftp get` and `ftp put` as processes: many files, folders, streams. */

import { assertEquals, assertMatch } from "@std/assert";
import { systemNetwork } from "../../../src/net/mod.ts";
import { DiskTree } from "../../../src/stores/mod.ts";
import { Served } from "../../support/ftp_served.ts";
import { netwright, serve, startNetwright } from "../../support/netwright.ts";
import { describeTree, put, TestFolder } from "../../support/trees.ts";

async function started() {
  const folder = await TestFolder.make();
  const root = `${folder.path}/root`;
  for (let n = 0; n < 6; n++) await put(`${root}/sub/f${n}`, `${n}`.repeat(n * 1000));
  await Deno.utime(`${root}/sub`, 1_600_000_000, 1_600_000_000);
  const served = new Served({}, systemNetwork(), new DiskTree(root));
  return {
    root,
    to: `${folder.path}/to`,
    url: (path: string) => `ftp://ann@127.0.0.1:${served.endpoint.port}/${path}`,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const run = (...words: string[]) =>
  netwright(["ftp", ...words], { env: { NETWRIGHT_PASSWORD: "secret" } });

Deno.test("ftp get: many files at once, reported in order; a missing one stops no other", async () => {
  await using server = await started();
  await Deno.mkdir(server.to);
  const urls = ["f1", "none", "f2", "f3", "f4"].map((name) => server.url(`sub/${name}`));
  const { code, stdout, stderr } = await run(
    "get",
    "--parallel",
    "3",
    "--to",
    `${server.to}/`,
    ...urls,
  );
  assertEquals([code, stdout], [4, ""]);
  const lines = stderr.trimEnd().split("\n");
  assertEquals(lines.length, 5);
  assertMatch(lines[1]!, /^netwright: ftp get: .* 550 /);
  assertEquals(lines.toSpliced(1, 1), [1, 2, 3, 4].map((n) => `${server.to}/f${n}: ${n}000 bytes`));
  for (const n of [1, 2, 3, 4]) {
    assertEquals(await Deno.readTextFile(`${server.to}/f${n}`), `${n}`.repeat(n * 1000));
  }
  assertEquals([...Deno.readDirSync(server.to)].length, 4);
});

Deno.test("ftp get --recursive brings folders", async () => {
  await using server = await started();
  await Deno.mkdir(server.to);
  const words = ["get", "--recursive", "--to", `${server.to}/`, server.url("sub/")];
  const { code, stderr } = await run(...words);
  assertEquals([code, stderr], [0, "6 files transferred (15000 bytes), 0 unchanged\n"]);
  assertEquals(await describeTree(`${server.to}/sub`), await describeTree(`${server.root}/sub`));
  const { stdout } = await run(...words, "--permissions");
  assertMatch(
    stdout,
    new RegExp(`^net +127\\.0\\.0\\.1\nread +${server.to}/sub\nwrite +${server.to}/sub\n`),
  );
});

Deno.test("ftp get --to - writes to standard output, and needs no files", async () => {
  await using server = await started();
  const words = ["get", "--to", "-", server.url("sub/f1"), server.url("sub/f2")];
  assertEquals(await run(...words), {
    code: 0,
    stdout: "1".repeat(1000) + "2".repeat(2000),
    stderr: "",
  });
  assertEquals(
    /read|write/.test((await run(...words, "--permissions")).stdout.split("\n\n")[0]!),
    false,
  );
});

Deno.test("ftp get and put keep to their rate limit", async () => {
  await using server = await started();
  await Deno.mkdir(server.to);
  for (
    const words of [
      ["get", "--limit-rate", "10K", "--to", `${server.to}/f5`, server.url("sub/f5")],
      ["put", "--limit-rate", "10K", `${server.root}/sub/f5`, server.url("sub/up")],
    ]
  ) {
    const begun = performance.now();
    const { code, stderr } = await run(...words);
    assertEquals(code, 0, stderr);
    // 5,000 bytes, of which a quarter of a second's share may come at once.
    assertEquals(performance.now() - begun > 200, true);
  }
  assertEquals(await Deno.readTextFile(`${server.root}/sub/up`), "5".repeat(5000));
});

Deno.test("ftp get: wrong input", async () => {
  const CASES: [words: string[], error: RegExp][] = [
    [["ftp://127.0.0.1:1/a/"], /the URL names a folder/],
    [["--recursive", "ftp://127.0.0.1:1/"], /the URL names no folder: say where --to/],
    [["--recursive", "--to", "-", "ftp://127.0.0.1:1/a"], /a folder does not fit in a stream/],
    [["--to", "x", "ftp://127.0.0.1:1/a", "ftp://127.0.0.1:1/b"], /end it with a slash/],
    [["ftp://127.0.0.1:1/a/.."], /it holds \.\./],
  ];
  for (const [words, error] of CASES) {
    const { code, stdout, stderr } = await run("get", ...words);
    assertEquals([code, stdout], [error.source.includes("it holds") ? 1 : 2, ""], stderr);
    assertMatch(stderr, error);
  }
});

Deno.test("what fails is reported by its name", async (t) => {
  await using served = await TestFolder.make();
  await using own = await TestFolder.make();
  await put(`${served.path}/a`, "a");
  await using server = await serve([
    ...["ftp", "--listen", "127.0.0.1:0", "--root", served.path, "--anonymous", "write"],
  ]);
  const url = `ftp://${server.endpoint}`;
  const rows: readonly [words: string[], status: number, stderr: RegExp][] = [
    [["cat", `${url}/a`, `${url}/no ne`.replace(" ", "%20")], 4, /\/no ne: 550 /],
    [["cat", `${url}/none`, `${url}/a`], 4, /\/none: 550 /],
    [["cat", `${url}/none`, `${url}/n2`], 1, /\/none: 550 [^]*\/n2: 550 /],
    [["ls", `${url}/none`, `${url}/`], 4, /\/none: 550 /],
    [["mkdir", `${url}/a`, `${url}/m2`], 4, /\/a: 550 /],
    [["rm", `${url}/none`, `${url}/m2/`], 4, /\/none: 550 /],
    [["put", "nosuch.txt", "README.md", `${url}/`], 4, /nosuch\.txt: no such file/],
    [["rm", `${url}/sub/none`], 1, /\/sub\/none: 550 /],
    [["put", "README.md", `${url}/none/`], 1, /\/none\/(?:README\.md)?: 550 /],
    [["get", `${url}/a`, "--to", `${own.path}/none/`], 1, /\/none: there is no such folder\n$/],
    [["get", `${url}/a`, "d/"], 2, /d\/ is no URL: where files go is named by --to d\/\n$/],
  ];
  for (const [words, status, stderr] of rows) {
    await t.step(words.join(" ").replaceAll(url, ""), async () => {
      const ended = await netwright(["ftp", ...words]);
      assertEquals(ended.code, status, ended.stderr);
      assertMatch(ended.stderr, stderr);
    });
  }
});

Deno.test("Control-C ends ftp get of several files with one line, whatever was under way", async () => {
  await using folder = await TestFolder.make();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `ftp://127.0.0.1:${listener.addr.port}`;
  await using client = startNetwright([
    ...["ftp", "get", "--to", `${folder.path}/`, `${url}/a`, `${url}/b`, `${url}/c`],
  ]);
  // The server says nothing.
  using _connection = await listener.accept();
  assertEquals((await client.stop("SIGINT")).code, 130);
  assertEquals(await client.stderr, "netwright: ftp get: stopped by SIGINT\n");
});
