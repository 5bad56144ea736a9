/** Every command through the executable that `deno task compile` made, sandboxed and without a sandbox. */

import { assertEquals, assertMatch } from "@std/assert";
import { ENDLESS, ROWS, tableServers } from "../support/command_table.ts";
import { runtimeWarning } from "../../src/cli/version.ts";
import { EXECUTABLE, runtimeOf, testBinary } from "../support/executable.ts";
import { netwright } from "../support/netwright.ts";
import { serveUntilSignals } from "../support/serve_until_signals.ts";
import { TestFolder } from "../support/trees.ts";

const executable = EXECUTABLE;

testBinary("each command runs through the executable", async (t) => {
  await using servers = await tableServers({ executable });
  for (const [name, row] of Object.entries(ROWS)) {
    if (ENDLESS.has(name)) continue;
    for (const extra of [[], ["--no-sandbox"]]) {
      await t.step([name, ...extra].join(" "), async () => {
        const { code, stdout, stderr } = await netwright([...extra, ...servers.words(row)], {
          executable,
          stdin: row.stdin ?? "",
        });
        assertEquals(code, 0, stderr);
        assertMatch(stdout, row.stdout);
        assertMatch(stderr, row.stderr ?? /^$/);
      });
    }
  }
});

testBinary("serve runs through the executable until it is ended", async () => {
  await serveUntilSignals(ROWS.serve!.words, { executable });
  await serveUntilSignals([...ROWS.serve!.words, "--no-sandbox"], { executable });
});

testBinary("the whole tour runs through the executable", async () => {
  const { code, stdout, stderr } = await netwright(["tour"], { executable });
  assertEquals(code, 0, stderr);
  const [, passed, all] = /\n(\d+) of (\d+) rows passed\n$/.exec(stdout) ?? [];
  assertEquals(passed, all, stdout);
});

testBinary("a command without its own permissions reaches nothing else, compiled too", async () => {
  const { code, stdout } = await netwright(["tour", "S.1"], { executable });
  assertEquals(code, 0);
  assertMatch(stdout, /hostile code in the sandbox reaches its one host and nothing else/);
});

testBinary(
  "its code is in the executable alone: nothing is kept where others might change it",
  async () => {
    await using folder = await TestFolder.make();
    const { path } = folder;
    const { code, stderr } = await netwright(["service", "smtp"], {
      executable,
      env: { TMPDIR: path, HOME: path, XDG_CACHE_HOME: path, DENO_DIR: path },
    });
    assertEquals(code, 0, stderr);
    assertEquals([...Deno.readDirSync(path)].map(({ name }) => name), []);
  },
);

testBinary("looking a name up for its permissions says nothing beside them", async () => {
  const words = ["ftp", "ls", "--permissions", "ftp://localhost/"];
  const { code, stdout, stderr } = await netwright(words, { executable });
  // An older runtime is reported, and nothing else.
  const warning = runtimeWarning(runtimeOf(executable), true);
  assertEquals([code, stderr], [0, warning === undefined ? "" : `netwright: ${warning}\n`]);
  assertMatch(stdout, /^net {3}localhost .*127\.0\.0\.1/);
});
