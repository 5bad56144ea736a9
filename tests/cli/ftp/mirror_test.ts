/** `netwright ftp mirror` as a process. */

import { assertEquals, assertMatch } from "@std/assert";
import { CapabilityError, InjectionError, systemNetwork } from "../../../src/net/mod.ts";
import { LauncherBroker } from "../../../src/cli/sandbox/launcher_broker.ts";
import { NO_BROKER } from "../../../src/cli/command/broker.ts";
import { DiskTree } from "../../../src/stores/mod.ts";
import { Served } from "../../support/ftp_served.ts";
import { netwright } from "../../support/netwright.ts";
import { describeTree, put, TestFolder } from "../../support/trees.ts";

async function tree(root: string): Promise<void> {
  await put(`${root}/a/file`, "one");
  await put(`${root}/b.log`, "two");
  await put(`${root}/.git/config`, "three");
  await Deno.symlink("../b.log", `${root}/a/link`);
  await Deno.utime(`${root}/a`, 1_600_000_000, 1_600_000_000);
  await Deno.utime(`${root}/.git`, 1_600_000_000, 1_600_000_000);
}

/** A server of a tree; nothing of it is secret. */
function serve(root: string) {
  const served = new Served({}, systemNetwork(), new DiskTree(root));
  return {
    url: (path: string) => `ftp://ann@127.0.0.1:${served.endpoint.port}/${path}`,
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

const run = (...words: string[]) =>
  netwright(["ftp", "mirror", ...words], { env: { NETWRIGHT_PASSWORD: "secret" } });

Deno.test("ftp mirror: down, again, up, with links", async () => {
  await using folder = await TestFolder.make();
  await tree(`${folder.path}/from`);
  await using server = serve(folder.path);
  const first = await run(server.url("from"), `${folder.path}/to`);
  assertEquals(first, {
    code: 0,
    stdout: "",
    stderr: "3 files transferred (11 bytes), 0 unchanged\n",
  });
  const whole = await describeTree(`${folder.path}/from`);
  assertEquals(await describeTree(`${folder.path}/to`), whole);
  const again = await run(server.url("from"), `${folder.path}/to`);
  assertEquals([again.code, again.stderr], [0, "0 files transferred (0 bytes), 4 unchanged\n"]);
  const up = await run("--upload", server.url("up/there"), `${folder.path}/to`);
  assertEquals([up.code, up.stderr], [0, "3 files transferred (11 bytes), 0 unchanged\n"]);
  assertEquals(await describeTree(`${folder.path}/up/there`), whole);
});

Deno.test("ftp mirror: dry run, choice, delete, events", async () => {
  await using folder = await TestFolder.make();
  await tree(`${folder.path}/from`);
  await using server = serve(`${folder.path}/from`);
  const to = `${folder.path}/to`;
  await put(`${to}/mine`, "mine");
  const choice = ["--exclude", ".git/", "--exclude", "*.log"];
  const dry = await run("--dry-run", "--delete", ...choice, server.url(""), to);
  assertEquals(dry.code, 0, dry.stderr);
  assertEquals(dry.stdout.split("\n").sort(), [
    "",
    "make folder: a",
    "make link: a/link: to ../b.log",
    "remove: mine",
    "transfer: a/file (3 bytes): new",
  ]);
  assertEquals([...Deno.readDirSync(to)].length, 1);
  const { code, stdout } = await run("--json", "--delete", ...choice, server.url(""), to);
  assertEquals(code, 0);
  const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(events[0], { stage: "plan", action: "remove", path: "mine" });
  assertEquals(events.at(-1).summary.removed, 1);
  assertEquals([...Deno.readDirSync(to)].map(({ name }) => name), ["a"]);
  const small = await run("--include", "*.log", "--max-size", "2", server.url(""), to);
  assertMatch(small.stderr, /^0 files transferred/);
});

Deno.test("ftp mirror: what fails is reported, the rest comes, the status is 4", async () => {
  await using folder = await TestFolder.make();
  await tree(`${folder.path}/from`);
  await using server = serve(`${folder.path}/from`);
  const to = `${folder.path}/to`;
  await put(`${to}/b.log/in the way`, "x");
  const { code, stderr } = await run(server.url(""), to);
  assertEquals(code, 4);
  assertEquals(
    stderr,
    "fail: b.log: a folder is in the place of a file; --delete would remove it\n" +
      "2 files transferred (8 bytes), 0 unchanged, 1 failed\n",
  );
  const none = await run(server.url("none"), to);
  assertEquals([none.code, none.stdout], [1, ""]);
  assertMatch(none.stderr, /^netwright: ftp mirror: 127\.0\.0\.1:\d+: 550 .*\n$/);
});

Deno.test("ftp mirror: wrong input", async () => {
  const CASES: [words: string[], error: RegExp][] = [
    [["ftp://127.0.0.1/"], /DIR is missing/],
    [["x", "--parallel", "0", "y"], /--parallel takes a whole number, 1 to 64/],
    [["ftp://127.0.0.1:1/", "/tmp/x", "--max-size", "big"], /--max-size takes an amount/],
    [["ftp://127.0.0.1:1/", "/tmp/x", "--newer-than", "then"], /--newer-than takes a date/],
    [["http://127.0.0.1:1/", "/tmp/x"], /scheme|ftp/],
  ];
  for (const [words, error] of CASES) {
    const { code, stdout, stderr } = await run(...words);
    assertEquals([code, stdout], [2, ""], stderr);
    assertMatch(stderr, error);
  }
});

Deno.test("LauncherBroker.makeLink() makes links in declared folders only, and none that leads outside", async () => {
  await using folder = await TestFolder.make();
  const root = folder.path;
  using broker = new LauncherBroker({ ...NO_BROKER, links: [root] });
  await broker.makeLink({ root, path: ["link"], target: "file" });
  assertEquals(await Deno.readLink(`${root}/link`), "file");
  const failures: [order: Parameters<LauncherBroker["makeLink"]>[0], error: unknown][] = [
    [{ root: "/tmp", path: ["x"], target: "y" }, CapabilityError],
    [{ root, path: ["x"], target: "/etc/passwd" }, InjectionError],
    [{ root, path: ["x"], target: "../y" }, InjectionError],
    [{ root, path: ["..", "x"], target: "y" }, InjectionError],
    [{ root, path: ["link", "x"], target: "y" }, InjectionError],
  ];
  for (const [order, expected] of failures) {
    const error = await broker.makeLink(order).then(() => undefined, (error) => error);
    assertEquals(error?.constructor, expected, JSON.stringify(order));
  }
});
