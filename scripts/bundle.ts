/**
 * Joins the program's two hundred modules into a few dozen, which start in half the time.
 *
 * @module
 */

import { stop, transform } from "esbuild";

/** Modules that are only named by a URL, so that neither the bundler nor the compiler finds them itself. */
const WORKERS = ["worker", "workers/worker_thread"] as const;

/** What to compile. */
export interface Bundle {
  /** The main module. */
  readonly main: string;
  /** The modules to be included. */
  readonly workers: readonly string[];
}

/**
 * Bundles `main.ts` and the modules of its Workers.
 *
 * @param folder The folder; its old content is removed.
 * @param flags More flags, such as an import map.
 * @returns The modules.
 * @throws {Error} With the bundler's words, or if a Worker's module could not be found in the result.
 */
export async function bundle(folder: string, flags: readonly string[]): Promise<Bundle> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const entries = ["main.ts", ...WORKERS.map((name) => `src/cli/${name}.ts`)];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--code-splitting",
      "--outdir",
      folder,
      ...flags,
      ...entries,
    ],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  await minify(folder);
  for (const name of WORKERS) await redirect(folder, name);
  // The compiler writes the times of its modules into the executable: the same sources make the same one.
  for await (const file of modulesBelow(folder)) await Deno.utime(file, 0, 0);
  return {
    main: `${folder}/main.js`,
    workers: WORKERS.map((name) => `${folder}/src/cli/${name}.js`),
  };
}

/**
 * Makes the modules shorter. The bundler's own `--minify` cannot be used: it also inlines a variable that
 * is read once into the place where it is read, even if the variable is declared by `using`, which then disposes of
 * nothing.
 */
async function minify(folder: string): Promise<void> {
  try {
    for await (const file of modulesBelow(folder)) {
      const text = await Deno.readTextFile(file);
      const { code } = await transform(text, {
        format: "esm",
        target: "esnext",
        minifyWhitespace: true,
        minifyIdentifiers: true,
        keepNames: true,
      });
      if (disposals(code) !== disposals(text)) throw new Error(`${file}: a \`using\` was lost`);
      await Deno.writeTextFile(file, code);
    }
  } finally {
    await stop();
  }
}

/** How many variables are declared by `using`, examples in comments apart. */
function disposals(text: string): number {
  return [...text.replaceAll(/^ *\/?\*.*$/gm, "").matchAll(/\busing [\w$]+ ?=/g)].length;
}

async function* modulesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* modulesBelow(path);
    else if (name.endsWith(".js")) yield path;
  }
}

/** A Worker's URL is relative to the module that starts it, which now lies in another folder. */
async function redirect(folder: string, name: string): Promise<void> {
  const file = name.split("/").pop();
  const written = new RegExp(
    `new URL\\("\\.\\.?/(?:\\w+/)?${file}\\.ts", ?import\\.meta\\.url\\)`,
    "g",
  );
  let found = 0;
  for await (const { name: chunk } of Deno.readDir(folder)) {
    if (!chunk.endsWith(".js")) continue;
    const text = await Deno.readTextFile(`${folder}/${chunk}`);
    const changed = text.replaceAll(written, () => {
      found++;
      return `new URL("./src/cli/${name}.js",import.meta.url)`;
    });
    if (changed !== text) await Deno.writeTextFile(`${folder}/${chunk}`, changed);
  }
  if (found !== 1) throw new Error(`the bundle starts ${name}.ts in ${found} places, not in one`);
}
