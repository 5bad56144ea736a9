/** Public streams yield bytes that the caller owns: all pieces, kept until the end, are the content (K3). */

import { assert, assertEquals } from "@std/assert";
import { concat } from "../../../src/net/internal.ts";
import { ByteReader } from "../../../src/net/mod.ts";
import { openFile } from "../../../src/stores/internal.ts";
import { DiskTree, MemoryTree } from "../../../src/stores/mod.ts";
import { Served } from "../../support/ftp_served.ts";
import { TestFolder } from "../../support/trees.ts";

/** Longer than any buffer in the way. */
const CONTENT = Uint8Array.from({ length: 1_500_000 }, (_, index) => index * 31 + (index >> 10));

Deno.test("the pieces of every public stream belong to the caller", async (t) => {
  await using folder = await TestFolder.make();
  const path = `${folder.path}/file`;
  await Deno.writeFile(path, CONTENT);
  const memory = new MemoryTree();
  await memory.write(["file"], ReadableStream.from([CONTENT]));
  await using served = new Served({}, undefined, new DiskTree(folder.path));
  await using client = await served.connect();
  let at = 0;
  const source = {
    read(p: Uint8Array): Promise<number | null> {
      const piece = CONTENT.subarray(at, at + p.length);
      p.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length || null);
    },
  };
  const streams: Record<string, () => Promise<AsyncIterable<Uint8Array>>> = {
    "FtpClient.fetch": () => Promise.resolve(client.fetch("file")),
    "ByteReader.body": () => Promise.resolve(new ByteReader(source).body()),
    "DiskTree.read": () => new DiskTree(folder.path).read(["file"], 0),
    "MemoryTree.read": async () => await memory.read(["file"], 0),
    openFile: async () => (await openFile(path)).pieces,
  };
  for (const [name, open] of Object.entries(streams)) {
    await t.step(name, async () => {
      const pieces = await Array.fromAsync(await open());
      assert(pieces.length > 1);
      assertEquals(concat(pieces), CONTENT);
      // A caller that changes a piece changes nothing elsewhere.
      for (const piece of pieces) piece.fill(0);
    });
  }
  const again = await Array.fromAsync(await memory.read(["file"], 0));
  assertEquals(concat(again), CONTENT);
});
