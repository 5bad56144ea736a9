import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  MemoryNews,
  type NewArticle,
  type NewsStore,
  NewsStoreError,
  SpoolNews,
} from "../../../src/stores/mod.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function textOf(pieces: AsyncIterable<Uint8Array> | undefined): Promise<string | undefined> {
  if (pieces === undefined) return undefined;
  const text = await new Response(ReadableStream.from(pieces)).text();
  return text.replaceAll("\r\n", "\n");
}

function article(id: string, options: Partial<NewArticle> & { text?: string } = {}): NewArticle {
  const { text = "Hello\r\n", ...rest } = options;
  return {
    messageId: `<${id}@a.example>`,
    groups: ["local.test"],
    header: encode(`Subject: ${id}\r\nMessage-ID: <${id}@a.example>\r\n`),
    body: ReadableStream.from([encode(text)]),
    overview: encode(`${id}\tann@a.example\tFri, 19 Nov 1993 00:00:00 GMT\t<${id}@a.example>\t`),
    ...rest,
  };
}

const ALL = { first: 1, last: 1_000_000 };

/** Runs a test with either kind of store. */
function forEachStore(
  name: string,
  run: (store: NewsStore, clock: { now: Date }, folder?: string) => Promise<void>,
): void {
  const start = () => ({ now: new Date("2026-01-01T00:00:00Z") });
  Deno.test(`${name}, in memory`, async () => {
    const clock = start();
    await run(new MemoryNews({ name: "news.example", now: () => clock.now }), clock);
  });
  Deno.test(`${name}, in a spool`, async () => {
    const folder = await Deno.makeTempDir();
    const clock = start();
    try {
      const options = { name: "news.example", now: () => clock.now };
      await run(await SpoolNews.open(folder, options), clock, folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

forEachStore("an article is in all of its groups, with its size and lines", async (store) => {
  await store.setGroup({ name: "local.test", description: "Tests" });
  await store.setGroup({ name: "local.other" });
  await store.add(article("1"));
  const stored = await store.add(
    article("2", { groups: ["local.other", "local.test", "local.test"], text: "a\r\nb\r\n" }),
  );
  assertEquals([...stored.places], [["local.other", 1], ["local.test", 2]]);
  const xref = "news.example local.other:1 local.test:2";
  assertEquals(
    await textOf(await store.read("local.test", 2)),
    `Subject: 2\nMessage-ID: <2@a.example>\nXref: ${xref}\n\na\nb\n`,
  );
  const size = `Subject: 2__Message-ID: <2@a.example>__Xref: ${xref}____a__b__`.length;
  assertEquals(
    await textOf(await store.overview("local.test", { first: 2, last: 9 })),
    `2\t2\tann@a.example\tFri, 19 Nov 1993 00:00:00 GMT\t<2@a.example>\t\t${size}\t2\tXref: ${xref}\n`,
  );
  const { low, high, count, description } = (await store.group("local.test"))!;
  assertEquals([low, high, count, description], [1, 2, 2, "Tests"]);
  assertEquals((await store.groups()).map(({ name }) => name), ["local.other", "local.test"]);
});

forEachStore("an identifier is never taken twice, also after removal", async (store) => {
  await store.setGroup({ name: "local.test" });
  await store.add(article("1"));
  const again = () => store.add(article("1"));
  assertEquals((await assertRejects(again, NewsStoreError)).kind, "duplicate");
  assertEquals(await store.remove(["<1@a.example>", "<9@a.example>"]), 1);
  assertEquals((await assertRejects(again, NewsStoreError)).kind, "duplicate");
  assertEquals((await store.find("<1@a.example>"))!.places.size, 0);
  assertEquals(await store.find("<9@a.example>"), undefined);
});

forEachStore("numbers are never given twice, and water marks never go down", async (store) => {
  await store.setGroup({ name: "local.test" });
  for (const id of ["1", "2", "3"]) await store.add(article(id));
  await store.remove(["<3@a.example>"]);
  let group = (await store.group("local.test"))!;
  assertEquals([group.low, group.high, group.count], [1, 3, 2]);
  await store.remove(["<1@a.example>", "<2@a.example>"]);
  group = (await store.group("local.test"))!;
  assertEquals([group.low, group.high, group.count], [4, 3, 0]);
  assertEquals(await store.overview("local.test", ALL), undefined);
  assertEquals([...(await store.add(article("4"))).places.values()], [4]);
  assertEquals(await store.numbers("local.test", ALL), [4]);
});

forEachStore("expiry keeps an article as long as one of its groups does", async (store, clock) => {
  const day = 86_400_000;
  await store.setGroup({ name: "local.test" });
  await store.setGroup({ name: "local.long" });
  await store.add(article("1"));
  await store.add(article("2", { groups: ["local.test", "local.long"] }));
  clock.now = new Date(clock.now.getTime() + 5 * day);
  await store.add(article("3"));
  const keep = (group: string) => group === "local.long" ? 9 * day : 3 * day;
  assertEquals(await store.expire(keep, 7 * day), 1);
  assertEquals(await store.numbers("local.test", ALL), [2, 3]);
  assert(await store.find("<1@a.example>") !== undefined);
  clock.now = new Date(clock.now.getTime() + 5 * day);
  assertEquals(await store.expire(keep, 7 * day), 2);
  assertEquals(await store.find("<1@a.example>"), undefined);
  assertEquals((await store.since(new Date(0))).length, 0);
});

forEachStore("an article supersedes another at the same moment", async (store, clock) => {
  await store.setGroup({ name: "local.test" });
  await store.add(article("1"));
  clock.now = new Date(clock.now.getTime() + 1000);
  await store.add(article("2", { removes: ["<1@a.example>"] }));
  assertEquals(await store.numbers("local.test", ALL), [2]);
  const later = await store.since(clock.now);
  assertEquals(later.map(({ messageId }) => messageId), ["<2@a.example>"]);
});

forEachStore("a body that breaks off leaves nothing", async (store, _, folder) => {
  await store.setGroup({ name: "local.test" });
  const body = async function* () {
    for (let piece = 0; piece < 10; piece++) yield new Uint8Array(100_000).fill(97);
    throw new Error("cut off");
  };
  await assertRejects(() => store.add(article("1", { body: body() })), Error, "cut off");
  assertEquals((await store.group("local.test"))!.high, 0);
  if (folder !== undefined) assertEquals([...Deno.readDirSync(`${folder}/incoming`)], []);
  await store.add(article("1"));
});

forEachStore("names that would lead out of the spool are refused", async (store) => {
  for (const name of ["..", "a..b", "a/b", "local.123", "", "a b", ".a", "control", "x.all"]) {
    await assertRejects(() => store.setGroup({ name }), NewsStoreError, "no group can be called");
  }
});

Deno.test("processes that share a spool see each other's articles, and never number twice", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [one, other] = [await SpoolNews.open(folder), await SpoolNews.open(folder)];
    await one.setGroup({ name: "local.test" });
    const ids = Array.from({ length: 20 }, (_, index) => `${index}`);
    await Promise.all(ids.map((id, index) => [one, other][index % 2]!.add(article(id))));
    for (const store of [one, other]) {
      const numbers = await store.numbers("local.test", ALL);
      assertEquals(numbers, ids.map((_, index) => index + 1));
      assertEquals((await store.group("local.test"))!.count, 20);
    }
    await one.remove(["<7@a.example>"]);
    assertEquals((await other.group("local.test"))!.count, 19);
    assertEquals((await other.find("<7@a.example>"))!.places.size, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what a crash leaves in a spool is mended", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const store = await SpoolNews.open(folder);
    await store.setGroup({ name: "local.test" });
    await store.add(article("1"));
    const group = `${folder}/articles/local/test`;
    // A file without its line, and a line that was cut off.
    await Deno.writeTextFile(`${group}/2`, "half an article");
    await Deno.writeTextFile(`${group}/.overview`, "2\tcut o", { append: true });
    await Deno.writeTextFile(`${folder}/history`, "<2@a.exam", { append: true });
    const later = await SpoolNews.open(folder);
    assertEquals(await later.numbers("local.test", ALL), [1]);
    assertEquals(await later.read("local.test", 2), undefined);
    await later.add(article("2"));
    assertEquals(await store.numbers("local.test", ALL), [1, 2]);
    assertEquals(
      (await textOf(await store.read("local.test", 2)))!.startsWith("Subject: 2\n"),
      true,
    );
    // An article that the history does not know is recorded, so that it expires.
    await Deno.remove(`${folder}/history`);
    const again = await SpoolNews.open(folder);
    assertEquals(await again.expire(() => Infinity, Infinity), 0);
    assert((await again.find("<1@a.example>"))!.places.get("local.test") === 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("one process with many readers and writers loses, swaps and doubles nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const store = await SpoolNews.open(folder);
    await store.setGroup({ name: "local.test" });
    await store.setGroup({ name: "local.other" });
    let isOver = false;
    let [low, high] = [1, 0];
    const read = async () => {
      while (!isOver) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        const group = (await store.group("local.test"))!;
        assert(group.high >= high && group.low >= low, `${group.low} ${group.high}`);
        high = Math.max(high, group.high);
        const pieces = await store.overview("local.test", ALL);
        const text = await textOf(pieces) ?? "";
        assert(!text.includes("\0"));
      }
    };
    const readers = Array.from({ length: 10 }, read);
    const groups = ["local.test", "local.other"];
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let at = 0; at < 15; at++) {
          await store.add(article(`${writer}-${at}`, { groups, text: `${writer}-${at}\r\n` }));
        }
      }),
    );
    isOver = true;
    await Promise.all(readers);
    const again = await SpoolNews.open(folder);
    for (const group of groups) {
      assertEquals(await again.numbers(group, ALL), Array.from({ length: 120 }, (_, at) => at + 1));
    }
    for (const { messageId, places } of await again.since(new Date(0))) {
      for (const place of places) {
        const text = await textOf(await again.read(...place));
        assert(text!.includes(`Message-ID: ${messageId}\n`), messageId);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a change that a crash has interrupted is finished", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const store = await SpoolNews.open(folder);
    await store.setGroup({ name: "local.test" });
    await store.setGroup({ name: "local.other" });
    await store.add(article("0"));
    const groups = ["local.test", "local.other"];
    await store.add(article("1", { groups, removes: ["<0@a.example>"] }));
    // As it was when only the first group had the article.
    const line = `1\ta@b\tx\t<2@a.example>\t\t9\t1\tXref: localhost local.test:3 local.other:2`;
    for (const group of ["test/3", "other/2"]) {
      await Deno.writeTextFile(`${folder}/articles/local/${group}`, "Subject: 2\n\nx\n");
    }
    await Deno.writeTextFile(`${folder}/articles/local/test/.overview`, `3\t${line}\n`, {
      append: true,
    });
    const pending = {
      added: {
        messageId: "<2@a.example>",
        arrived: 1,
        places: [["local.test", 3], ["local.other", 2]],
        line: encode(line).toBase64(),
      },
      removes: ["<1@a.example>"],
    };
    await Deno.writeTextFile(`${folder}/pending`, JSON.stringify(pending));
    const later = await SpoolNews.open(folder);
    assertEquals(await later.numbers("local.test", ALL), [3]);
    assertEquals(await later.numbers("local.other", ALL), [2]);
    assertEquals([...(await later.find("<2@a.example>"))!.places.values()], [3, 2]);
    assertEquals(
      (await assertRejects(() => later.add(article("2")), NewsStoreError)).kind,
      "duplicate",
    );
    assertEquals([...(await later.add(article("3", { groups }))).places.values()], [4, 3]);
    await assertRejects(() => Deno.stat(`${folder}/pending`), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
