/**
 * A registry on loopback that has this package as `deno publish` would write it, and the packages of `@std` that it
 * imports: out of a git directory of denoland/std that `NETWRIGHT_STD` names, else the files that stand in for them.
 *
 * @module
 */

import { ROOT } from "./netwright.ts";

/** A package: its version, its exports, and its files by their paths. */
interface Package {
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

const encoder = new TextEncoder();

/** Where the registry is; disposing of it ends it. */
export interface JsrRegistry extends AsyncDisposable {
  /** For `JSR_URL`. */
  readonly url: string;
  /** Whether `@std` is the real one. */
  readonly hasStd: boolean;
}

/** Starts the registry. */
export function jsrRegistry(): JsrRegistry {
  const std = Deno.env.get("NETWRIGHT_STD");
  const packages = new Map<string, Promise<Package | undefined>>([
    ["@netwright/netwright", ownPackage()],
  ]);
  const find = (name: string): Promise<Package | undefined> => {
    let found = packages.get(name);
    if (found === undefined) {
      packages.set(name, found = std === undefined ? standIn(name) : stdPackage(std, name));
    }
    return found;
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => await answer(new URL(request.url).pathname, find),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    hasStd: std !== undefined,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function answer(
  path: string,
  find: (name: string) => Promise<Package | undefined>,
): Promise<Response> {
  const [, name = "", rest = ""] = /^\/(@[\w-]+\/[\w-]+)\/(.*)$/.exec(path) ?? [];
  const found = await find(name);
  if (found === undefined) return new Response(null, { status: 404 });
  const { version, exports, files } = found;
  if (rest === "meta.json") {
    return Response.json({ latest: version, versions: { [version]: {} } });
  }
  if (rest === `${version}_meta.json`) {
    const manifest: Record<string, unknown> = {};
    for (const [file, bytes] of files) {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
      manifest[file] = { size: bytes.length, checksum: `sha256-${digest}` };
    }
    return Response.json({ manifest, exports });
  }
  const bytes = files.get(rest.slice(version.length));
  if (bytes === undefined) return new Response(null, { status: 404 });
  const type = rest.endsWith(".json") ? "application/json" : "text/typescript";
  return new Response(bytes, { headers: { "content-type": type } });
}

/** Replaces names of the import map in imports, exports and `import()`. */
function rewrite(text: string, specifier: (name: string) => string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text.replaceAll(
    /(\bfrom\s*|\bimport\s*\(?\s*)(["'])([@a-zA-Z][^"'\n]*)\2/g,
    (_, before, quote, name) => `${before}${quote}${specifier(name)}${quote}`,
  ));
}

async function ownPackage(): Promise<Package> {
  const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const imports: readonly [string, string][] = Object.entries(config.imports);
  const own = (name: string): string => {
    const [known, target] =
      imports.find(([known]) => name === known || name.startsWith(`${known}/`)) ??
        ["", ""];
    if (known !== "") return target + name.slice(known.length);
    return name.startsWith(config.name)
      ? `jsr:${config.name}@${config.version}${name.slice(config.name.length)}`
      : name;
  };
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const path of await publishedFiles()) {
    const text = await Deno.readTextFile(ROOT + path);
    files.set(`/${path}`, path.endsWith(".ts") ? rewrite(text, own) : encoder.encode(text));
  }
  return { version: config.version, exports: config.exports, files };
}

/** The files that `deno publish` would send. */
async function publishedFiles(): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const prefix = new URL(`file://${ROOT}`).href;
  const files = [...text.matchAll(/^ +(file:\S+) \([\d.]+\w*B\)$/gm)]
    .map(([, url]) => decodeURIComponent(url!.slice(prefix.length)));
  if (!success || files.length === 0) throw new Error(text);
  return files;
}

/** Files of scripts/offline as a package. */
async function standIn(name: string): Promise<Package | undefined> {
  const folder = `${ROOT}scripts/offline`;
  const { imports } = JSON.parse(await Deno.readTextFile(`${folder}/import_map.json`));
  const exports: Record<string, string> = {};
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [known, target] of Object.entries(imports as Record<string, string>)) {
    if (known !== name && !known.startsWith(`${name}/`)) continue;
    exports[`.${known.slice(name.length)}`] = target;
    const text = await Deno.readTextFile(`${folder}/${target}`);
    files.set(target.slice(1), rewrite(text, (one) => imports[one] ?? one));
  }
  return files.size === 0 ? undefined : { version: "1.0.0", exports, files };
}

/** A package of a git directory of denoland/std. */
async function stdPackage(git: string, name: string): Promise<Package | undefined> {
  const show = async (...args: string[]): Promise<string> => {
    const { success, stdout } = await new Deno.Command("git", { args: ["-C", git, ...args] })
      .output();
    return success ? new TextDecoder().decode(stdout) : "";
  };
  const folder = name.replace("@std/", "").replaceAll("-", "_");
  const config = await show("show", `HEAD:${folder}/deno.json`);
  if (config === "") return undefined;
  const { version, exports } = JSON.parse(config);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const paths = (await show("ls-tree", "-r", "--name-only", "HEAD", `${folder}/`)).split("\n");
  for (const path of paths.filter((one) => /(?<!_test)\.(?:ts|json)$/.test(one))) {
    const text = await show("show", `HEAD:${path}`);
    const std = (one: string): string =>
      one.startsWith("@std/") ? `jsr:${one.replace(/^@std\/[\w-]+/, "$&@^1")}` : one;
    files.set(path.slice(folder.length), rewrite(text, std));
  }
  return { version, exports: typeof exports === "string" ? { ".": exports } : exports, files };
}
