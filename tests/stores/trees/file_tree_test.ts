/** Trees in memory and on the disk behave alike. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { InjectionError } from "../../../src/net/mod.ts";
import { DiskTree, type FileTree, MemoryTree, TreeError } from "../../../src/stores/mod.ts";
import { TestFolder } from "../../support/trees.ts";

type Path = readonly string[];
type Step = readonly [name: string, act: (tree: FileTree) => Promise<unknown>];

const bytes = (text: string) => ReadableStream.from([new TextEncoder().encode(text)]);

async function text(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let all = "";
  for await (const piece of pieces) all += decoder.decode(piece, { stream: true });
  return all + decoder.decode();
}

/** The result, or that it failed; the message is each tree's own. */
async function outcome(act: () => Promise<unknown>): Promise<unknown> {
  try {
    return await act() ?? "done";
  } catch (error) {
    if (error instanceof TreeError || error instanceof InjectionError) return "refused";
    throw error;
  }
}

/** All of a tree that both kinds can know. */
async function describe(tree: FileTree, path: Path = []): Promise<unknown[]> {
  const lines: unknown[] = [];
  for (const [name, { kind, size, target, mode, modified }] of await tree.list(path)) {
    const at = [...path, name];
    const isSet = modified.getTime() < 1e12;
    lines.push([
      at.join("/"),
      kind,
      kind === "file" ? size : 0,
      target,
      kind === "file" && mode & 0o777,
      isSet && +modified,
    ]);
    if (kind === "file") lines.push(await text(await tree.read(at, 0)));
    if (kind === "folder") lines.push(...await describe(tree, at));
  }
  return lines;
}

const path = fc.array(fc.constantFrom("a", "b", "é"), { minLength: 1, maxLength: 3 });
const content = fc.constantFrom("", "x", "hello");

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(path, content, fc.constantFrom(undefined, "end", 0, 2, 4)).map((
    [path, content, at],
  ): Step => [
    `write ${path.join("/")} ${at} ${content}`,
    (tree) => tree.write(path, bytes(content), { at: at as "end" }),
  ]),
  path.map((path): Step => [`make ${path.join("/")}`, (tree) => tree.makeFolder(path)]),
  path.map((path): Step => [`remove ${path.join("/")}`, (tree) => tree.remove(path)]),
  path.map((path): Step => [`remove folder ${path.join("/")}`, (tree) => tree.removeFolder(path)]),
  fc.tuple(path, path).map(([from, to]): Step => [
    `rename ${from.join("/")} ${to.join("/")}`,
    (tree) => tree.rename(from, to),
  ]),
  path.map((path): Step => [`link ${path.join("/")}`, (tree) => tree.makeLink(path, "a")]),
  fc.tuple(path, fc.constantFrom(0o600, 0o644)).map(([path, mode]): Step => [
    `mode ${path.join("/")} ${mode}`,
    (tree) => tree.setMode(path, mode),
  ]),
  path.map((
    path,
  ): Step => [`time ${path.join("/")}`, (tree) => tree.setModified(path, new Date(1e11))]),
  fc.tuple(path, fc.nat(6)).map(([path, offset]): Step => [
    `read ${path.join("/")} ${offset}`,
    async (tree) => await text(await tree.read(path, offset)),
  ]),
  path.map((path): Step => [
    `list ${path.join("/")}`,
    async (tree) => (await tree.list(path)).map(([name]) => name),
  ]),
  path.map((
    path,
  ): Step => [`stat ${path.join("/")}`, async (tree) => (await tree.stat(path))?.kind]),
);

Deno.test("MemoryTree and DiskTree do the same, whatever is asked", async () => {
  Deno.umask(0o022);
  await using folder = await TestFolder.make();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const root = `${folder.path}/${runs++}`;
      await Deno.mkdir(root);
      const [memory, disk] = [new MemoryTree(), new DiskTree(root)];
      for (const [name, act] of steps) {
        const [here, there] = [await outcome(() => act(memory)), await outcome(() => act(disk))];
        assertEquals([name, here], [name, there]);
      }
      assertEquals(await describe(memory), await describe(disk));
    }),
    { numRuns: 300 },
  );
});
