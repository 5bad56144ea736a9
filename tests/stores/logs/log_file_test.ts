/** Files of log lines: rotation, files that are moved away, disks that fail or are slow. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import fc from "fast-check";
import { BackgroundLines, LogFile } from "../../../src/stores/internal.ts";
import { inFolder } from "../../support/trees.ts";

async function textOf(folder: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    texts[name] = await Deno.readTextFile(`${folder}/${name}`);
  }
  return texts;
}

Deno.test("lines are appended in order, whatever was there", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/log`, "before\n");
    const log = await LogFile.open(`${folder}/log`, { delayMs: 1 });
    for (let number = 0; number < 1000; number++) log.add(`line ${number}`);
    await log.flush();
    log.add("last");
    await log.close();
    const lines = (await Deno.readTextFile(`${folder}/log`)).split("\n");
    assertEquals([lines[0], lines[1], lines[1000], lines[1001], lines.length], [
      ...["before", "line 0", "line 999", "last"],
      1003,
    ]);
    assertEquals((await Deno.stat(`${folder}/log`)).mode! & 0o777, 0o644);
  });
  await assertRejects(() => LogFile.open("/none/such/log"), Error, "/none/such/log: no such file");
});

Deno.test("a new file is not for everybody", async () => {
  await inFolder(async (folder) => {
    const log = await LogFile.open(`${folder}/log`);
    await log.close();
    assertEquals((await Deno.stat(`${folder}/log`)).mode! & 0o007, 0);
  });
});

Deno.test("rotation keeps every line, and no more files than it was told", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replace(/\s/g, "_")), {
        maxLength: 40,
      }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 3 }),
      (lines, rotateBytes, keep) =>
        inFolder(async (folder) => {
          const log = await LogFile.open(`${folder}/log`, { rotateBytes, keep });
          for (const line of lines) {
            log.add(line);
            await log.flush();
          }
          await log.close();
          const texts = await textOf(folder);
          const names = Object.keys(texts).sort();
          assert(names.length <= keep + 1, names.join());
          const all = names.toReversed().map((name) => texts[name]).join("");
          // The oldest may be gone, the newest are there in order.
          assertEquals(lines.map((line) => `${line}\n`).join("").endsWith(all), true);
          if (lines.length > 0) assert(all.endsWith(`${lines.at(-1)}\n`));
          for (const name of names) {
            const size = new TextEncoder().encode(texts[name]).length;
            assert(size <= rotateBytes || texts[name]!.split("\n").length === 2, name);
          }
        }),
    ),
    { numRuns: 30 },
  );
});

Deno.test("a file that was moved away or removed is made anew", async () => {
  await inFolder(async (folder) => {
    const log = await LogFile.open(`${folder}/log`);
    log.add("one");
    await log.flush();
    await Deno.rename(`${folder}/log`, `${folder}/log.old`);
    log.add("two");
    await log.flush();
    await Deno.remove(`${folder}/log`);
    log.add("three");
    await log.close();
    assertEquals(await textOf(folder), { "log.old": "one\n", log: "three\n" });
  });
});

Deno.test("a failure is told once, nothing is lost, and nothing written twice", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/logs`);
    const failures: string[] = [];
    const log = await LogFile.open(`${folder}/logs/log`, {
      onFailure: ({ message }) => failures.push(message),
    });
    log.add("one");
    await log.flush();
    await Deno.rename(`${folder}/logs`, `${folder}/away`);
    for (const line of ["two", "three"]) {
      log.add(line);
      await log.flush();
    }
    assertEquals(failures.length, 1);
    assertMatch(failures[0]!, /append to: .*logs\/log: no such file/);
    await Deno.rename(`${folder}/away`, `${folder}/logs`);
    log.add("four");
    await log.close();
    assertEquals(await Deno.readTextFile(`${folder}/logs/log`), "one\ntwo\nthree\nfour\n");
  });
});

Deno.test("a disk that takes nothing costs bounded memory, and the loss is counted", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/logs`);
    const log = await LogFile.open(`${folder}/logs/log`, { maxWaiting: 100 });
    await Deno.rename(`${folder}/logs`, `${folder}/away`);
    for (let number = 0; number < 1000; number++) log.add(`line ${number}`);
    await log.flush();
    await Deno.rename(`${folder}/away`, `${folder}/logs`);
    log.add("too early");
    await log.flush();
    log.add("after");
    await log.close();
    const lines = (await Deno.readTextFile(`${folder}/logs/log`)).trimEnd().split("\n");
    const kept = lines.filter((line) => line.startsWith("line ")).length;
    assert(kept < 20, `${kept}`);
    assertEquals(lines.slice(kept), [
      `lost lines: ${1000 - kept} (the disk is too slow)`,
      "lost lines: 1 (the disk is too slow)",
      "after",
    ]);
  });
});

Deno.test("lines that cannot be written at the end are counted", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/logs`);
    const log = await LogFile.open(`${folder}/logs/log`);
    await Deno.rename(`${folder}/logs`, `${folder}/away`);
    for (const line of ["one", "two", "three"]) log.add(line);
    await assertRejects(() => log.close(), Error, "3 lines could not be written");
  });
});

Deno.test("a rotation that fails keeps the file, which grows", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/log.1/full`, { recursive: true });
    const failures: string[] = [];
    const log = await LogFile.open(`${folder}/log`, {
      rotateBytes: 10,
      keep: 1,
      onFailure: ({ message }) => failures.push(message),
    });
    for (const line of ["one one", "two two", "three"]) {
      log.add(line);
      await log.flush();
    }
    await log.close();
    assertEquals(await Deno.readTextFile(`${folder}/log`), "one one\ntwo two\nthree\n");
    assert(failures.length > 0);
  });
});

Deno.test("only regular files are logs: a pipe would wait for who reads it", async () => {
  await inFolder(async (folder) => {
    await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
    await assertRejects(() => LogFile.open(`${folder}/pipe`), Error, "not a regular file");
    await assertRejects(() => LogFile.open(folder), Error, "not a regular file");
  });
});

Deno.test("lines in the background: a reader that is gone is told once, one that sleeps is not waited for", async () => {
  const failures: unknown[] = [];
  let isGone = true;
  const gone = new BackgroundLines({
    write: () => isGone ? Promise.reject(new Error("gone")) : Promise.resolve(),
    onFailure: (error) => failures.push(error),
  });
  for (let times = 0; times < 3; times++) {
    gone.add("x");
    await gone.close();
  }
  assertEquals(failures.length, 1);
  isGone = false;
  gone.add("x");
  await gone.close();
  isGone = true;
  gone.add("x");
  await gone.close();
  assertEquals(failures.length, 2);
  const asleep = new BackgroundLines({ write: () => new Promise(() => {}), onFailure: () => {} });
  asleep.add("x");
  await asleep.close();
});
