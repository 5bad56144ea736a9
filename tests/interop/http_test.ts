/** Debian's `curl` and `wget` against `serve http`, under each model. */

import { assertEquals, assertMatch } from "@std/assert";
import { command as serveCommand } from "../../src/cli/commands/serve/serve.ts";
import { serve } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";

const ignore = !await needs("curl") || !await needs("wget");

async function output(program: string, args: readonly string[], cwd = "/"): Promise<string> {
  const { stdout } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    stderr: "null",
    signal: AbortSignal.timeout(20_000),
  }).output();
  return new TextDecoder().decode(stdout);
}

/** All files below a folder with their content. */
async function tree(folder: string, below = ""): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${below}${name}`;
    if (isDirectory) {
      for (const [inner, text] of await tree(`${folder}/${name}`, `${path}/`)) {
        files.set(inner, text);
      }
    } else if (isFile) files.set(path, await Deno.readTextFile(`${folder}/${name}`));
  }
  return files;
}

for (const model of serveCommand.options!.model!.choices!) {
  Deno.test({
    name: `curl and wget are served by --model ${model}`,
    ignore,
    async fn(t) {
      const folder = await Deno.makeTempDir();
      const root = `${folder}/root`;
      await Deno.mkdir(`${root}/sub/deep`, { recursive: true });
      await Deno.writeTextFile(`${root}/one.txt`, "one\n".repeat(100_000));
      await Deno.writeTextFile(`${root}/sub/two words.txt`, "two");
      await Deno.writeTextFile(`${root}/sub/deep/three.txt`, "three");
      await new Deno.Command("gzip", { args: ["-k", `${root}/one.txt`] }).output();
      await Deno.writeTextFile(`${folder}/secret`, "secret");
      await Deno.symlink(folder, `${root}/out`);
      try {
        await using server = await serve([
          "http",
          "--listen",
          "127.0.0.1:0",
          "--model",
          model,
          "--quiet",
          "--root",
          `${root}`,
        ]);
        const url = `http://${server.endpoint}`;
        const one = await Deno.readTextFile(`${root}/one.txt`);
        await t.step(
          "curl: whole, compressed, a part, resumed, twice on one connection",
          async () => {
            assertEquals(await output("curl", ["-s", `${url}/one.txt`]) === one, true);
            assertEquals(
              await output("curl", ["-s", "--compressed", `${url}/one.txt`]) === one,
              true,
            );
            assertEquals(await output("curl", ["-s", "-r", "4-6", `${url}/one.txt`]), "one");
            await Deno.writeTextFile(`${folder}/part`, one.slice(0, 1000));
            await output("curl", ["-s", "-C", "-", "-o", `${folder}/part`, `${url}/one.txt`]);
            assertEquals(await Deno.readTextFile(`${folder}/part`) === one, true);
            const twice = await output("curl", [
              "-s",
              "-w",
              "%{num_connects} ",
              "-o",
              "/dev/null",
              "-o",
              "/dev/null",
              `${url}/one.txt`,
              `${url}/sub/`,
            ]);
            assertEquals(twice, "1 0 ");
          },
        );
        await t.step("curl: missing and forbidden files", async () => {
          const targets = [
            "/nosuch",
            "/out/secret",
            "/../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
          ];
          for (const target of targets) {
            const code = ["-s", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}"];
            assertMatch(await output("curl", [...code, `${url}${target}`]), /^40[04]$/, target);
          }
        });
        await t.step("wget takes the whole tree", async () => {
          const to = `${folder}/mirror`;
          await Deno.mkdir(to);
          await output("wget", ["-q", "-r", "-np", "-nH", "-R", "index.html*", `${url}/`], to);
          const [got, expected] = [await tree(to), await tree(root)];
          assertEquals([...got.keys()].sort(), [...expected.keys()].sort());
          assertEquals(expected.size, 4);
          for (const [name, text] of expected) assertEquals(got.get(name) === text, true, name);
        });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
