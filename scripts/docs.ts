/**
 * Writes the API pages of the library: `deno task docs` makes `dist/docs/index.html`.
 *
 * @module
 */

import { scriptArguments } from "./arguments.ts";

const ROOT = decodeURIComponent(new URL("../", import.meta.url).pathname);

if (import.meta.main) {
  scriptArguments({ usage: "deno task docs" });
  const { exports } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)) as {
    readonly exports: Readonly<Record<string, string>>;
  };
  const modules = Object.entries(exports).filter(([name]) => name !== "./cli")
    .map(([, path]) => path);
  const output = `${ROOT}dist/docs`;
  // Pages of names that are gone would stay.
  await Deno.remove(output, { recursive: true }).catch(() => {});
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--html", "--name=Netwright", `--output=${output}`, ...modules],
    cwd: ROOT,
    stdout: "null",
    stderr: "inherit",
  }).spawn().status;
  if (code === 0) console.log(`${output}/index.html`);
  Deno.exit(code);
}
