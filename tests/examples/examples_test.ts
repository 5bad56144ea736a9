/** The programs of this folder, as a user of the library would write them, run unchanged. */

import { assert, assertEquals } from "@std/assert";

const FOLDER = new URL("./", import.meta.url).pathname;
const ROOT = new URL("../../", import.meta.url).pathname;

async function run(args: readonly string[]): Promise<{ output: string; success: boolean }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    // A program that does not end by itself is as wrong as one that fails.
    signal: AbortSignal.timeout(60_000),
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + (success ? "" : decoder.decode(stderr)) };
}

const flags = (await run(["run", "-A", "--no-config", "scripts/offline/import_map.ts"])).output
  .trim().split(" ");

Deno.test("programs that use the library", async (t) => {
  for await (const { name } of Deno.readDir(FOLDER)) {
    if (name.endsWith("_test.ts")) continue;
    await t.step(name, async () => {
      const lines = (await Deno.readTextFile(FOLDER + name)).split("\n").length - 1;
      assert(lines < 40, `${name} has ${lines} lines`);
      const { output, success } = await run([
        "run",
        "-A",
        ...flags,
        FOLDER + name,
        JSON.stringify(flags),
      ]);
      assert(success, output);
      assertEquals(output, "ok\n");
    });
  }
});
