/**
 * Writes `api.txt`: every published name with its signature, so that a review shows the effect of a change on users.
 * `--check` fails if the file is out of date.
 *
 * @module
 */

import { scriptArguments } from "./arguments.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const FILE = `${ROOT}api.txt`;

/** Copies a folder's sources without doc comments, so that `deno doc` prints signatures only. */
async function copyBare(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyBare(`${from}/${name}`, `${to}/${name}`);
    else await copyFileBare(`${from}/${name}`, `${to}/${name}`);
  }
}

async function copyFileBare(from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(from);
  await Deno.writeTextFile(to, text.replaceAll(/^ *\/\*\*[\s\S]*?\*\/\n/gm, ""));
}

async function signatures(root: string, path: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--no-lock", path],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("Defined in "));
}

async function publicApi(): Promise<string> {
  const { exports } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)) as {
    readonly exports: Readonly<Record<string, string>>;
  };
  const bare = await Deno.makeTempDir();
  try {
    await copyBare(`${ROOT}src`, `${bare}/src`);
    await copyFileBare(`${ROOT}mod.ts`, `${bare}/mod.ts`);
    const faces = await Promise.all(
      Object.entries(exports).filter(([name]) => name !== "./cli").map(async ([name, path]) =>
        [`# ${name}`, ...await signatures(bare, path), ""].join("\n")
      ),
    );
    return faces.join("\n");
  } finally {
    await Deno.remove(bare, { recursive: true });
  }
}

if (import.meta.main) {
  const args = scriptArguments({ usage: "deno task generate:api [--check]", flags: ["check"] });
  const api = await publicApi();
  if (!args.has("check")) await Deno.writeTextFile(FILE, api);
  else if (await Deno.readTextFile(FILE) !== api) {
    console.error("api.txt is out of date: run `deno task generate:api`, and read the changes");
    Deno.exit(1);
  }
}
