/** Files that the user names for `http robot`: nothing of his is lost, and they serve from anywhere. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Ended, netwright } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";
import { withSite } from "../../support/web_site.ts";

function robot(...words: readonly string[]): Promise<Ended> {
  return netwright(["http", "robot", ...words]);
}

Deno.test("one file for two purposes is refused, in whatever spelling", async (t) => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeTextFile(`${folder}/a.md`, "# A\n");
    await Deno.writeTextFile(`${folder}/there`, "kept");
    await Deno.symlink("sub", `${folder}/link`);
    await Deno.symlink("there", `${folder}/other`);
    await Deno.symlink("not-yet", `${folder}/early`);
    const rows: readonly (readonly [one: string, other: string])[] = [
      ["--html x", "--junit x"],
      ["--html x", "--state ./x"],
      ["--html x", `--state ${folder}/x`],
      ["--html sub/../x", "--state x"],
      ["--html link/x", "--state sub/x"],
      ["--html there", "--state other"],
      ["--html early", "--state not-yet"],
      ["--html x-wal", "--state x"],
      ["--html .x.part", "--junit x"],
      ["--cookies x", "--html ./x"],
      ["--baseline ./x", "--html x"],
      ["--baseline ./x", "--state x"],
      ["--token-file x", "--html ./x"],
      ["--netrc x", "--junit x"],
      ["--ca x", "--write-baseline ./x"],
      ["--state other", "--html there-wal"],
    ];
    for (const [one, other] of rows) {
      await t.step(`${one} ${other}`, async () => {
        const words = ["http", "robot", "a.md", ...`${one} ${other}`.split(" ")];
        const { code, stderr } = await netwright(words, { cwd: folder });
        assertEquals(code, 2, stderr);
        assertMatch(stderr, /one file for two purposes: \S+ \(--[\w-]+ and --[\w-]+\)\n$/);
      });
    }
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, ["a.md", "early", "link", "other", "sub", "there"]);
    assertEquals(await Deno.readTextFile(`${folder}/there`), "kept");
  });
});

Deno.test("a report replaces no file of the folder that is checked, except an earlier report", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/index.html`, "<h1>Home</h1><a href=none.html>n</a>");
    await Deno.writeTextFile(`${folder}/other.md`, "# Other\n");
    for (const [option, name] of [["html", "index.html"], ["junit", "other.md"]] as const) {
      const { code, stderr } = await robot(folder, `--${option}`, `${folder}/${name}`);
      assertEquals(code, 2, stderr);
      assertMatch(stderr, /no report replaces a file of the folder that is checked\n$/);
    }
    assertMatch(await Deno.readTextFile(`${folder}/index.html`), /^<h1>Home/);
    const names = ["report.html", "j.xml", "known.jsonl"].map((name) => `${folder}/${name}`);
    const [html = "", junit = "", known = ""] = names;
    const reports = ["--html", html, "--junit", junit, "--write-baseline", known];
    const runs = [await robot(folder, ...reports), await robot(folder, ...reports)];
    for (const { code, stdout, stderr } of runs) {
      assertEquals(code, 4, stderr);
      assertMatch(stdout, /^error\tdead\t\S+none\.html\t[^\n]*index\.html\n$/);
      assertMatch(stderr, /^3 URLs in /);
    }
  });
});

Deno.test("a baseline of local files holds for any working folder and way to name them", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/my docs/sub`, { recursive: true });
    await Deno.mkdir(`${folder}/ci`);
    await Deno.writeTextFile(`${folder}/my docs/a b#.md`, "# A\n[n](none.md) [s](sub/c.md#x)\n");
    await Deno.writeTextFile(`${folder}/my docs/sub/c.md`, "# C\n[n](../é.md) [e](mailto:x)\n");
    const known = `${folder}/ci/known.jsonl`;
    const first = await robot(`${folder}/my docs`, "--internal", "--write-baseline", known);
    assertEquals(first.code, 4);
    const urls = (await Deno.readTextFile(known)).trim().split("\n").slice(1)
      .map((line) => JSON.parse(line).url);
    assertEquals(urls, [
      "../my%20docs/%C3%A9.md",
      "../my%20docs/none.md",
      "../my%20docs/sub/c.md#x",
    ]);
    const rows: readonly (readonly [cwd: string, ...words: string[]])[] = [
      [".", "my docs", "--baseline", "ci/known.jsonl"],
      ["my docs", ".", "--baseline", "../ci/known.jsonl"],
      ["ci", "../my docs/", "--baseline", "known.jsonl"],
      ["ci", "..", "--baseline", known],
      [".", "my docs/a b#.md", "my docs/sub", "--baseline", "./ci/../ci/known.jsonl"],
    ];
    for (const [cwd, ...words] of rows) {
      const { code, stdout, stderr } = await netwright(["http", "robot", "--internal", ...words], {
        cwd: `${folder}/${cwd}`,
      });
      assertEquals([code, stdout], [0, ""], `${cwd}: ${words.join(" ")}: ${stderr}`);
      assertMatch(stderr, /, 3 known\n$/);
      assert(!stderr.includes("no longer"), stderr);
    }
    const moved = await netwright(
      ["http", "robot", "--internal", "my docs/sub", "--baseline", "ci/known.jsonl"],
      { cwd: folder },
    );
    assertMatch(moved.stderr, /^no longer found: dead my docs\/none\.md\n/m);
  });
});

Deno.test("the state keeps away from files of others, and from pages", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.md`, "# A\n");
    for (const suffix of ["wal", "shm", "journal"]) {
      await Deno.writeTextFile(`${folder}/${suffix}-${suffix}`, "kept");
      const { code, stderr } = await robot(`${folder}/a.md`, "--state", `${folder}/${suffix}`);
      assertEquals(code, 2, stderr);
      assertMatch(stderr, /is there without \S+: choose another name/);
      assertEquals(await Deno.readTextFile(`${folder}/${suffix}-${suffix}`), "kept");
    }
    await Deno.writeTextFile(`${folder}/empty.md`, "");
    const page = await robot(folder, "--state", `${folder}/empty.md`);
    assertEquals(page.code, 2);
    assertMatch(page.stderr, /empty\.md is the name of a document/);
  });
});

Deno.test("a page about this program is no report, and a new baseline may be spelled twice", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/how.md`, "# How we run netwright http robot\n");
    await Deno.writeTextFile(`${folder}/a.md`, "[n](none.md)\n");
    const { code, stderr } = await robot(folder, "--html", `${folder}/how.md`);
    assertEquals(code, 2, stderr);
    assertMatch(await Deno.readTextFile(`${folder}/how.md`), /^# How/);
    const words = ["http", "robot", "a.md", "--baseline", "b", "--write-baseline", "./b"];
    for (const expected of [4, 0]) {
      assertEquals((await netwright(words, { cwd: folder })).code, expected);
    }
  });
});

Deno.test("links to names that only a private network has are dead, and end nothing", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/a.md`,
      "[t](http://test/) [e](http://example/) [n](none.md)\n",
    );
    const { code, stdout } = await robot(folder, "--max-time", "5");
    assertEquals(code, 4);
    assertMatch(stdout, /^error\tdead\t\S+none\.md/m);
    assertMatch(stdout, /http:\/\/test\//);
  });
});

Deno.test("two runs with one state at the same time: the second is refused", async () => {
  const asked = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  await withSite(async (_, { pathname }) => {
    if (pathname === "/robots.txt") return new Response("none", { status: 404 });
    asked.resolve();
    await ended.promise;
    return new Response("x");
  }, (site) =>
    inFolder(async (folder) => {
      const words = ["http", "robot", site, "--state", `${folder}/state`];
      const first = netwright(words);
      await asked.promise;
      const second = await netwright(words);
      assertEquals(second.code, 1);
      assertMatch(second.stderr, /in use by another run/);
      ended.resolve();
      assertEquals((await first).code, 0);
    }));
});
