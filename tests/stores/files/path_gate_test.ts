import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { InjectionError, LimitError, NetwrightError } from "../../../src/net/mod.ts";
import { readTextFile, writeAtomically } from "../../../src/stores/internal.ts";
import { PathGate } from "../../../src/stores/mod.ts";
import { GOOD_NAMES, HOSTILE_NAMES } from "../../support/hostile_names.ts";
import { inFolder } from "../../support/trees.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
}

Deno.test("PathGate lets no hostile name through", async (t) => {
  const gate = new PathGate("/srv/files/");
  for (const [name, why] of HOSTILE_NAMES) {
    await t.step(`${why}: ${JSON.stringify(name).slice(0, 40)}`, () => {
      const error = assertThrows(() => gate.admit(name), InjectionError);
      assert(!/[\x00-\x1f\x7f-\x9f]/.test(error.message), error.message);
    });
  }
  for (const name of GOOD_NAMES) assertEquals(gate.admit(name), `/srv/files/${name}`);
});

Deno.test("PathGate refuses to go through a symbolic link", async () => {
  await inFolder(async (folder) => {
    const gate = new PathGate(folder);
    await Deno.mkdir(`${folder}/real`);
    await Deno.symlink("/etc", `${folder}/link`);
    await Deno.symlink("nowhere", `${folder}/real/dangling`);
    gate.refuseSymlinks(gate.admit("real/new"));
    gate.refuseSymlinks(gate.admit("absent/new"));
    for (const name of ["link", "link/passwd", "real/dangling"]) {
      assertThrows(
        () => gate.refuseSymlinks(gate.admit(name)),
        InjectionError,
        "symbolic link",
      );
    }
  });
});

Deno.test("writeAtomically() writes the whole file or leaves the old one", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/file`;
    assertEquals(await writeAtomically(path, bytes("old")), 3);
    async function* half(): AsyncGenerator<Uint8Array> {
      yield bytes("new");
      await Promise.resolve();
      throw new Error("the connection broke");
    }
    await assertRejects(() => writeAtomically(path, half()), Error, "the connection broke");
    assertEquals([await Deno.readTextFile(path), await names(folder)], ["old", ["file"]]);
    assertEquals(await writeAtomically(path, [bytes("ne"), bytes("wer")], { mode: 0o600 }), 5);
    assertEquals([await Deno.readTextFile(path), await names(folder)], ["newer", ["file"]]);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    await assertRejects(
      () => writeAtomically(`${folder}/no/file`, bytes("x")),
      Deno.errors.NotFound,
    );
    // A link at the target is replaced, not followed.
    await Deno.symlink("/etc/hostname", `${folder}/link`);
    await writeAtomically(`${folder}/link`, bytes("mine"));
    assertEquals([
      await Deno.readTextFile(`${folder}/link`),
      (await Deno.lstat(`${folder}/link`)).isFile,
    ], [
      "mine",
      true,
    ]);
  });
});

Deno.test("writeAtomically() leaves one whole file of many writers", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/file`;
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(10_000));
    await Promise.all(texts.map((text) => writeAtomically(path, bytes(text))));
    assert(texts.includes(await Deno.readTextFile(path)));
    assertEquals(await names(folder), ["file"]);
  });
});

Deno.test("readTextFile() explains why it cannot read a file", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/big`, "x".repeat(100));
    assertEquals((await readTextFile(`${folder}/big`)).length, 100);
    await assertRejects(() => readTextFile(`${folder}/big`, { maxBytes: 99 }), LimitError);
    const error = await readTextFile(`${folder}/none`).catch((error) => error);
    assertInstanceOf(error, NetwrightError);
    assertEquals(error.message, `Cannot read: ${folder}/none: no such file or directory`);
  });
});
