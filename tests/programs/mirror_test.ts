/** Mirrors between folders and our own server. */

import { assertEquals, assertRejects } from "@std/assert";
import {
  DiskSide,
  FtpSide,
  mirror,
  type MirrorEvent,
  type MirrorOptions,
  type MirrorSide,
} from "../../src/programs/mirror/mod.ts";
import { ConnectError, ReplyError } from "../../src/net/mod.ts";
import type { FtpClient } from "../../src/protocols/ftp/mod.ts";
import { DiskTree } from "../../src/stores/mod.ts";
import { Served } from "../support/ftp_served.ts";
import { describeTree, put, TestFolder } from "../support/trees.ts";

const LONG_AGO = 1_600_000_000;

/** A tree with all that is odd. */
async function oddTree(root: string): Promise<void> {
  await put(`${root}/plain.txt`, "plain");
  await put(`${root}/ leading and trailing  `, "spaces");
  await put(`${root}/-rf`, "a dash");
  await put(`${root}/.hidden/..x`, "dots");
  await put(`${root}/q"u'o\`t/es/é ü 日本 -> x`, "quotes");
  await put(`${root}/empty`, "");
  await put(`${root}/a/b/c/deep`, "deep", LONG_AGO - 12_345);
  await Deno.mkdir(`${root}/nothing in it`);
  await Deno.symlink("../plain.txt", `${root}/a/link`);
  await Deno.symlink("a/b", `${root}/link to folder`);
  await Deno.chmod(`${root}/plain.txt`, 0o755);
  await Deno.chmod(`${root}/a/b/c`, 0o750);
  for (const folder of ["a/b/c", "a/b", "a", ".hidden", "nothing in it"]) {
    await Deno.utime(`${root}/${folder}`, LONG_AGO, LONG_AGO);
  }
}

