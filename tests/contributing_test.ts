/** CONTRIBUTING.md is followed to the letter, in a copy of the house. */

import { assert, assertEquals } from "@std/assert";

/** The flag that the tasks add where JSR is out of reach. */
const MAP = import.meta.resolve("@std/yaml").startsWith("file:")
  ? ["--import-map=scripts/offline/import_map.json"]
  : [];

const ROOT = new URL("../", import.meta.url).pathname;

async function copyTo(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyTo(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

Deno.test("who follows CONTRIBUTING.md has a protocol, a service, a command and a tour row", async () => {
  const text = await Deno.readTextFile(`${ROOT}CONTRIBUTING.md`);
  const files = [...text.matchAll(/^`(src\/[^`]+)`\n\n```ts\n([\s\S]*?)^```$/gm)];
  assertEquals(files.length, 6);
  const house = await Deno.makeTempDir();
  try {
    await copyTo(`${ROOT}src`, `${house}/src`);
    await copyTo(`${ROOT}scripts`, `${house}/scripts`);
    for (const name of ["main.ts", "mod.ts", "deno.json", "deno.lock"]) {
      await Deno.copyFile(`${ROOT}${name}`, `${house}/${name}`);
    }
    for (const [, path, code] of files) {
      await Deno.mkdir(`${house}/${path!.slice(0, path!.lastIndexOf("/"))}`, { recursive: true });
      await Deno.writeTextFile(`${house}/${path}`, code!);
    }
    const deno = async (...args: readonly string[]): Promise<string> => {
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...args],
        cwd: house,
        env: { NO_COLOR: "1" },
        stdin: "null",
      }).output();
      const output = new TextDecoder().decode(stdout);
      assert(success, output + new TextDecoder().decode(stderr));
      return output;
    };
    await deno("run", "-A", ...MAP, "scripts/generate.ts");
    await deno("check", ...MAP, "main.ts");
    const written = files.map(([, path]) => path!);
    await deno("fmt", "--check", ...written);
    await deno("lint", ...written);
    const tour = await deno("run", "-A", ...MAP, "main.ts", "tour", "3.9");
    assert(/^3\.9 +systat .*pass/m.test(tour), tour);
  } finally {
    await Deno.remove(house, { recursive: true });
  }
});
