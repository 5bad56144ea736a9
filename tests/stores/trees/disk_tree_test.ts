import { assertEquals } from "@std/assert";
import { DiskTree } from "../../../src/stores/mod.ts";
import { put, TestFolder } from "../../support/trees.ts";

Deno.test("DiskTree.read() from any place, also behind the end, gives the bytes there are", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/file`, "content");
  const tree = new DiskTree(folder.path);
  for (const offset of [0, 1, 6, 7, 8, 9, 1000]) {
    let text = "";
    for await (const piece of await tree.read(["file"], offset)) {
      text += new TextDecoder().decode(piece);
    }
    assertEquals(text, "content".slice(offset), `from ${offset}`);
  }
});

Deno.test("DiskTree.read() continues when the file has grown meanwhile", async () => {
  await using folder = await TestFolder.make();
  await put(`${folder.path}/file`, "one");
  let text = "";
  for await (const piece of await new DiskTree(folder.path).read(["file"], 0)) {
    if (text === "") await Deno.writeTextFile(`${folder.path}/file`, "two", { append: true });
    text += new TextDecoder().decode(piece);
  }
  assertEquals(text, "onetwo");
});