/** A server of a folder, and a side for a folder in it. */
function serve(root: string) {
  const served = new Served({}, undefined, new DiskTree(root));
  return {
    side: (path = "") => new FtpSide(path, () => served.connect({}, "ann")),
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

async function run(source: MirrorSide, target: MirrorSide, options: MirrorOptions = {}) {
  const events: MirrorEvent[] = [];
  const onEvent = (event: MirrorEvent): void => void events.push(event);
  const summary = await mirror(source, target, { pauseMs: 1, onEvent, ...options });
  const reported = events.map(({ stage, action, path, reason }) =>
    `${stage} ${action} ${path}${action === "fail" || action === "skip" ? `: ${reason}` : ""}`
  );
  return { summary, reported };
}

/** What counts as nothing done. */
const NOTHING = {
  transferred: 0,
  bytes: 0,
  folders: 0,
  links: 0,
  settled: 0,
  removed: 0,
  extra: 0,
  skipped: 0,
  failed: 0,
};

for (const parallel of [1, 4]) {
  Deno.test(`mirror() brings an odd tree down and up again, with ${parallel} connections`, async () => {
    await using here = await TestFolder.make();
    await using there = await TestFolder.make();
    await oddTree(`${here.path}/one`);
    await using one = serve(`${here.path}/one`);
    await using two = serve(there.path);
    const down = new DiskSide(`${here.path}/down`);
    const first = await run(one.side(), down, { parallel });
    assertEquals(first.reported.filter((line) => line.includes("fail")), []);
    const whole = await describeTree(`${here.path}/one`);
    assertEquals((await describeTree(`${here.path}/down`)).join("\n"), whole.join("\n"));
    assertEquals([first.summary.transferred, first.summary.links], [7, 2]);
    const again = await run(one.side(), down, { parallel });
    assertEquals({ ...again.summary, unchanged: 0 }, { ...NOTHING, unchanged: 0 });
    assertEquals(again.summary.unchanged, 9);

    const up = await run(down, two.side("in/to"), { parallel });
    assertEquals(up.reported.filter((line) => line.includes("fail")), []);
    assertEquals((await describeTree(`${there.path}/in/to`)).join("\n"), whole.join("\n"));
    const upAgain = await run(down, two.side("in/to"), { parallel });
    assertEquals({ ...upAgain.summary, unchanged: 0 }, { ...NOTHING, unchanged: 0 });
  });
}

Deno.test("mirror() transfers what changed, and removes only when asked to, plan first", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  await oddTree(from);
  await using server = serve(from);
  const target = new DiskSide(to);
  await run(server.side(), target);
  await put(`${from}/plain.txt`, "PLAIN", LONG_AGO + 1);
  await Deno.chmod(`${from}/empty`, 0o600);
  await Deno.remove(`${from}/a/b`, { recursive: true });
  await put(`${to}/mine/own`, "mine");
  await put(`${from}/nothing in it/new`, "new");

  const dry = await run(server.side(), target, { dryRun: true, delete: true });
  assertEquals(dry.reported.sort(), [
    "plan remove a/b",
    "plan remove a/b/c",
    "plan remove a/b/c/deep",
    "plan remove mine",
    "plan remove mine/own",
    "plan settle empty",
    "plan transfer nothing in it/new",
    "plan transfer plain.txt",
  ]);
  const kept = await run(server.side(), target);
  assertEquals([kept.summary.transferred, kept.summary.extra, kept.summary.removed], [2, 2, 0]);
  assertEquals(await Deno.readTextFile(`${to}/mine/own`), "mine");

  const removed = await run(server.side(), target, {
    delete: true,
    excluded: (path) => path === "mine/own",
  });
  assertEquals([removed.summary.transferred, removed.summary.removed], [0, 3]);
  assertEquals(await Deno.readTextFile(`${to}/mine/own`), "mine");
  await run(server.side(), target, { delete: true });
  assertEquals((await describeTree(to)).join("\n"), (await describeTree(from)).join("\n"));
});

Deno.test("mirror() of a folder that is not there makes and removes nothing", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/to/kept`, "kept");
  await using server = serve(folder.path);
  const none = server.side("none");
  await assertRejects(
    () => run(none, new DiskSide(`${folder.path}/to`), { delete: true }),
    ReplyError,
  );
  await assertRejects(
    () => run(none, new DiskSide(`${folder.path}/new`), { delete: true }),
    ReplyError,
  );
  assertEquals(await Deno.readTextFile(`${folder.path}/to/kept`), "kept");
  assertEquals([...Deno.readDirSync(folder.path)].length, 1);
});

Deno.test("mirror() replaces one kind by another only with delete", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  await put(`${from}/x/inner`, "was a file");
  await put(`${from}/y`, "was a folder");
  await put(`${to}/x`, "file");
  await put(`${to}/y/inner`, "folder");
  await using server = serve(from);
  const kept = await run(server.side(), new DiskSide(to));
  assertEquals(kept.summary.failed, 2);
  assertEquals(await Deno.readTextFile(`${to}/y/inner`), "folder");
  const replaced = await run(server.side(), new DiskSide(to), { delete: true });
  assertEquals([replaced.summary.failed, replaced.summary.removed], [0, 3]);
  assertEquals((await describeTree(to)).join("\n"), (await describeTree(from)).join("\n"));
});

Deno.test("mirror() keeps a folder whose place a link cannot take", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  await put(`${to}/d/f`, "precious");
  await put(`${from}/x`, "x");
  await Deno.symlink("x", `${from}/d`);
  const side = new DiskSide(to, { makeLink: () => Promise.resolve(false) });
  const { summary } = await run(new DiskSide(from), side, { delete: true });
  assertEquals([summary.failed, summary.removed], [1, 0]);
  assertEquals(await Deno.readTextFile(`${to}/d/f`), "precious");
});

Deno.test("mirror() plans nothing for the place of a folder with excluded entries", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  await put(`${from}/b`, "file");
  await put(`${to}/b/keep.bak`, "bak");
  await put(`${to}/b/other`, "other");
  const { summary, reported } = await run(new DiskSide(from), new DiskSide(to), {
    delete: true,
    excluded: (path) => path.endsWith(".bak"),
  });
  assertEquals([summary.failed, summary.transferred, summary.removed], [1, 0, 0]);
  assertEquals(reported, ["done fail b: a folder with excluded entries is in the place of it"]);
  assertEquals([...Deno.readDirSync(`${to}/b`)].length, 2);
});

Deno.test("mirror() replaces names that leave no room for more", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  const name = "n".repeat(236);
  await put(`${from}/${name}/inner`, "folder");
  await put(`${to}/${name}`, "file");
  const { summary } = await run(new DiskSide(from), new DiskSide(to), { delete: true });
  assertEquals([summary.failed, summary.removed], [0, 1]);
  assertEquals(await Deno.readTextFile(`${to}/${name}/inner`), "folder");
});

Deno.test("mirror() never writes through a link that is in the target", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  await put(`${from}/sub/file`, "new");
  await put(`${from}/name`, "new");
  await put(`${folder.path}/outside/file`, "untouched");
  await Deno.mkdir(to);
  await Deno.symlink("../outside", `${to}/sub`);
  await Deno.symlink("../outside/file", `${to}/name`);
  await using server = serve(from);
  const { summary } = await run(server.side(), new DiskSide(to));
  assertEquals([summary.failed, summary.transferred], [1, 1]);
  await run(server.side(), new DiskSide(to), { delete: true });
  assertEquals(await Deno.readTextFile(`${folder.path}/outside/file`), "untouched");
  assertEquals((await describeTree(to)).join("\n"), (await describeTree(from)).join("\n"));
});

Deno.test("mirror() by checksum finds what size and time hide", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  await put(`${from}/a`, "one");
  await put(`${to}/a`, "two");
  await using server = serve(from);
  assertEquals((await run(server.side(), new DiskSide(to))).summary.unchanged, 1);
  const { summary } = await run(server.side(), new DiskSide(to), { checksum: true });
  assertEquals(summary.transferred, 1);
  assertEquals(await Deno.readTextFile(`${to}/a`), "one");
});

Deno.test("mirror() writes into read-only folders, and restores their modes", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  await put(`${from}/closed/inner/a`, "a");
  await Deno.chmod(`${from}/closed/inner`, 0o555);
  await Deno.chmod(`${from}/closed`, 0o555);
  await using server = serve(from);
  await run(server.side(), new DiskSide(to));
  await put(`${from}/closed/inner/b`, "b");
  await put(`${from}/closed/new/c`, "c");
  const { summary } = await run(server.side(), new DiskSide(to));
  assertEquals([summary.transferred, summary.folders, summary.failed], [2, 1, 0]);
  assertEquals((await describeTree(to)).join("\n"), (await describeTree(from)).join("\n"));
});

Deno.test("mirror() makes do with as many connections as the server takes", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  for (let n = 0; n < 40; n++) await put(`${from}/f${n}`, `${n}`);
  await using served = new Served({}, undefined, new DiskTree(from));
  let open = 0;
  let refused = 0;
  const side = new FtpSide("", async () => {
    if (open >= 2) {
      refused++;
      throw new ReplyError("421 too many connections", { code: 421 });
    }
    open++;
    return await served.connect({}, "ann");
  });
  const { summary } = await run(side, new DiskSide(to), { parallel: 8 });
  assertEquals([summary.transferred, summary.failed, open], [40, 0, 2]);
  assertEquals(refused > 0, true);
});

Deno.test("mirror() connects again when connections break, and gives up when none can be had", async () => {
  await using folder = await TestFolder.make();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  for (let n = 0; n < 40; n++) await put(`${from}/f${n}`, `${n}`.repeat(1000));
  await using served = new Served({}, undefined, new DiskTree(from));
  const clients: FtpClient[] = [];
  let isDown = false;
  const side = new FtpSide("", async () => {
    if (isDown) throw new ConnectError("refused", { kind: "refused" });
    const client = await served.connect({}, "ann");
    clients.push(client);
    return client;
  });
  let done = 0;
  const breakAt = (count: number) => (): void => {
    if (++done === count) clients.forEach((client) => client.close());
  };
  const { transferred, failed } = await mirror(side, new DiskSide(to), {
    pauseMs: 1,
    onEvent: breakAt(10),
  });
  assertEquals([transferred, failed], [40, 0]);
  assertEquals(clients.length > 4, true);
  await Deno.remove(to, { recursive: true });
  done = 0;
  const error = await mirror(side, new DiskSide(to), {
    pauseMs: 1,
    tries: 3,
    onEvent: () => {
      isDown = true;
      breakAt(10)();
    },
  }).then(() => undefined, (error) => error);
  assertEquals(error instanceof ConnectError, true, String(error));
});
