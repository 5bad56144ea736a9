/** An article of 400 MB is posted, kept and read in little memory, on both sides. */

import { assert, assertEquals } from "@std/assert";
import { systemNetwork } from "../../src/net/mod.ts";
import { NntpClient } from "../../src/protocols/nntp/mod.ts";
import { SpoolNews } from "../../src/stores/mod.ts";
import { servedNews } from "../protocols/nntp/served.ts";
import { inFolder } from "../support/trees.ts";

const MEGABYTES = 400;
const LINE = new TextEncoder().encode(`.${"x".repeat(997)}\r\n`);

Deno.test("an article of 400 MB is streamed", () =>
  inFolder(async (folder) => {
    const store = await SpoolNews.open(`${folder}/news`);
    await using server = await servedNews({ store, maxArticleBytes: 5e8 }, systemNetwork());
    await using client = await NntpClient.connect(server.endpoint, { maxArticleBytes: 5e8 });
    const lines = (MEGABYTES * 1e6) / LINE.length;
    const text = async function* (): AsyncGenerator<Uint8Array> {
      const head = "From: ann@a.example\nNewsgroups: local.test\nSubject: large\n\n";
      yield new TextEncoder().encode(head);
      // The same bytes each time: the test's own garbage is not what is measured.
      for (let line = 0; line < lines; line++) yield LINE;
    };
    let most = 0;
    const before = Deno.memoryUsage().rss;
    const watch = setInterval(() => most = Math.max(most, Deno.memoryUsage().rss - before), 20);
    try {
      await client.post(text());
      await client.selectGroup("local.test");
      let bytes = 0;
      for await (const piece of client.body(1)) bytes += piece.length;
      assertEquals(bytes, MEGABYTES * 1e6);
      const [record] = await Array.fromAsync(client.overview({ first: 1 }));
      assertEquals([record!.lines, record!.bytes! > bytes], [lines, true]);
    } finally {
      clearInterval(watch);
    }
    // Whoever kept it whole would need more than it has; what is not collected yet is not kept.
    assert(most < MEGABYTES * 1e6, `${most} bytes`);
  }));
