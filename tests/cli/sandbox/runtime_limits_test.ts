/**
 * Limits of the runtime's sandbox that SECURITY.md lists. A failure here is good news: the limit is gone, and the
 * page and this test can lose their rows.
 */

import { assertEquals } from "@std/assert";

/** Runs a module with a few permissions. */
async function run(code: string, flags: readonly string[], folder: string): Promise<boolean> {
  const path = `${folder}/module.ts`;
  await Deno.writeTextFile(path, code);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-config", ...flags, path],
    env: { DENO_DIR: `${folder}/cache`, NO_COLOR: "1" },
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(30_000),
  }).output();
  return success;
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("with read alone, node:fs changes a file's mode and times (denoland/deno#36442)", () =>
  inFolder(async (folder) => {
    const file = `${folder}/file`;
    await Deno.writeTextFile(file, "x");
    await Deno.chmod(file, 0o644);
    const code = `import fs from "node:fs"; const fd = fs.openSync(${JSON.stringify(file)}, "r");
fs.fchmodSync(fd, 0o600); fs.futimesSync(fd, 1, 1);`;
    const flags = [`--allow-read=${file}`];
    assertEquals(await run(code, flags, folder), true, "cured? see SECURITY.md");
    const { mode, mtime } = await Deno.stat(file);
    assertEquals([mode! & 0o777, mtime?.getTime()], [0o600, 1000], "cured? see SECURITY.md");
  }));

Deno.test("caches.open() writes without a permission (denoland/deno#16671)", () =>
  inFolder(async (folder) => {
    const code = `const cache = await caches.open("x");
await cache.put("http://localhost/x", new Response("written"));`;
    assertEquals(await run(code, [], folder), true, "cured? see SECURITY.md");
    const written = await Deno.stat(`${folder}/cache/location_data/web_cache`).catch(() =>
      undefined
    );
    assertEquals(written?.isDirectory, true, "cured? see SECURITY.md");
  }));
