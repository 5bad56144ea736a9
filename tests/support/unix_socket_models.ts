/**
 * A UNIX socket under every server model: a conversation, the file's end, and refusals.
 *
 * @module
 */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { readToEnd } from "../../src/net/mod.ts";
import type { Register } from "./isolation.ts";
import { flagsOf, netwright, type RunOptions, serve } from "./netwright.ts";

const MODELS = ["multiplex", "serial", "fork", "thread", "prefork", "prethread"];

/** Registers the tests. */
export function unixSocketModelTests(register: Register, options: RunOptions): void {
  register("a UNIX socket under every model", async (t) => {
    const folder = await Deno.makeTempDir({ prefix: "netwright-" });
    try {
      for (const model of MODELS) {
        for (
          const inPlace of (options.executable ?? options.main) === undefined
            ? [false, true]
            : [false]
        ) {
          await t.step(`${model}${inPlace ? ", in place" : ""}`, async () => {
            const path = `${folder}/${model}`;
            const words = ["daytime", "--listen", `unix:${path}`, "--model", model];
            const flags = inPlace ? { flags: await flagsOf(["serve", ...words]) } : {};
            await using server = await serve(words, { ...options, ...flags });
            for (let client = 0; client < 3; client++) {
              const connection = await Deno.connect({ transport: "unix", path });
              const text = new TextDecoder().decode(await readToEnd(connection));
              connection.close();
              assertMatch(text, /\d\d:\d\d:\d\d/);
            }
            const { code } = await server.stop();
            assertEquals(code, 0, await server.stderr);
            await assertRejects(() => Deno.lstat(path), Deno.errors.NotFound);
          });
        }
      }
      for (const model of ["fork", "prefork", "prethread"]) {
        await t.step(`${model}: the file of another server stays`, async () => {
          const path = `${folder}/other-${model}`;
          const words = ["daytime", "--listen", `unix:${path}`, "--model", model];
          await using first = await serve(words, options);
          await Deno.remove(path);
          await using second = await serve(words, options);
          await first.stop();
          assertEquals((await Deno.lstat(path)).isSocket, true);
          await second.stop();
          await assertRejects(() => Deno.lstat(path), Deno.errors.NotFound);
        });
      }
      await t.step("workers cannot each have a socket of their own", async () => {
        const words = ["--listen", `unix:${folder}/own`, "--model", "prethread", "--accept", "own"];
        const { code, stderr } = await netwright(["serve", "daytime", ...words], options);
        assertEquals(code, 2);
        assertMatch(stderr, /--accept own needs a port, not a UNIX socket\n$/);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
