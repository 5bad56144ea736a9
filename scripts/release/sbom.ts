/**
 * The bill of materials of the executable: this package, the runtime, and the packages of npm and JSR that its modules
 * import, as CycloneDX 1.5 has it.
 *
 * @module
 */

import manifest from "../../deno.json" with { type: "json" };

/** Modules that the executable is made of; a Worker's first module is named by its URL only. */
const ROOTS = ["main.ts", "src/cli/worker.ts", "src/cli/workers/worker_thread.ts"];

/** A module of a package of JSR: its name and version. */
const PUBLISHED = /^https?:\/\/[^/]+\/(@[\w-]+\/[\w-]+)\/(\d[^/]*)\//;

/** The parts of the output of `deno info --json` that are used here. */
interface Info {
  readonly modules: readonly { readonly specifier?: string; readonly npmPackage?: string }[];
  readonly npmPackages?: Readonly<Record<string, NpmPackage>>;
}

interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly localPath?: string;
}

/**
 * Writes the bill of materials.
 *
 * @param runtime Version of the runtime inside the executable.
 * @param flags Flags of `deno info`, such as an import map.
 * @returns JSON.
 */
export async function billOfMaterials(runtime: string, flags: readonly string[]): Promise<string> {
  const used = new Map<string, NpmPackage>();
  const fromJsr = new Set<string>();
  for (const root of ROOTS) {
    const { modules, npmPackages = {} } = await infoOf(root, flags);
    const add = (id: string): void => {
      const found = npmPackages[id];
      if (found === undefined || used.has(id)) return;
      used.set(id, found);
      found.dependencies.forEach(add);
    };
    for (const { npmPackage, specifier = "" } of modules) {
      if (npmPackage !== undefined) add(npmPackage);
      const [, name, version] = PUBLISHED.exec(specifier) ?? [];
      if (name !== undefined) fromJsr.add(`${name}@${version}`);
    }
  }
  const lock = JSON.parse(await Deno.readTextFile("deno.lock"));
  const npm = await Promise.all(
    [...used].sort(([a], [b]) => a < b ? -1 : 1).map(async (
      [id, { name, version, localPath }],
    ) => ({
      type: "library",
      "bom-ref": `pkg:npm/${name.replace("@", "%40")}@${version}`,
      name,
      version,
      purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
      ...hashOf(lock.npm?.[id]?.integrity),
      ...await licenseOf(localPath),
    })),
  );
  const jsr = [...fromJsr].sort().map((id) => {
    const at = id.lastIndexOf("@");
    const [name, version] = [id.slice(0, at), id.slice(at + 1)];
    return { type: "library", "bom-ref": `jsr:${id}`, name, version, purl: `pkg:jsr/${id}` };
  });
  const bom = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": "netwright",
        name: "netwright",
        version: manifest.version,
        licenses: [{ license: { id: manifest.license } }],
      },
    },
    components: [
      {
        type: "framework",
        "bom-ref": "deno",
        name: "deno",
        version: runtime,
        licenses: [{ license: { id: "MIT" } }],
      },
      ...jsr,
      ...npm,
    ],
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

async function infoOf(root: string, flags: readonly string[]): Promise<Info> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", ...flags, root],
  }).output();
  if (!success) throw new Error(`deno info: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

function hashOf(integrity: string | undefined): Record<string, unknown> {
  const [, content] = /^sha512-(.+)$/.exec(integrity ?? "") ?? [];
  if (content === undefined) return {};
  return { hashes: [{ alg: "SHA-512", content: Uint8Array.fromBase64(content).toHex() }] };
}

/** The license that a package names; nothing if its folder is not at hand. */
async function licenseOf(folder: string | undefined): Promise<Record<string, unknown>> {
  if (folder === undefined) return {};
  const { license } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  if (typeof license !== "string") return {};
  return {
    licenses: [/[ ()]/.test(license) ? { expression: license } : { license: { id: license } }],
  };
}
