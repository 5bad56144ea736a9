/** From server to server (FXP). */

import { assertEquals, assertRejects } from "@std/assert";
import { memoryNetwork, NetwrightError, ReplyError } from "../../../../src/net/mod.ts";
import { MemoryTree } from "../../../../src/stores/mod.ts";
import { Served } from "../../../support/ftp_served.ts";

async function two(hosts = ["127.0.0.1", "127.0.0.1"]) {
  const network = memoryNetwork();
  const [source, target] = hosts.map((host) => new Served({}, network, new MemoryTree(), host)) as [
    Served,
    Served,
  ];
  const from = await source.connect({ timeoutMs: 5000 }, "ann");
  const to = await target.connect({ timeoutMs: 5000 }, "ann");
  const content = crypto.getRandomValues(new Uint8Array(50_000));
  await source.tree.write(["a"], ReadableStream.from([content]));
  return {
    ...{ source, target, from, to, content },
    async [Symbol.asyncDispose]() {
      await from.quit();
      await to.quit();
      await source[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
    },
  };
}

async function contentOf(tree: MemoryTree, name: string): Promise<Uint8Array> {
  const pieces = await Array.fromAsync(await tree.read([name], 0));
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}

Deno.test("copyTo() brings a file to another server, and both sessions stay usable", async () => {
  await using at = await two();
  for (const name of ["b", "c"]) {
    await at.from.copyTo(at.to, "a", name);
    assertEquals(await contentOf(at.target.tree as MemoryTree, name), at.content);
  }
  assertEquals(await at.from.size("a"), 50_000);
  assertEquals(await at.to.size("b"), 50_000);
  // The file went from server to server: the client's address is the servers' own here, so only they know.
  assertEquals(at.source.transfers.length, 2);
  assertEquals(at.target.transfers.length, 2);
});

Deno.test("copyTo() goes the other way round where the first way is refused", async () => {
  // Servers connect to their client's address only, which here is the first server's.
  for (const hosts of [["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"]]) {
    await using at = await two(hosts);
    await at.from.copyTo(at.to, "a", "b");
    assertEquals(await contentOf(at.target.tree as MemoryTree, "b"), at.content);
  }
});

Deno.test("copyTo(): a missing or forbidden file is one clear refusal", async () => {
  await using at = await two();
  await assertRejects(() => at.from.copyTo(at.to, "none", "b"), ReplyError, "550");
  assertEquals(await at.from.pwd(), "/");
  assertEquals(await at.to.pwd(), "/");
  await assertRejects(() => at.from.copyTo(at.to, "a", "no/such/folder"), ReplyError);
  await assertRejects(() => at.from.copyTo(at.from, "a", "b"), TypeError, "two sessions");
});

Deno.test("copyTo(): servers that connect to their client only make it a clear error", async () => {
  await using at = await two(["127.0.0.2", "127.0.0.3"]);
  await assertRejects(
    () => at.from.copyTo(at.to, "a", "b"),
    NetwrightError,
    "neither server sends data to the other one",
  );
  assertEquals(await at.from.size("a"), 50_000);
  assertEquals(await at.target.tree.list([]), []);
});
