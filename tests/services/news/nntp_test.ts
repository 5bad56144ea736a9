import { assertEquals } from "@std/assert";
import { parseEndpoint } from "../../../src/net/mod.ts";
import { NntpClient } from "../../../src/protocols/nntp/mod.ts";
import { isThere } from "../../../src/stores/internal.ts";
import { SpoolNews } from "../../../src/stores/mod.ts";
import { flagsOf, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const DAY_MS = 86_400_000;
const encode = (text: string) => new TextEncoder().encode(text);

for (const model of ["multiplex", "fork"]) {
  Deno.test(`serve nntp --keep removes old articles once an hour: ${model}`, () =>
    inFolder(async (folder) => {
      const spool = `${folder}/spool`;
      const add = async (id: string, age: number) => {
        const store = await SpoolNews.open(spool, { now: () => new Date(Date.now() - age) });
        await store.setGroup({ name: "local.test" });
        await store.add({
          messageId: `<${id}@x>`,
          groups: ["local.test"],
          header: encode(`Subject: Hi\r\nMessage-ID: <${id}@x>\r\n`),
          body: ReadableStream.from([encode("Hello\r\n")]),
          overview: encode(`Hi\ta@x\tMon, 30 Nov 2026 11:00:00 +0000\t<${id}@x>\t`),
        });
      };
      await add("old", 3 * DAY_MS);
      await add("new", 0);
      const words = ["nntp", "--listen", "127.0.0.1:0", "--spool", spool, "--keep", "2d"];
      words.push("--model", model);
      await using server = await serve(words, { flags: await flagsOf(["serve", ...words]) });
      const count = async () => {
        const client = await NntpClient.connect(parseEndpoint(server.endpoint));
        const { count } = await client.selectGroup("local.test");
        await client[Symbol.asyncDispose]();
        return count;
      };
      // The first client need not wait for the removal; the server ends with its last one.
      await count();
      const isDone = async () => await count() === 1 && await isThere(`${spool}/expired`);
      for (let left = 200; left > 0 && !await isDone(); left--);
      assertEquals(await count(), 1);
      // The next is not within the hour, whatever the file holds.
      const old = new Date(Date.now() - 20 * 60_000);
      await Deno.writeTextFile(`${spool}/expired`, "x");
      await Deno.utime(`${spool}/expired`, old, old);
      await count();
      assertEquals((await Deno.stat(`${spool}/expired`)).mtime?.getTime(), old.getTime());
    }));
}
