/** Mirrors of servers that lie. */

import { assertEquals, assertMatch } from "@std/assert";
import { DiskSide, FtpSide, mirror, type MirrorEvent } from "../../src/programs/mirror/mod.ts";
import { MemoryTree, type TreeEntry } from "../../src/stores/mod.ts";
import { Served } from "../support/ftp_served.ts";
import { describeTree, put, TestFolder } from "../support/trees.ts";

const FILE: TreeEntry = { kind: "file", size: 4, modified: new Date(1e12), mode: 0o644 };
const FOLDER: TreeEntry = { ...FILE, kind: "folder", size: 0 };
const LINK: TreeEntry = { ...FILE, kind: "link", size: 0 };

type Listed = readonly (readonly [name: string, entry: TreeEntry])[];

/** A tree with any listing; each file holds "evil", or the given text. */
class LyingTree extends MemoryTree {
  readonly #list: (path: readonly string[]) => Listed;
  readonly #onRead: () => void;
  readonly #content: string;

  constructor(
    list: (path: readonly string[]) => Listed,
    onRead: () => void = () => {},
    content: string = "evil",
  ) {
    super();
    this.#list = list;
    this.#onRead = onRead;
    this.#content = content;
  }

  override list(path: readonly string[]): Promise<(readonly [string, TreeEntry])[]> {
    return Promise.resolve([...this.#list(path)]);
  }

  override stat(path: readonly string[]): Promise<TreeEntry | undefined> {
    if (path.length === 0) return Promise.resolve(FOLDER);
    const found = this.#list(path.slice(0, -1)).find(([name]) => name === path.at(-1));
    return Promise.resolve(found?.[1]);
  }

  override read(): Promise<AsyncIterable<Uint8Array>> {
    this.#onRead();
    const bytes = new TextEncoder().encode(this.#content);
    return Promise.resolve((async function* () {
      yield bytes;
    })());
  }
}

/** Mirrors a lying server into a folder beside a file that must stay unchanged. */
async function attempt(
  list: (path: readonly string[]) => Listed,
  options: { folding?: boolean; portable?: boolean; maxEntries?: number } = {},
) {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/outside/victim`, "untouched");
  const before = await describeTree(`${folder.path}/outside`);
  await using served = new Served({}, undefined, new LyingTree(list));
  const side = new FtpSide("", () => served.connect({}, "ann"));
  const events: MirrorEvent[] = [];
  const target = new DiskSide(`${folder.path}/to`, options);
  const summary = await mirror(side, target, {
    pauseMs: 1,
    tries: 2,
    maxEntries: options.maxEntries,
    onEvent: (event) => events.push(event),
  });
  assertEquals(await describeTree(`${folder.path}/outside`), before);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), [
    "outside",
    "to",
  ]);
  return {
    summary,
    failures: events.filter(({ action }) => action === "fail").map(({ path, reason }) =>
      `${path}: ${reason}`
    ),
    skips: events.filter(({ action }) => action === "skip").map(({ path }) => path),
    tree: (await describeTree(`${folder.path}/to`)).map((line) => line.replace(/" .*/, '"')),
  };
}

const BAD_NAMES = [
  "../outside/victim",
  "../../etc/passwd",
  "/etc/passwd",
  "a/b",
  "a\x1b[2J",
  "x".repeat(300),
];

for (const name of BAD_NAMES) {
  Deno.test(`a file called ${JSON.stringify(name.slice(0, 30))} is refused, the others come`, async () => {
    const { failures, tree } = await attempt((path) =>
      path.length === 0 ? [[name, FILE], ["good", FILE]] : []
    );
    assertEquals(failures.length, 1, failures.join("\n"));
    assertEquals(tree, ['"/good"']);
  });
}

Deno.test("a link and a folder of the same name: nothing is written through the link", async () => {
  for (const target of ["../outside", "/etc", "sub/../../outside"]) {
    const link = { ...LINK, target };
    const { failures, skips, tree } = await attempt((path) =>
      path.length === 0 ? [["x", link], ["x", FOLDER]] : path[0] === "x" ? [["victim", FILE]] : []
    );
    assertEquals(skips, ["x"]);
    assertEquals(failures, ["x: another entry of the folder has the same name here"]);
    assertEquals(tree, []);
  }
});

Deno.test("names that differ by case or normal form only: the second is refused where they fold", async () => {
  const list = (path: readonly string[]): Listed =>
    path.length > 0 ? [] : [["Read", FILE], ["read", FILE], ["é", FILE], ["e\u0301", FILE]];
  for (const options of [{ folding: true }, { portable: true }]) {
    const { failures, tree } = await attempt(list, options);
    assertEquals(failures.length, 2);
    assertMatch(failures[0]!, /^read: another entry of the folder has the same name here$/);
    assertEquals(tree, ['"/Read"', '"/é"']);
  }
  assertEquals((await attempt(list, { folding: false })).tree.length, 4);
});

for (const size of [0, 3, 5, 1e15]) {
  Deno.test(`a file of 4 bytes that is listed with ${size} never appears`, async () => {
    const { summary, failures, tree } = await attempt((path) =>
      path.length === 0 ? [["wrong", { ...FILE, size }], ["good", FILE]] : []
    );
    assertEquals([summary.failed, summary.transferred], [1, 1], failures.join("\n"));
    assertMatch(failures[0]!, /^wrong: .*(?:changes while it is read|\d+ of \d+ bytes came)/);
    assertEquals(tree.filter((line) => !line.includes(".wrong.")), ['"/good"']);
  });
}

Deno.test("folders within folders without end are ended", async () => {
  const deep = await attempt(() => [["d", FOLDER], ["f", FILE]]);
  assertEquals(deep.failures.length, 1);
  assertMatch(deep.failures[0]!, /folders are more than 100 deep$/);
  const wide = await attempt(() => [["a", FOLDER], ["b", FOLDER]], { maxEntries: 2000 });
  assertEquals(wide.summary.failed > 0, true);
  assertEquals(wide.failures.some((text) => /more than 2000 entries/.test(text)), true);
});

Deno.test("a folder with more entries than the limit is one failure", async () => {
  const many: Listed = Array.from({ length: 3000 }, (_, n) => [`f${n}`, FILE] as const);
  const { failures, tree } = await attempt(
    (path) => path.length === 0 ? [["many", FOLDER], ["good", FILE]] : many,
    { maxEntries: 1000 },
  );
  assertEquals(failures.length, 1);
  assertEquals(tree, ['"/good"', '"/many"']);
});

Deno.test("a file that changes while it is read is read again, and fails if it keeps changing", async () => {
  for (const [changes, transferred] of [[1, 1], [Infinity, 0]] as const) {
    let now = 1e12;
    let reads = 0;
    // Larger than one read.
    const content = "busy".repeat(20_000);
    const list = (path: readonly string[]): Listed =>
      path.length > 0 ? [] : [["busy", { ...FILE, size: content.length, modified: new Date(now) }]];
    await using folder = await TestFolder.make();
    const changing = (): void => {
      if (reads++ < changes) now += 60_000;
    };
    const busy = new LyingTree(list, changing, content);
    await using served = new Served({}, undefined, busy);
    const events: MirrorEvent[] = [];
    const side = new FtpSide("", () => served.connect({}, "ann"));
    const { failed, ...summary } = await mirror(side, new DiskSide(folder.path), {
      onEvent: (event) => events.push(event),
    });
    assertEquals([summary.transferred, failed], [transferred, 1 - transferred]);
    assertEquals(reads, transferred === 1 ? 2 : 3);
    const names = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
    assertEquals(names, transferred === 1 ? ["busy"] : []);
    if (failed) assertMatch(events[0]!.reason!, /changes while it is read/);
  }
});

Deno.test("a small file that changes in the moment of its transfer is taken again the next time", async () => {
  let now = 1e12;
  const list = (path: readonly string[]): Listed =>
    path.length > 0 ? [] : [["small", { ...FILE, modified: new Date(now) }]];
  let reads = 0;
  const tree = new LyingTree(list, () => {
    if (reads++ === 0) now += 60_000;
  });
  await using folder = await TestFolder.make();
  await using served = new Served({}, undefined, tree);
  const side = new FtpSide("", () => served.connect({}, "ann"));
  for (const [transferred, modified] of [[1, 1e12], [1, 1e12 + 60_000], [0, 1e12 + 60_000]]) {
    const summary = await mirror(side, new DiskSide(folder.path));
    assertEquals([summary.transferred, summary.failed], [transferred, 0]);
    assertEquals(Deno.statSync(`${folder.path}/small`).mtime?.getTime(), modified);
  }
  assertEquals(reads, 2);
});
