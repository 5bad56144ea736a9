/** One file from side to side, in several attempts. */

import { assertEquals, assertRejects } from "@std/assert";
import { DisconnectedError, UnsupportedError } from "../../src/net/mod.ts";
import type { MirrorEntry, MirrorSession, MirrorWrite } from "../../src/programs/mirror/side.ts";
import { FileTransfer } from "../../src/programs/mirror/transfer.ts";

const LISTED: MirrorEntry = {
  name: "a",
  kind: "file",
  size: 4,
  modified: new Date(60_000),
  precision: "minute",
};

/** Transfers a file whose first attempt breaks; returns its content at the end, and its time. */
async function inTwoAttempts({ isChanged = false, hasRest = true } = {}) {
  const versions = ["old!", "new!"];
  let modified = new Date(61_000);
  let kept = "";
  let reads = 0;
  let time: Date | undefined;
  const source = {
    isNear: false,
    facts: () => Promise.resolve({ size: 4, modified }),
    async *read(_path: unknown, offset: number, onFacts?: (facts: unknown) => void) {
      if (offset > 0 && !hasRest) throw new UnsupportedError("REST", { operation: "read" });
      onFacts?.({ size: 4, modified });
      const isFirst = reads++ === 0;
      const content = versions[modified.getTime() === 61_000 ? 0 : 1]!;
      yield new TextEncoder().encode(content.slice(offset, isFirst ? 2 : 4));
      if (isFirst) throw new DisconnectedError("broken", { operation: "read" });
    },
  } as unknown as MirrorSession;
  const target = {
    isNear: true,
    facts: () => Promise.resolve({ size: kept.length }),
    write: async (_path: unknown, content: AsyncIterable<Uint8Array>, file: MirrorWrite) => {
      kept = kept.slice(0, file.offset);
      for await (const piece of content) kept += new TextDecoder().decode(piece);
      time = file.modified;
    },
  } as unknown as MirrorSession;
  const file = { path: ["a"], source: LISTED, version: "v", offset: 0, isNew: true, reason: "new" };
  const transfer = new FileTransfer(file, {
    keepsTimes: true,
    partialName: (name) => `.${name}.part`,
  });
  await assertRejects(() => transfer.run({ source, target }), DisconnectedError);
  if (isChanged) modified = new Date(62_000);
  const { bytes, resumed } = await transfer.run({ source, target });
  return { kept, time: time?.getTime(), bytes, resumed };
}

Deno.test("the part of a file that arrived is kept for the next attempt", async () => {
  const expected = { kept: "old!", time: 61_000, bytes: 2, resumed: 2 };
  assertEquals(await inTwoAttempts(), expected);
});

Deno.test("a file that changes between two attempts is read from its beginning", async () => {
  const expected = { kept: "new!", time: 62_000, bytes: 4, resumed: 0 };
  assertEquals(await inTwoAttempts({ isChanged: true }), expected);
});

Deno.test("a server without REST sends the file from its beginning", async () => {
  const expected = { kept: "old!", time: 61_000, bytes: 4, resumed: 0 };
  assertEquals(await inTwoAttempts({ hasRest: false }), expected);
});
