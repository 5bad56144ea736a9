/** Files that anyone may read. */

import { assertEquals } from "@std/assert";
import { PublicFiles } from "../../../src/stores/internal.ts";

async function textOf(files: PublicFiles, name: string): Promise<string | undefined> {
  const opened = await files.open(name);
  if (opened?.kind !== "file") return opened?.kind;
  using file = opened;
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of file.read(0, file.size)) {
    text += decoder.decode(piece, { stream: true });
  }
  return text;
}

Deno.test("PublicFiles keeps small files for a moment, or not at all", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${root}/a`, "one");
    const [fresh, kept] = [0, 60_000].map((keptMs) => new PublicFiles(root, { keptMs })) as [
      PublicFiles,
      PublicFiles,
    ];
    assertEquals([await textOf(fresh, "a"), await textOf(kept, "a")], ["one", "one"]);
    await Deno.writeTextFile(`${root}/a`, "two!");
    assertEquals([await textOf(fresh, "a"), await textOf(kept, "a")], ["two!", "one"]);
    // The cache is bounded: many files drive the oldest out.
    await Deno.writeFile(`${root}/large`, new Uint8Array(65_536));
    for (let number = 0; number < 300; number++) {
      await Deno.link(`${root}/large`, `${root}/${number}`);
      await kept.open(`${number}`);
    }
    assertEquals(await textOf(kept, "a"), "two!");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("PublicFiles has folders and files, and nothing else", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/sub`);
    await Deno.writeTextFile(`${root}/sub/x`, "x".repeat(100_000));
    await Deno.symlink("/etc/hostname", `${root}/link`);
    await Deno.symlink("link2", `${root}/link2`);
    await new Deno.Command("mkfifo", { args: [`${root}/pipe`] }).output();
    const files = new PublicFiles(root);
    assertEquals((await textOf(files, "sub/x"))?.length, 100_000);
    assertEquals([await textOf(files, ""), await textOf(files, "sub")], ["folder", "folder"]);
    for (const name of ["link", "link2", "pipe", "sub/..", "..", "sub/x/y", "a\\b", "no", "/sub"]) {
      assertEquals(await textOf(files, name), undefined, name);
    }
    assertEquals((await files.list(""))?.map(({ name, kind }) => `${kind} ${name}`), [
      "folder sub",
    ]);
    assertEquals(await files.list("sub/x"), undefined);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

// caddy#7007
Deno.test("a name that is too long for the system is not there", async () => {
  const folder = await Deno.makeTempDir({ prefix: "netwright-" });
  try {
    await Deno.writeTextFile(`${folder}/${"a".repeat(254)}`, "text");
    const files = new PublicFiles(folder, { keptMs: 0 });
    assertEquals((await files.open("a".repeat(254)))?.kind, "file");
    assertEquals(await files.open(`${"a".repeat(254)}.gz`), undefined);
    assertEquals(await files.open("b".repeat(300)), undefined);
    assertEquals(await files.open(Array(600).fill("folder").join("/")), undefined);
    assertEquals(await files.list("b".repeat(300)), undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
