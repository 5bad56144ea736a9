import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { InjectionError } from "../../../src/net/mod.ts";
import { checkName, localName, writeNewFile } from "../../../src/stores/internal.ts";
import { inFolder } from "../../support/trees.ts";

const NAMES: [name: string, expected: string][] = [
  ["report.pdf", "report.pdf"],
  ["../../x", "x"],
  ["..", "file"],
  ["C:\\Windows\\x.txt", "x.txt"],
  ["/etc/passwd", "passwd"],
  ["CON", "_CON"],
  ["nul.txt", "_nul.txt"],
  ["a\0b", "a_b"],
  ["a\x1b[2Jb", "a_[2Jb"],
  ["\u202egnp.exe", "_gnp.exe"],
  ["x".repeat(300) + ".tar", "x".repeat(196) + ".tar"],
  ["ü".repeat(300), "ü".repeat(100)],
  [".bashrc", "bashrc"],
  ["trailing. . ", "trailing"],
  ["a:b*c?", "a_b_c_"],
  ["", "file"],
  ["???", "file"],
  ["日本.txt", "日本.txt"],
  ["u\u0308.txt", "ü.txt"],
];

for (const [name, expected] of NAMES) {
  Deno.test(`localName() makes ${JSON.stringify(expected.slice(0, 30))} of ${JSON.stringify(name.slice(0, 30))}`, () => {
    assertEquals(localName(name, "file"), expected);
  });
}

Deno.test("localName() makes a name that the gate lets through, of anything", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
      const made = localName(name, "file");
      assertEquals(checkName(made), [made]);
      assertEquals(localName(made, "file"), made);
    }),
    { numRuns: 2_000 },
  );
});

const bytes = (text: string) => new TextEncoder().encode(text);
const names = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

Deno.test("writeNewFile() overwrites nothing, and follows no link", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.txt`, "mine");
    await Deno.symlink(`${folder}/elsewhere`, `${folder}/a-2.txt`);
    assertEquals(await writeNewFile(folder, "a.txt", bytes("new")), {
      path: `${folder}/a-3.txt`,
      bytes: 3,
    });
    assertEquals(await Deno.readTextFile(`${folder}/a.txt`), "mine");
    assertEquals(names(folder), ["a-2.txt", "a-3.txt", "a.txt"]);
  }));

Deno.test("writeNewFile() gives files of one name that are written at once names of their own", () =>
  inFolder(async (folder) => {
    const written = await Promise.all(
      Array.from({ length: 20 }, (_, number) => writeNewFile(folder, "a", bytes(`${number}`))),
    );
    assertEquals(new Set(written.map(({ path }) => path)).size, 20);
    assertEquals(names(folder).length, 20);
  }));

Deno.test("writeNewFile() leaves nothing of a file whose content fails", () =>
  inFolder(async (folder) => {
    async function* broken() {
      yield bytes("half");
      await Promise.reject(new TypeError("gone"));
    }
    await assertRejects(() => writeNewFile(folder, "a.txt", broken()), TypeError);
    assertEquals(names(folder), []);
  }));

Deno.test("writeNewFile() takes no name that climbs", () =>
  inFolder(async (folder) => {
    for (const name of ["../a", "a/../../b", "", ".."]) {
      await assertRejects(() => writeNewFile(folder, name, bytes("")), InjectionError);
    }
  }));
