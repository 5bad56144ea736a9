/**
 * Makes the files of a release: `deno task release [TARGET…]`.
 *
 * `dist/release` holds, for each target, `netwright-VERSION-TARGET.tar.gz` (executable, man pages, completions, documents,
 * bill of materials), the bill of materials by itself (`.cdx.json`), for Linux a Debian package; and `SHA256SUMS`.
 *
 * @module
 */

import manifest from "../../deno.json" with { type: "json" };
import { scriptArguments } from "../arguments.ts";
import { compile, importMap } from "../compile.ts";
import { ARCHITECTURES, makeDeb } from "./deb.ts";
import { releaseTime, runProgram, writeFiles } from "./files.ts";
import { billOfMaterials } from "./sbom.ts";

/** The platforms that `deno compile` knows. */
const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

const FOLDER = "dist/release";

/** What all targets share. */
interface Release {
  /** Whether archives may hold the stand-in runtime: only to test how they are made. */
  readonly standIn: boolean;
  /** Time of all files, in seconds since 1970. */
  readonly time: string;
  /** Flags of `deno info`. */
  readonly flags: readonly string[];
}

/** Makes the files of one target; gives their names. */
async function release(target: string, { standIn, time, flags }: Release): Promise<string[]> {
  const name = `netwright-${manifest.version}-${target}`;
  const staging = await Deno.makeTempDir({ dir: FOLDER });
  try {
    const made = await compile({ output: `${staging}/netwright`, target, standIn });
    const runtime = target === Deno.build.target ? await runtimeOf(`${staging}/netwright`) : made;
    await writeFiles(staging);
    const sbom = await billOfMaterials(runtime, flags);
    await Deno.writeTextFile(`${staging}/sbom.cdx.json`, sbom);
    await Deno.writeTextFile(`${FOLDER}/${name}.cdx.json`, sbom);
    await tar(staging, name, `${FOLDER}/${name}.tar.gz`, time);
    const architecture = ARCHITECTURES[target];
    const files = [`${name}.tar.gz`, `${name}.cdx.json`];
    if (architecture === undefined) return files;
    const deb = `netwright_${manifest.version}_${architecture}.deb`;
    await makeDeb(staging, architecture, `${FOLDER}/${deb}`, time);
    return [...files, deb];
  } finally {
    await Deno.remove(staging, { recursive: true });
  }
}

/** The version of the runtime inside an executable of this platform. */
async function runtimeOf(executable: string): Promise<string> {
  const { stdout } = await new Deno.Command(executable, { args: ["--version"] }).output();
  const [, version] = /\(deno (\S+?),/.exec(new TextDecoder().decode(stdout)) ?? [];
  if (version === undefined) throw new Error(`${executable} --version names no runtime`);
  return version;
}

/** Packs a folder under another name, with nothing in the archive that differs from machine to machine. */
async function tar(folder: string, name: string, archive: string, time: string): Promise<void> {
  await runProgram("tar", [
    ...["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=a+rX,u+w,go-w"],
    ...[`--mtime=@${time}`, `--transform=s,^\\.,${name},`, "-C", folder, "-czf", archive, "."],
  ], { GZIP: "-n" });
}

/** The line of a file for `SHA256SUMS`. */
async function checksum(file: string): Promise<string> {
  const bytes = await Deno.readFile(`${FOLDER}/${file}`);
  return `${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()}  ${file}`;
}

if (import.meta.main) {
  Deno.chdir(new URL("../..", import.meta.url));
  const args = scriptArguments({
    usage: `deno task release [--stand-in] [TARGET…]\ntargets: ${TARGETS.join(", ")}`,
    flags: ["stand-in"],
    operands: TARGETS.length,
  });
  const targets = args.operands.length > 0 ? args.operands : TARGETS;
  const unknown = targets.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined) {
    console.error(`release: no target ${unknown}; there are ${TARGETS.join(", ")}`);
    Deno.exit(2);
  }
  // Nothing of an earlier release is left beside the checksums of this one.
  await Deno.remove(FOLDER, { recursive: true }).catch(() => {});
  await Deno.mkdir(FOLDER, { recursive: true });
  const standIn = args.has("stand-in");
  if (new Set(targets).size < targets.length) throw new Error("a target is named twice");
  const shared = { standIn, time: await releaseTime(), flags: await importMap() };
  const sums: string[] = [];
  let failed = 0;
  for (const target of targets) {
    try {
      for (const file of await release(target, shared)) {
        sums.push(await checksum(file));
        console.log(sums.at(-1));
      }
    } catch (error) {
      failed++;
      console.error(`release: ${target}: ${error instanceof Error ? error.message : error}`);
    }
  }
  await Deno.writeTextFile(`${FOLDER}/SHA256SUMS`, sums.map((line) => `${line}\n`).join(""));
  Deno.exit(failed === 0 ? 0 : 1);
}
