/**
 * `ftp mirror --delete` as a process, where not everything is known: nothing is removed, and the status says so.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { isRuntimeAtLeast } from "../../src/net/internal.ts";
import { systemNetwork } from "../../src/net/mod.ts";
import type { Register } from "./isolation.ts";
import { netwright, type RunOptions } from "./netwright.ts";
import { OddFtp, type ServerReaction } from "./odd_ftp.ts";
import { put, TestFolder } from "./trees.ts";

/** Listings that must not count as complete, and the report on each. */
const LISTINGS: Readonly<
  Record<string, readonly [LIST: ServerReaction, reported: RegExp, status?: number]>
> = {
  "lines of an unknown form": [
    (session) => session.send("who|knows|this\r\n"),
    /who\|knows\|this/,
  ],
  "a listing that is cut in the middle of a line": [
    (session) => session.send("-rw-r--r-- 1 a b 5 Feb 28 2025 there\r\n-rw-r--r-- 1 a b"),
    /-rw-r--r-- 1 a b/,
  ],
  "a listing that is cut with an error reply": [
    async (session) => {
      await session.reply("150 here it comes\r\n");
      const data = await session.data();
      await data.write(new TextEncoder().encode("-rw-r--r-- 1 a b 5 Feb 28 2025 there\r\n"));
      data.close();
      return "426 cut";
      // Nothing at all could be mirrored.
    },
    /426 cut/,
    1,
  ],
};

/** Registers the tests. */
export function mirrorDeletionTests(
  register: Register,
  options: RunOptions,
  runtime: string = Deno.version.deno,
): void {
  const listsEveryName = isRuntimeAtLeast([2, 8, 3], runtime);

  const mirror = async (server: OddFtp, folder: string, words: readonly string[]) =>
    await netwright([
      ...["ftp", "mirror", "--delete", "--retries", "0", ...words],
      ...[`ftp://127.0.0.1:${server.endpoint.port}/`, folder],
    ], options);

  for (const direction of ["down", "up"] as const) {
    if (direction === "up" && !listsEveryName) continue;
    register(
      `ftp mirror --delete, ${direction}, removes nothing when a listing is incomplete`,
      async (t) => {
        for (const [name, [LIST, reported, status = 4]] of Object.entries(LISTINGS)) {
          await t.step(name, async () => {
            await using folder = await TestFolder.make();
            await put(`${folder.path}/here`, "here");
            using server = new OddFtp({ there: "there" }, { LIST }, systemNetwork());
            const words = direction === "up" ? ["--upload"] : [];
            const { code, stderr } = await mirror(server, folder.path, words);
            assertEquals(code, status, stderr);
            assertMatch(stderr, reported);
            assertEquals(Deno.readTextFileSync(`${folder.path}/here`), "here");
            assertEquals(server.files.get("there"), "there");
          });
        }
      },
    );
  }

  register("ftp mirror --upload --delete keeps the copy of a name that is not UTF-8", async () => {
    await using folder = await TestFolder.make();
    const name = new Uint8Array([0x63, 0xe9]);
    await makeFile(folder.path, name);
    using server = new OddFtp({ cé: "copy" }, {}, systemNetwork());
    const { code, stderr } = await mirror(server, folder.path, ["--upload"]);
    if (listsEveryName) assertEquals(code, 4, stderr);
    else {assertMatch(
        stderr,
        /^netwright: ftp mirror: this build cannot list names that are not UTF-8[^\n]*\n$/,
      );}
    assertEquals([...server.files.keys()], ["c\u00e9"]);
  });
}

/** Makes a file whose name is bytes, which the runtime cannot name. */
async function makeFile(folder: string, name: Uint8Array): Promise<void> {
  const octal = [...name].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  const { success } = await new Deno.Command("sh", {
    args: ["-c", ': > "$(printf "$1")"', "sh", octal],
    cwd: folder,
  }).output();
  if (!success) throw new Error("the file was not made");
}
