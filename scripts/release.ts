/**
 * Makes an archive for each platform and their checksums: `deno task release [TARGET…]`.
 *
 * `dist/release` holds `netwright-VERSION-TARGET.tar.gz` (the executable, README.md, LICENSE) and `SHA256SUMS`.
 *
 * @module
 */

import manifest from "../deno.json" with { type: "json" };
import { compile } from "./compile.ts";

/** The platforms that `deno compile` knows. */
const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

const FOLDER = "dist/release";

/** Whether archives may hold the stand-in runtime: only to test how they are made. */
const standIn = Deno.args.includes("--stand-in");

/** Makes one archive and gives the line for `SHA256SUMS`. */
async function release(target: string): Promise<string> {
  const name = `netwright-${manifest.version}-${target}`;
  const staging = await Deno.makeTempDir({ dir: FOLDER });
  try {
    await compile({ output: `${staging}/netwright`, target, standIn });
    for (const file of ["README.md", "LICENSE"]) await Deno.copyFile(file, `${staging}/${file}`);
    const archive = `${name}.tar.gz`;
    await tar(staging, name, `${FOLDER}/${archive}`);
    const bytes = await Deno.readFile(`${FOLDER}/${archive}`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    return `${digest}  ${archive}`;
  } finally {
    await Deno.remove(staging, { recursive: true });
  }
}

/** Packs a folder under another name, with nothing in the archive that differs from machine to machine. */
async function tar(folder: string, name: string, archive: string): Promise<void> {
  const args = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=a+rX,u+w,go-w"];
  args.push(`--transform=s,^\\.,${name},`, "-C", folder, "-czf", archive, ".");
  const { success, stderr } = await new Deno.Command("tar", { args, stderr: "piped" }).output();
  if (!success) throw new Error(`tar: ${new TextDecoder().decode(stderr)}`);
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  const named = Deno.args.filter((word) => word !== "--stand-in");
  const targets = named.length > 0 ? named : TARGETS;
  const unknown = targets.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined) {
    console.error(`release: no target ${unknown}; there are ${TARGETS.join(", ")}`);
    Deno.exit(2);
  }
  await Deno.mkdir(FOLDER, { recursive: true });
  const sums: string[] = [];
  let failed = 0;
  for (const target of targets) {
    try {
      sums.push(await release(target));
      console.log(sums.at(-1));
    } catch (error) {
      failed++;
      console.error(`release: ${target}: ${error instanceof Error ? error.message : error}`);
    }
  }
  await Deno.writeTextFile(`${FOLDER}/SHA256SUMS`, sums.map((line) => `${line}\n`).join(""));
  Deno.exit(failed === 0 ? 0 : 1);
}
