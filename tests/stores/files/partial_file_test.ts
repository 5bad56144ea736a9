import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { NetwrightError } from "../../../src/net/mod.ts";
import {
  isVersionedPartial,
  PartialFile,
  partialPath,
  versionTag,
} from "../../../src/stores/internal.ts";
import { inFolder } from "../../support/trees.ts";

const NAME = fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 })
  .filter((name) => !name.includes("/"));

Deno.test("partialPath() gives a name that fits, beside the target, another for each target", () => {
  fc.assert(fc.property(NAME, NAME, fc.option(fc.string(), { nil: undefined }), (a, b, text) => {
    const version = text === undefined ? undefined : versionTag(text);
    const path = partialPath(`/pub/${a}`, version);
    assertEquals(path.startsWith("/pub/."), true);
    assertEquals(path.lastIndexOf("/"), 4);
    assertEquals(new TextEncoder().encode(path.slice(5)).length <= 255, true);
    assertEquals(path.isWellFormed() || !a.isWellFormed(), true);
    if (version !== undefined) assertEquals(isVersionedPartial(path.slice(5)), true);
    if (a !== b) assertEquals(partialPath(`/pub/${b}`, version) === path, false);
  }));
  assertEquals(partialPath("notes.txt"), ".notes.txt.part");
  assertEquals(isVersionedPartial(".notes.txt.part"), false);
  const long = "é".repeat(150);
  assertEquals(partialPath(`${long}1`) === partialPath(`${long}2`), false);
});

Deno.test("PartialFile continues the partial file of an attempt at the same version", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const target = `${folder}/data`;
    const [one, two] = [versionTag("one"), versionTag("two")];
    {
      await using file = await PartialFile.open(target, { version: one });
      await file.write(new Uint8Array([1, 2, 3]));
    }
    {
      await using file = await PartialFile.open(target, { version: two, resume: true });
      assertEquals(file.size, 0);
    }
    await using file = await PartialFile.open(target, { version: one, resume: true });
    assertEquals(file.size, 3);
    await file.write(new Uint8Array([4]));
    const modified = new Date("2020-02-29T12:00:00Z");
    await file.complete({ modified, mode: 0o640 });
    assertEquals([...await Deno.readFile(target)], [1, 2, 3, 4]);
    const info = await Deno.stat(target);
    assertEquals([info.mtime?.getTime(), info.mode! & 0o7777], [modified.getTime(), 0o640]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["data"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("PartialFile keeps the order of pieces, whatever their sizes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const size = fc.oneof(fc.nat(100), fc.nat(300_000), fc.integer({ min: 120_000, max: 140_000 }));
    const sizes = fc.array(size, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(12), async (sizes, stop) => {
        const whole = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
        for (let i = 0; i < whole.length; i++) whole[i] = i * 31 + (i >> 8);
        const target = `${folder}/data`;
        let at = 0;
        const write = async (file: PartialFile, part: readonly number[]): Promise<void> => {
          assertEquals(file.size, at);
          for (const size of part) await file.write(whole.slice(at, at += size));
        };
        {
          await using begun = await PartialFile.open(target);
          await write(begun, sizes.slice(0, stop));
        }
        await using file = await PartialFile.open(target, { resume: true });
        await write(file, sizes.slice(stop));
        await file.complete();
        const written = await Deno.readFile(target);
        assertEquals(written.length, whole.length);
        assertEquals(written.every((byte, i) => byte === whole[i]), true);
        await Deno.remove(target);
      }),
      { numRuns: 60 },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("PartialFile replaces neither devices nor folders", async () => {
  for (const [target, reason] of [["/dev/null", "not a file"], ["/tmp", "a folder"]] as const) {
    await assertRejects(() => PartialFile.open(target), NetwrightError, reason);
  }
});

Deno.test("PartialFile does not write through a link that bears its name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/victim`, "untouched");
    await Deno.symlink(`${folder}/victim`, partialPath(`${folder}/data`));
    await using file = await PartialFile.open(`${folder}/data`, { resume: true });
    await file.write(new Uint8Array([1]));
    await file.complete();
    assertEquals(await Deno.readTextFile(`${folder}/victim`), "untouched");
    assertEquals((await Deno.lstat(`${folder}/data`)).isFile, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("two processes do not write one file", () =>
  inFolder(async (folder) => {
    const first = await PartialFile.open(`${folder}/a`);
    await first.write(new Uint8Array(10));
    // Runtimes before 2.9 cannot say that a file is locked.
    for (const resume of "tryLockSync" in Deno.FsFile.prototype ? [false, true] : []) {
      const error = await assertRejects(
        () => PartialFile.open(`${folder}/a`, { resume }),
        NetwrightError,
      );
      assertEquals(`${error}`.includes("another process is writing this file"), true);
    }
    await first.complete();
    const second = await PartialFile.open(`${folder}/a`);
    await second.write(new Uint8Array(20));
    await second.complete();
    assertEquals(Deno.statSync(`${folder}/a`).size, 20);
  }));
